"""The figure of a page of the validation book: where each comparison lies within its bounds."""
import math

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

plt.rcParams.update({"svg.hashsalt": "rewire", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
DOT, LINE, BAND = "#1f5f8b", "#c44e52", "#e8eef2"
MOST_DOTS = 400


def clipped(deviation):
    return max(-1.5, min(1.5, deviation))


def thinned(comparisons):
    """At most MOST_DOTS of them: of neighbours, the farthest from the reference."""
    size = math.ceil(len(comparisons) / MOST_DOTS)
    return [max(comparisons[k:k + size], key=lambda c: abs(c.deviation)) for k in range(0, len(comparisons), size)]


def draw_named(axes, comparisons):
    """A row for each number, with its name."""
    rows = range(len(comparisons))
    axes.axvspan(-1, 1, color=BAND, lw=0)
    axes.axvline(0, color=LINE, lw=1)
    axes.scatter([clipped(c.deviation) for c in comparisons], rows, s=22, color=[DOT if c.holds else "red" for c in comparisons], zorder=3)
    axes.set_yticks(list(rows), [c.what for c in comparisons])
    axes.set(ylim=(len(comparisons) - 0.5, -0.5), xlim=(-1.6, 1.6), xlabel="place between the bounds (0: middle, \u00b11: bounds)")


def draw_numbered(axes, comparisons):
    shown = thinned(comparisons)
    axes.axhspan(-1, 1, color=BAND, lw=0)
    axes.axhline(0, color=LINE, lw=1)
    axes.scatter(range(len(shown)), [clipped(c.deviation) for c in shown], s=12, color=[DOT if c.holds else "red" for c in shown], zorder=3)
    axes.set(ylim=(-1.6, 1.6), xlabel="comparison", ylabel="deviation / tolerance")


def draw_curve(axes, comparisons, title):
    shown = comparisons[:200]
    axes.plot(range(len(shown)), [c.reference for c in shown], color=LINE, lw=1, label="reference")
    axes.scatter(range(len(shown)), [c.value for c in shown], s=14, color=DOT, label="rewire", zorder=3)
    axes.set_title(title.replace("_", " "), loc="left", fontsize=9)
    axes.set(ylabel="value", xlabel="comparison")
    axes.legend(frameon=False)


def draw(comparisons, curve, path):
    """Draws them to `path` (SVG)."""
    named = [c for c in comparisons if c.what]
    of_curve = [c for c in comparisons if curve is not None and c.test == curve]
    if named:
        figure, axes = plt.subplots(figsize=(7.5, 1.1 + 0.26 * len(named)), layout="constrained")
        draw_named(axes, named)
    else:
        figure, all_axes = plt.subplots(1 + bool(of_curve), 1, figsize=(7.5, 3 + 2.5 * bool(of_curve)), layout="constrained", squeeze=False)
        if of_curve:
            draw_curve(all_axes[0][0], of_curve, curve)
        draw_numbered(all_axes[-1][0], comparisons)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
