"""Figures of a result with matplotlib, in the colours of the report."""
import numpy as np

from .times import axis

# As in the report (engine/study/report/palette.c).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


class Plot:
    """Each function draws into `ax` (a new figure if there is none) and returns it. Axes are labelled with units; time is biological
    time in its most legible unit."""

    def __init__(self, result):
        self._result = result

    def rates(self, ax=None):
        """Mean rates of the populations, Hz."""
        return self._lines([(name, f"populations/{name}/rate") for name in self._result.populations], "mean rate (Hz)", ax)

    def synapses(self, ax=None, relative: bool = False):
        """Synapses of the projections that change; relative: to their number at the first sample."""
        names = [name.split("/")[1] for name in self._names() if name.startswith("projections/") and name.endswith("/synapses")]
        changing = [name for name in names if np.ptp(self._values(f"projections/{name}/synapses")) > 0] or names
        return self._lines([(name, f"projections/{name}/synapses") for name in changing],
                           "synapses / initial" if relative else "synapses", ax, relative)

    def drug(self, name: str, ax=None):
        """The level of a drug at the receptor."""
        return self.series([f"drugs/{name}/level"], ax)

    def series(self, names: list, ax=None):
        """Any series by name. Those in one figure should have one unit, which the axis bears."""
        unit = self._units(names[0])
        label = "" if unit in ("1", "") else f"({unit})"
        if len(names) == 1:
            label = f"{names[0].rsplit('/', 1)[-1]} {label}".strip()
        return self._lines([(name, name) for name in names], label, ax)

    def raster(self, population: str, from_ms: float = 0.0, until_ms: float | None = None, cells: int = 200, ax=None):
        """Spikes of the first cells of a population against time of the network."""
        spikes = self._result.spikes(population)
        times, ids = np.asarray(spikes["time_ms"]), np.asarray(spikes["id"])
        until_ms = until_ms if until_ms is not None else min(from_ms + 1000.0, float(times.max(initial=from_ms + 1.0)))
        shown = (times >= from_ms) & (times < until_ms) & (ids < cells)
        ax = _axes(ax)
        ax.plot(times[shown], ids[shown], "|", color=COLOURS[0], markersize=3)
        ax.set(xlabel="time of the network (ms)", ylabel=f"cell of {population}", xlim=(from_ms, until_ms))
        return ax

    def weights(self, projection: str, at=None, ax=None):
        """Distribution of the synaptic weights of a projection at a time."""
        synapses = self._result.synapse_table(projection, at)
        ax = _axes(ax)
        ax.hist(np.asarray(synapses["weight"]), bins=60, color=COLOURS[0])
        ax.set(xlabel=f"weight of {projection} ({self._weight_unit(synapses)})", ylabel="synapses")
        return ax

    @staticmethod
    def _weight_unit(synapses) -> str:
        if hasattr(synapses, "attrs"):
            return synapses.attrs["units"]["weight"]
        return synapses.dtype["weight"].metadata["units"]

    def _names(self) -> list:
        series = self._result.series
        return list(getattr(series, "data_vars", None) or getattr(series, "columns", None) or series.dtype.names)

    def _values(self, name: str) -> np.ndarray:
        return np.asarray(self._result.series[name])

    def _units(self, name: str) -> str:
        series = self._result.series
        if hasattr(series, "data_vars"):
            return series[name].attrs["units"]
        return series.attrs["units"][name] if hasattr(series, "columns") else series.dtype[name].metadata["units"]

    def _lines(self, labelled: list, ylabel: str, ax, relative: bool = False):
        time = self._values("time")
        per_unit, unit = axis(float(time.max(initial=1.0)))
        ax = _axes(ax)
        for k, (label, name) in enumerate(labelled):
            values = self._values(name)
            values = values / values[0] if relative else values
            ax.plot(time / per_unit, values, label=label, color=COLOURS[k % len(COLOURS)], linewidth=1.5)
        ax.set(xlabel=f"time ({unit})", ylabel=ylabel, xlim=(0.0, max(float(time.max(initial=0.0)) / per_unit, 1e-9)))
        if len(labelled) > 1:
            ax.legend(frameon=False)
        return ax


def _axes(ax):
    if ax is None:
        from matplotlib import pyplot
        _, ax = pyplot.subplots(figsize=(7.0, 3.5), layout="constrained")
        ax.spines[["top", "right"]].set_visible(False)
    return ax
