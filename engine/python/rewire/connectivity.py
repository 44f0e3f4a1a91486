"""The synapses of a run at any time: the last snapshot before it, and the log of what formed and vanished since."""
import json
import os

import h5py
import numpy as np

from .errors import InputError, SystemError


class Connectivity:
    """Reads edges/ and edge_events.h5 of a result. Times are steps of the network."""

    def __init__(self, directory: str):
        self.directory = directory
        path = os.path.join(directory, "edges", "series.json")
        if not os.path.exists(path):
            raise InputError(f"{directory}: has no snapshots of the connectivity; set record.snapshots in the scenario")
        with open(path, encoding="utf-8") as file:
            self.snapshots = json.load(file)["snapshots"]

    def snapshot_before(self, projection: str, step: float) -> dict:
        """The last snapshot at or before a step that holds the projection.

        Raises InputError if there is no such projection, or no snapshot so early."""
        holding = [s for s in self.snapshots if projection in s["projections"]]
        if not holding:
            names = sorted({name for s in self.snapshots for name in s["projections"]})
            raise InputError(f"there is no projection '{projection}'; there are {', '.join(names)}")
        earlier = [s for s in holding if s["step"] <= step]
        if not earlier:
            raise InputError(f"no snapshot is so early: the first is at {holding[0]['time_ms']:g} ms")
        return earlier[-1]

    def files_at(self, step: float) -> dict:
        """The files in edges/ that hold the synapses of a snapshot, each with its projections: of the last snapshot at or before the
        step, or, for projections that never change, of the one before that holds them."""
        files = {}
        for projection in sorted({name for s in self.snapshots for name in s["projections"]}):
            files.setdefault(self.snapshot_before(projection, step)["file"], []).append(projection)
        return files

    def populations(self, projection: str) -> tuple[str, str]:
        """Names of the source and the target population."""
        snapshot = self.snapshot_before(projection, np.inf)
        with h5py.File(os.path.join(self.directory, "edges", snapshot["file"])) as file:
            group = file["edges"][projection]
            return tuple(str(group[f"{side}_node_id"].attrs["node_population"]) for side in ("source", "target"))

    def at(self, projection: str, step: float) -> dict:
        """Columns uid, source, target, weight and delay of the synapses after the updates of the steps up to `step`, ascending by
        (target, source, uid), and the units of weight and delay."""
        snapshot = self.snapshot_before(projection, step)
        columns, units = self._read_snapshot(snapshot, projection)
        events = self._events(projection)
        if events is not None:
            begin = snapshot["projections"][projection]["event_offset"]
            end = begin + int(np.searchsorted(events["step"][begin:], step, side="right"))
            columns = _replay(columns, {name: values[begin:end] for name, values in events.items()})
        order = np.lexsort((columns["uid"], columns["source"], columns["target"]))
        return {name: values[order] for name, values in columns.items()}, units

    def _read_snapshot(self, snapshot: dict, projection: str):
        path = os.path.join(self.directory, "edges", snapshot["file"])
        try:
            with h5py.File(path) as file:
                edges = file["edges"][projection]
                group = edges["0"]
                columns = {"uid": group["synapse_uid"][()], "source": edges["source_node_id"][()],
                           "target": edges["target_node_id"][()], "weight": group["syn_weight"][()],
                           "delay": group["delay"][()]}
                units = {name: str(group[column].attrs["units"]) for name, column in
                         (("weight", "syn_weight"), ("delay", "delay"))}
        except (OSError, KeyError) as error:
            raise SystemError(f"{path}: cannot be read: {error}") from error
        return columns, units

    def _events(self, projection: str):
        path = os.path.join(self.directory, "edge_events.h5")
        if not os.path.exists(path):
            return None
        with h5py.File(path) as file:
            group = file["edge_events"].get(projection)
            if group is None:
                return None
            names = {"step": "step", "kind": "kind", "uid": "uid", "source": "source", "target": "target",
                     "weight": "syn_weight", "delay": "delay"}
            columns = {name: group[column][()] for name, column in names.items()}
            columns["created"] = columns.pop("kind") == h5py.check_enum_dtype(group["kind"].dtype)["create"]
            return columns


def _replay(columns: dict, events: dict) -> dict:
    """The synapses after the events. A uid belongs to one synapse for the whole run, so the order inside the log does not matter:
    what was deleted is gone, what was created and not deleted is there."""
    created = events["created"]
    deleted = events["uid"][~created]
    joined = {name: np.concatenate([values, events[name][created].astype(values.dtype)]) for name, values in columns.items()}
    left = ~np.isin(joined["uid"], deleted)
    return {name: values[left] for name, values in joined.items()}
