"""The log of edge events, applied to one snapshot, gives the next one exactly."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

# Two projections compete for the axons of one population; a dense start and a low target make synapses go and come.
SCENARIO = """
rewire: 1
seed: 11
time: {step: 0.1 ms, until: 1500 ms}
space: {size: [400 um, 400 um], periodic: true}
populations:
  exc: {model: lif_psc_exp, count: 60, set: {I_e: {uniform: [300 pA, 500 pA]}}}
  inh: {model: lif_psc_exp, count: 15, set: {I_e: {uniform: [300 pA, 500 pA]}}}
projections:
  - {name: ee, from: exc, to: exc, connect: {rule: pairwise_bernoulli, p: 0.1}, weight: {uniform: [5 pA, 25 pA]}, delay: 2.5 ms, receptors: {exc: 1}, rewire: {kernel: gaussian, sigma: 150 um}}
  - {name: ei, from: exc, to: inh, connect: {rule: fixed_indegree, n: 5}, weight: 15 pA, delay: 1 ms, receptors: {exc: 1}, rewire: {}}
  - {name: ie, from: inh, to: exc, connect: {rule: fixed_indegree, n: 3}, weight: -40 pA, delay: 1 ms, receptors: {inh: 1}}
  - {name: ii, from: inh, to: inh, connect: {rule: fixed_outdegree, n: 6}, weight: {uniform: [-5 pA, -1 pA]}, delay: {uniform: [1 ms, 2 ms]}, receptors: {inh: 1}}
growth:
  - {on: exc.axon, model: linear, target: 25 Hz, nu: 0.004 /ms}
  - {on: exc.dendrite_exc, model: linear, target: 25 Hz, nu: 0.004 /ms}
  - {on: inh.dendrite_exc, model: linear, target: 25 Hz, nu: 0.004 /ms}
structure: {every: 20 ms, growth_every: 10 ms, tau_Ca: 100 ms, beta_Ca: 0.1}
lesions:
  - {at: 730 ms, on: exc, what: cells, targets: {first: 5}}
  - {at: 1 s, on: inh, what: incoming, targets: {fraction: 0.4}}
  - {at: 1.1 s, on: inh, what: incoming, projections: [ii], fraction: 0.5}
record:
  snapshots: {every: 300 ms}
  series: {every: 100 ms}
"""

CREATE, DELETE = 0, 1


def read_edges(path, projection):
    """{uid: (source, target, weight, delay)} of a snapshot."""
    with h5py.File(path) as file:
        group = file["edges"][projection]
        columns = [group[key][()].tolist() for key in ("0/synapse_uid", "source_node_id", "target_node_id",
                                                       "0/syn_weight", "0/delay")]
    return {uid: tuple(rest) for uid, *rest in zip(*columns)}


def read_events(directory, projection):
    with h5py.File(os.path.join(directory, "edge_events.h5")) as file:
        group = file["edge_events"][projection]
        kinds = h5py.check_enum_dtype(group["kind"].dtype)
        assert kinds == {"create": CREATE, "delete": DELETE}, kinds
        columns = [group[key][()].tolist() for key in ("step", "kind", "uid", "source", "target", "syn_weight", "delay")]
    return list(zip(*columns))


class Replay(Case):
    def setUp(self):
        super().setUp()
        self.directory = self.path("run")
        self.works("run", self.write("scenario.yaml", SCENARIO), "-o", self.directory, "--quiet", "--threads", 1)
        with open(os.path.join(self.directory, "edges", "series.json"), encoding="utf-8") as file:
            self.snapshots = json.load(file)["snapshots"]

    def snapshot(self, index, projection):
        return read_edges(os.path.join(self.directory, "edges", self.snapshots[index]["file"]), projection)

    def test_events_lead_from_each_snapshot_to_the_next(self):
        self.assertEqual([s["step"] for s in self.snapshots], [0, 3000, 6000, 9000, 12000, 15000])
        for projection in ("ee", "ei", "ii"):
            events = read_events(self.directory, projection)
            kinds = {CREATE, DELETE} if projection != "ii" else {DELETE}  # what does not rewire can only be cut
            self.assertEqual({event[1] for event in events}, kinds, "the scenario must do both")
            edges = self.snapshot(0, projection)
            ever = set(edges)
            for index in range(1, len(self.snapshots)):
                before, after = self.snapshots[index - 1], self.snapshots[index]
                first, last = (s["projections"][projection]["event_offset"] for s in (before, after))
                if projection != "ii" or before["step"] == 9000:
                    self.assertGreater(last, first, f"{projection}: no events before snapshot {index}")
                for step, kind, uid, *edge in events[first:last]:
                    self.assertTrue(before["step"] < step <= after["step"], f"event of step {step}")
                    if kind == CREATE:
                        self.assertNotIn(uid, ever, "a uid is used again")
                        ever.add(uid)
                        edges[uid] = tuple(edge)
                    else:
                        self.assertEqual(edges.pop(uid), tuple(edge), "a synapse vanishes that was another one")
                self.assertEqual(edges, self.snapshot(index, projection), f"{projection}: snapshot {index}")
            self.assertEqual(last, len(events), f"{projection}: events after the last snapshot")

    def test_projections_without_rewiring_stay_and_have_no_log(self):
        for index in range(1, len(self.snapshots)):
            self.assertEqual(self.snapshot(0, "ie"), self.snapshot(index, "ie"))
        with h5py.File(os.path.join(self.directory, "edge_events.h5")) as file:
            self.assertEqual(sorted(file["edge_events"]), ["ee", "ei", "ii"])

    def test_the_series_counts_the_same_events(self):
        with h5py.File(os.path.join(self.directory, "series.h5")) as file:
            time = file["time"][()]
            numpy.testing.assert_allclose(time, numpy.arange(16) * 100.0)
            for projection in ("ee", "ei", "ii"):
                events = read_events(self.directory, projection)
                group = file["projections"][projection]
                for name, kind in (("created", CREATE), ("deleted", DELETE)):
                    steps = [event[0] * 0.1 for event in events if event[1] == kind]
                    counts = numpy.histogram(steps, bins=time + 0.05)[0]
                    numpy.testing.assert_array_equal(group[name][1:], counts)
                synapses = group["synapses"][()].astype(float)
                changes = group["created"][()].astype(float) + group["deleted"]
                numpy.testing.assert_array_equal(numpy.diff(synapses), group["created"][1:].astype(float) -
                                                 group["deleted"][1:])
                numpy.testing.assert_allclose(group["turnover"][1:], changes[1:] / (synapses[1:] + synapses[:-1]))
                self.assertTrue(numpy.isnan(group["turnover"][0]))
                for index, snapshot in enumerate(self.snapshots):
                    weights = [edge[2] for edge in self.snapshot(index, projection).values()]
                    at = int(snapshot["step"] * 0.1 / 100)
                    self.assertEqual(len(weights), synapses[at])
                    self.assertAlmostEqual(group["mean_weight"][at], numpy.mean(weights), places=10)

    def test_the_series_counts_the_spikes(self):
        with h5py.File(os.path.join(self.directory, "series.h5")) as series, \
                h5py.File(os.path.join(self.directory, "spikes.h5")) as spikes:
            for population, count in (("exc", 60), ("inh", 15)):
                times = spikes["spikes"][population]["timestamps"][()]
                counts = numpy.histogram(times, bins=series["time"][()] + 0.05)[0]
                rates = series["populations"][population]["rate"][()]
                numpy.testing.assert_allclose(rates[1:], counts / (count * 0.1))
                self.assertTrue(numpy.isnan(rates[0]))


if __name__ == "__main__":
    main()
