#!/usr/bin/env python3
"""Draws the picture of the first page: a shipped scenario with its dose and without, in its first week.

    rewire run configs/ketamine_iv.yaml -o out/first
    rewire run configs/ketamine_iv.yaml -o out/other --set drugs.ketamine.dose='0 mg/kg'
    python3 docs/pictures/stress_and_ketamine.py out/first out/other docs/pictures/stress_and_ketamine.svg
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine", "python"))
import matplotlib  # noqa: E402

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

import rewire  # noqa: E402

DAY_MS = 86400e3
STYLES = (("0.5 mg/kg ketamine, once, on day 3", "#1f5f8b"), ("without it", "#999999"))
plt.rcParams.update({"svg.hashsalt": "rewire", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False})


def days(series):
    return series["time"] / DAY_MS


def draw(results, path):
    figure, (synapses, level) = plt.subplots(2, 1, figsize=(7.5, 4.2), sharex=True, height_ratios=[3, 1], layout="constrained")
    stress = results[0].scenario["projections"][0]["rewire"]["stress"]
    begin, end = (rewire.milliseconds(stress[key]) / DAY_MS for key in ("from", "until"))
    synapses.axvspan(begin, end, color="#f3e3d3", lw=0)
    for result, (label, colour) in zip(results, STYLES):
        series = result.series
        number = series["projections/pyr_to_pyr/synapses"]
        synapses.plot(days(series), 100.0 * number / float(number[0]), color=colour, label=label)
    synapses.text(0.5 * (begin + end), 0.92, "stress", ha="center", color="#a0622d", transform=synapses.get_xaxis_transform())
    synapses.set(ylabel="synapses (% of the start)", title="Synapses between pyramidal cells", ylim=(74.0, 104.0))
    synapses.legend(frameon=False, loc="upper left", bbox_to_anchor=(0.42, 1.0))
    first = results[0].series
    level.plot(days(first), first["drugs/ketamine/at_receptor"], color=STYLES[0][1])
    level.set(xlabel="time (days)", ylabel="\u00b5mol/l", title="Ketamine at the receptor", xlim=(0.0, 7.0))
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    draw([rewire.open(directory) for directory in sys.argv[1:3]], sys.argv[3])
