"""The result of one run."""
import functools
import json
import os

import h5py
import numpy as np

from . import scenarios
from .connectivity import Connectivity
from .errors import InputError
from .plot import Plot
from .tables import table, text_of, units_of
from .times import Time, milliseconds


class Result:
    """The directory that `rewire run -o` wrote, read only.

    Files are opened when something is asked for, and closed again. Times are in ms unless said otherwise: spikes and reports in
    time of the network, everything else in biological time, which differs where the scenario has a clock (`time.clock`)."""

    def __init__(self, directory: str | os.PathLike):
        self.directory = os.fspath(directory)
        path = self._path("run.json")
        try:
            with open(path, encoding="utf-8") as file:
                self.run_info = json.load(file)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); name a directory that `rewire run -o` wrote") from error
        except ValueError as error:
            raise InputError(f"{path}: is not JSON ({error}); the run has to be made again") from error

    def __repr__(self) -> str:
        return f"<rewire result {self.directory!r}: {self.title}, {self.status}>"

    @property
    def title(self) -> str:
        """The scenario's title, or the name of the directory."""
        return self.run_info.get("title") or os.path.basename(os.path.abspath(self.directory))

    @property
    def status(self) -> str:
        """done, running, interrupted or failed."""
        return self.run_info["status"]

    @functools.cached_property
    def scenario(self) -> dict:
        """The resolved scenario, with every default, as `rewire check` prints it; values with a unit are texts. Needs yaml."""
        return scenarios.read(self._path("scenario.yaml"))

    @functools.cached_property
    def populations(self) -> dict:
        """The number of cells of each population, in the scenario's order."""
        return {name: int(spec["count"]) for name, spec in self.scenario["populations"].items()}

    # --- cells ------------------------------------------------------------------------------------------------------------

    def cells(self, population: str):
        """A table with a row for each cell of a population: its position (x, y, z in um, where cells have one), the parameters and
        initial values of its model, and elements at the start."""
        columns, units = {}, {}
        with h5py.File(self._path("nodes.h5")) as file:
            group = self._member(file["nodes"], population, "population")
            columns["id"] = group["node_id"][()]

            def add(name, item):
                if isinstance(item, h5py.Dataset) and item.ndim == 1:
                    short = name.removeprefix("dynamics_params/")
                    columns[short], units[short] = item[()], units_of(item)

            if "0" in group:
                group["0"].visititems(add)
        return table(columns, units)

    def spikes(self, population: str):
        """A table of a population's spikes, ascending in time: time_ms of the network and id of the cell."""
        with h5py.File(self._path("spikes.h5", "spikes", "record.spikes")) as file:
            group = self._member(file["spikes"], population, "population with recorded spikes")
            times, ids = group["timestamps"][()], group["node_ids"][()]
        return table({"time_ms": times, "id": ids}, {"time_ms": "ms", "id": "1"})

    def spike_trains(self, population: str) -> list:
        """A neo.SpikeTrain for each cell of a population. Needs neo."""
        import neo
        spikes = self.spikes(population)
        times, ids = np.asarray(spikes["time_ms"]), np.asarray(spikes["id"])
        order = np.argsort(ids, kind="stable")
        count = self.populations[population]
        bounds = np.searchsorted(ids[order], np.arange(count + 1))
        end = self.run_info["step_reached"] * self.run_info["step_ms"]
        return [neo.SpikeTrain(times[order[bounds[i]:bounds[i + 1]]], units="ms", t_stop=end, name=f"{population} {i}")
                for i in range(count)]

    # --- series -----------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def series(self):
        """All recorded series against their time in ms: an xarray.Dataset where xarray is installed, else a table with a column
        time. Names are those of series.h5, such as "populations/pyr/rate"; `rewire models series` lists and explains them. Units
        and descriptions are in the attributes of each variable."""
        columns, units, descriptions = self._read_series()
        try:
            import xarray
        except ImportError:
            return table(columns, units)
        time = xarray.Variable("time", columns.pop("time"), {"units": units["time"], "description": descriptions["time"]})
        variables = {name: ("time", values, {"units": units[name], "description": descriptions[name]})
                     for name, values in columns.items()}
        return xarray.Dataset(variables, coords={"time": time}, attrs={"title": self.title})

    def _read_series(self):
        columns, units, descriptions = {}, {}, {}
        with h5py.File(self._path("series.h5", "series", "record.series")) as file:
            n = len(file["time"])

            def add(name, item):
                coordinates = "CLASS" in item.attrs and name != "time"  # of others, such as bins of distance
                if isinstance(item, h5py.Dataset) and item.shape == (n,) and not coordinates:
                    columns[name], units[name] = item[()], units_of(item)
                    descriptions[name] = text_of(item.attrs.get("description", ""))

            file.visititems(add)
        return columns, units, descriptions

    def drug(self, name: str):
        """The series of one drug, as a table: time and what series.h5 has under drugs/NAME (levels, occupancies)."""
        columns, units, _ = self._read_series()
        prefix = f"drugs/{name}/"
        chosen = {column[len(prefix):]: values for column, values in columns.items() if column.startswith(prefix)}
        if not chosen:
            drugs = sorted({column.split("/")[1] for column in columns if column.startswith("drugs/")})
            raise InputError(f"{self.directory}: no series of a drug '{name}'; there are {', '.join(drugs) or 'none'}")
        return table({"time": columns["time"], **chosen},
                     {"time": units["time"], **{column: units[prefix + column] for column in chosen}})

    def report(self, variable: str, population: str | None = None):
        """A recorded variable of single cells (record.reports), such as V_m: (time_ms [n], ids [cells], values [n, cells], unit).
        The population may be left out if only one is in the report."""
        with h5py.File(self._path(os.path.join("reports", f"{variable}.h5"), f"the report {variable}", "record.reports")) as file:
            group = file["report"]
            if population is None and len(group) != 1:
                raise InputError(f"the report {variable} has the populations {', '.join(group)}; name one")
            group = self._member(group, population or next(iter(group)), "population in the report")
            begin, end, step = group["mapping/time"][()]
            data = group["data"]
            times = begin + step * np.arange(data.shape[0])
            return times, group["mapping/node_ids"][()], data[()], units_of(data)

    # --- connectivity -----------------------------------------------------------------------------------------------------

    @functools.cached_property
    def _connectivity(self) -> Connectivity:
        return Connectivity(self.directory)

    @property
    def projections(self) -> list:
        """Names of the projections of which snapshots exist."""
        return list(self._connectivity.snapshots[-1]["projections"])

    @property
    def snapshot_times(self) -> np.ndarray:
        """Times of the snapshots, ms."""
        return np.array([s["time_ms"] for s in self._connectivity.snapshots])

    def synapse_table(self, projection: str, at: Time | None = None):
        """The synapses of a projection at a time (ms, or a text such as "5.5 d"; None: the end) as a table: uid, source, target,
        weight, delay. Weights are those at the last snapshot or at the synapse's birth: plasticity in between is not in the log."""
        columns, units = self._connectivity.at(projection, self._step_of(at))
        return table(columns, {**{name: "1" for name in ("uid", "source", "target")}, **units})

    def synapses(self, projection: str, at: Time | None = None):
        """The same as a matrix of weights: scipy.sparse.csr_matrix [sources x targets]; several synapses of a pair are added.
        Needs scipy."""
        from scipy import sparse
        columns, _ = self._connectivity.at(projection, self._step_of(at))
        shape = tuple(self.populations[name] for name in self._connectivity.populations(projection))
        return sparse.csr_matrix((columns["weight"], (columns["source"].astype(np.int64), columns["target"].astype(np.int64))),
                                 shape=shape)

    def write_circuit(self, path: str | os.PathLike, at: Time | None = None) -> None:
        """Writes a SONATA circuit_config.json of the cells and the synapses of a snapshot, from which other simulators start: the last
        snapshot at or before a time (ms, or a text such as "5.5 d"; None: the end). circuit_config.json of the result itself is that
        of the first snapshot."""
        with open(self._path("circuit_config.json"), encoding="utf-8") as file:
            config = json.load(file)
        folder = os.path.relpath(self.directory, os.path.dirname(os.path.abspath(path)))
        config["manifest"]["$BASE_DIR"] = folder
        config["networks"]["edges"] = [
            {"edges_file": f"$BASE_DIR/edges/{name}", "edge_types_file": "$BASE_DIR/edge_types.csv",
             "populations": {projection: {"type": "chemical"} for projection in projections}}
            for name, projections in self._connectivity.files_at(self._step_of(at)).items()]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file, indent=2)
            file.write("\n")

    @functools.cached_property
    def events(self):
        """Every synapse that formed or vanished: a table with time (ms), projection, kind, cause, uid, source, target, weight,
        delay, ascending in time."""
        parts = []
        with h5py.File(self._path("edge_events.h5", "log of synapses (edge_events.h5)", "record.snapshots")) as file:
            for name, group in file["edge_events"].items():
                parts.append(self._events_of(name, group))
        if not parts:
            raise InputError(f"{self.directory}: no projection of the scenario rewires")
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        order = np.argsort(columns["time"], kind="stable")
        return table({name: values[order] for name, values in columns.items()}, {"time": "ms", "delay": "ms"})

    def _events_of(self, projection: str, group) -> dict:
        def names(column):
            by_number = {number: word for word, number in h5py.check_enum_dtype(group[column].dtype).items()}
            return np.array([by_number[number] for number in group[column][()]], dtype=object)

        times = group["step"][()] * self.run_info["step_ms"]
        return {"time": times, "projection": np.full(len(times), projection, dtype=object), "kind": names("kind"),
                "cause": names("cause"), "uid": group["uid"][()], "source": group["source"][()], "target": group["target"][()],
                "weight": group["syn_weight"][()], "delay": group["delay"][()]}

    # --- figures ----------------------------------------------------------------------------------------------------------

    @property
    def plot(self) -> Plot:
        """Figures with matplotlib: `result.plot.rates()`."""
        return Plot(self)

    def html(self, output: str | os.PathLike | None = None) -> str:
        """Writes the report (`rewire report`) and returns the path of the page."""
        from .running import report
        return report([self.directory], output)

    # --- helpers ----------------------------------------------------------------------------------------------------------

    def _step_of(self, at: Time | None) -> float:
        if at is None:
            return np.inf
        return round(milliseconds(at) / self.run_info["step_ms"])

    def _path(self, name: str, what: str | None = None, key: str | None = None) -> str:
        path = os.path.join(self.directory, name)
        if what is not None and not os.path.exists(path):
            raise InputError(f"{self.directory}: has no {what}; set {key} in the scenario")
        return path

    def _member(self, group, name: str, what: str):
        if name not in group:
            raise InputError(f"{self.directory}: no {what} '{name}'; there are {', '.join(group) or 'none'}")
        return group[name]


