#!/usr/bin/env python3
"""Every measure of the connectivity in series.h5 is what numpy and networkx make of the snapshots."""
import json
import math
import os
import sys
import unittest
from collections import Counter

import h5py
import networkx
import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main, rewire

SCENARIO = """
rewire: 1
title: measures
seed: 3
time: {step: 0.5 ms, until: 4 s}
space: {size: [1000 um, 600 um]}
populations:
  exc: {model: lif_psc_delta, count: 200}
  inh: {model: lif_psc_delta, count: 60}
projections:
  - {name: e_e, from: exc, to: exc, connect: {rule: distance, p: 0.2, kernel: gaussian, sigma: 120 um, multapses: true},
     weight: {uniform: [0.1 mV, 0.5 mV]}, delay: 1 ms, receptors: {delta: 1},
     rewire: {kernel: gaussian, sigma: 150 um, loss: {rate: 0.2 Hz}}}
  - {name: e_i, from: exc, to: inh, connect: {rule: fixed_indegree, n: 20}, weight: 0.1 mV, delay: 1 ms,
     receptors: {delta: 1}, rewire: {}}
  - {name: static, from: inh, to: exc, connect: {rule: pairwise_bernoulli, p: 0.1}, weight: -0.1 mV, delay: 1 ms,
     receptors: {delta: 1}}
  - {name: again, from: exc, to: exc, connect: {rule: pairwise_bernoulli, p: 0.05}, weight: 0.01 mV, delay: 1 ms,
     receptors: {delta: 1}}
inputs:
  - {to: exc, kind: poisson, rate: 15 kHz, weight: 0.11 mV, receptors: {delta: 1}}
growth:
  - {on: exc.axon, model: linear, target: 60 Hz, nu: 3e-3 /ms}
  - {on: exc.dendrite_exc, model: linear, target: 60 Hz, nu: 3e-3 /ms}
  - {on: inh.dendrite_exc, model: linear, target: 20 Hz, nu: 1e-3 /ms}
structure: {every: 100 ms, growth_every: 10 ms, tau_Ca: 1 s}
record:
  spikes: none
  snapshots: {every: 1 s}
  series: {every: 100 ms}
  measures:
    of: [e_e, e_i, static]
    which: [turnover, returned, degrees, distances, groups, reciprocity, clustering, modularity, small_world]
    lost_since: 0.7 s
    graphs: {circuit: [static, e_i, e_e, again]}
    groups:
      a: {of: exc, targets: {first: 40}}
      b: {of: exc, targets: {ids: [50, 51, 70, 99]}}
"""
HAS_IGRAPH = json.loads(rewire("version", "--json").stdout)["igraph"] is not None
SIZE = (1000.0, 600.0)
GROUPS = {"a": range(40), "b": (50, 51, 70, 99)}
REFERENCE = 1  # the first sample not before 0.7 s


class Edges:
    """The synapses of a projection at a snapshot."""

    def __init__(self, file, name):
        group = file[f"edges/{name}"]
        self.source, self.target = (group[f"{end}_node_id"][:].astype(int) for end in ("source", "target"))
        self.uid, self.weight = group["0/synapse_uid"][:], group["0/syn_weight"][:].astype(float)
        self.pairs = list(zip(self.source.tolist(), self.target.tolist()))


class WithoutIgraph(Case):
    @unittest.skipIf(HAS_IGRAPH, "this build has igraph")
    def test_check_and_run_say_where_the_scenario_asks_for_graphs(self):
        scenario = self.write("measures.yaml", SCENARIO)
        where = rf"measures.yaml:{1 + SCENARIO[:SCENARIO.index('[turnover')].count(chr(10))}:12: record.measures.which: "
        for command in (("check",), ("run", "-o", self.path("out"))):
            self.fails(2, where + "reciprocity .* built without igraph; install", *command, scenario)
        self.assertFalse(os.path.exists(self.path("out")))
        self.works("check", scenario, "--set", "record.measures={which: [turnover, degrees]}")


@unittest.skipUnless(HAS_IGRAPH, "this build has no igraph")
class Measures(Case):
    @classmethod
    def setUpClass(cls):
        cls.result = None

    def run_once(self):
        """The result of the scenario: simulated once for all tests."""
        scenario, out = self.write("measures.yaml", SCENARIO), self.path("out")
        self.works("run", scenario, "-o", out, "--quiet", "--threads", "2")
        self.series = h5py.File(f"{out}/series.h5")
        self.addCleanup(self.series.close)
        with open(f"{out}/edges/series.json", encoding="utf-8") as file:
            self.times = [snapshot["time_ms"] for snapshot in json.load(file)["snapshots"]]
        self.edges = {name: [] for name in ("e_e", "e_i", "static", "again")}
        for ms in self.times:
            with h5py.File(f"{out}/edges/edges.t{round(ms / 0.5):012d}.h5") as file:
                for name, taken in self.edges.items():
                    taken.append(Edges(file, name))
        with h5py.File(f"{out}/nodes.h5") as nodes:
            self.places = {name: numpy.array([nodes[f"nodes/{name}/0/{axis}"][:] for axis in "xy"])
                           for name in ("exc", "inh")}

    def same(self, name, k, expected, places=9):
        self.assertAlmostEqual(self.series[f"measures/{name}"][k], expected, places, (name, k))

    def check_changes(self, name):
        for k, now in enumerate(self.edges[name]):
            if k == 0:
                for number in ("gained", "lost", "turnover"):
                    self.assertTrue(math.isnan(self.series[f"measures/{name}/{number}"][0]))
            else:
                before, after = set(self.edges[name][k - 1].uid.tolist()), set(now.uid.tolist())
                self.same(f"{name}/gained", k, len(after - before))
                self.same(f"{name}/lost", k, len(before - after))
                self.same(f"{name}/turnover", k, len(after ^ before) / (len(before) + len(after)))

    def check_returned(self, name, possible):
        """Multisets of pairs: of those lost since the reference, how many are there again under another name."""
        reference = self.edges[name][REFERENCE]
        for k, now in enumerate(self.edges[name]):
            kept, old = set(now.uid.tolist()), set(reference.uid.tolist())
            lost = Counter(p for p, uid in zip(reference.pairs, reference.uid.tolist()) if uid not in kept)
            new = Counter(p for p, uid in zip(now.pairs, now.uid.tolist()) if uid not in old)
            if k < REFERENCE:
                self.assertTrue(math.isnan(self.series[f"measures/{name}/lost_since"][k]))
                continue
            self.same(f"{name}/lost_since", k, lost.total())
            if lost:
                self.same(f"{name}/returned", k, (lost & new).total() / lost.total())
                self.same(f"{name}/returned_by_chance", k, 1 - math.exp(-new.total() / possible))
        return (lost & new).total()

    def check_degrees_and_distances(self, name, source, target):
        for k, now in enumerate(self.edges[name]):
            for kind, ids, population in (("in", now.target, target), ("out", now.source, source)):
                degree = numpy.bincount(ids, minlength=self.places[population].shape[1])
                self.same(f"{name}/{kind}_degree_mean", k, degree.mean())
                self.same(f"{name}/{kind}_degree_sd", k, degree.std())
            apart = abs(self.places[source][:, now.source] - self.places[target][:, now.target])
            apart = numpy.minimum(apart, numpy.array(SIZE)[:, None] - apart)
            um = numpy.sqrt((apart**2).sum(axis=0))
            self.same(f"{name}/distance_mean", k, um.mean(), 4)
            self.same(f"{name}/distance_sd", k, um.std(), 4)
            counts, _ = numpy.histogram(um, 20, (0, math.hypot(*SIZE) / 2))
            self.assertEqual(self.series[f"measures/{name}/distances"][k].tolist(), counts.tolist())

    def check_groups(self):
        member = numpy.full(200, 2)
        for g, name in enumerate(GROUPS):
            member[list(GROUPS[name])] = g
        names, sizes = ["a", "b", "rest"], numpy.bincount(member)
        possible = numpy.outer(sizes, sizes) - numpy.diag(sizes)
        for k, now in enumerate(self.edges["e_e"]):
            count, weight = numpy.zeros((3, 3)), numpy.zeros((3, 3))
            numpy.add.at(count, (member[now.source], member[now.target]), 1)
            numpy.add.at(weight, (member[now.source], member[now.target]), now.weight)
            for i, a in enumerate(names):
                for j, b in enumerate(names):
                    self.same(f"e_e/groups/{a}/{b}/density", k, count[i, j] / possible[i, j])
                    self.same(f"e_e/groups/{a}/{b}/weight", k, weight[i, j] / possible[i, j])
            for g, name in enumerate(GROUPS):
                edge = [(i, j) for i in range(3) for j in range(3) if (i == g) != (j == g)]
                for kind, amount in (("cohesion", count), ("strength", weight)):
                    outside = sum(amount[e] for e in edge) / sum(possible[e] for e in edge)
                    self.same(f"e_e/assemblies/{name}/{kind}", k, amount[g, g] / possible[g, g] / outside)
        inhibitory = self.edges["static"][0]
        self.same("static/groups/inh/a/density", 0, (inhibitory.target < 40).sum() / (40 * 60))

    def check_graph(self, name, n_cells, pairs_of):
        """The graph of the pairs of each snapshot, by networkx; that of Louvain is another draw."""
        for k in range(len(self.times)):
            directed = networkx.DiGraph()
            directed.add_nodes_from(range(n_cells))
            directed.add_edges_from(pairs_of(k))
            undirected = directed.to_undirected()
            self.same(f"{name}/reciprocity", k, networkx.overall_reciprocity(directed))
            self.same(f"{name}/clustering", k, networkx.average_clustering(undirected))
            ways = [n for _, reached in networkx.all_pairs_shortest_path_length(undirected) for n in reached.values() if n]
            self.same(f"{name}/path_length", k, numpy.mean(ways))
            self.same(f"{name}/joined", k, len(ways) / (n_cells * (n_cells - 1)))
            parts = networkx.community.louvain_communities(undirected, seed=k)
            found = networkx.community.modularity(undirected, parts)
            self.assertAlmostEqual(self.series[f"measures/{name}/modularity"][k], found, delta=0.03)
            density = undirected.number_of_edges() / (n_cells * (n_cells - 1) / 2)
            value = {n: self.series[f"measures/{name}/{n}"][k] for n in ("clustering_random", "path_length_random")}
            # one random graph of 200 cells: its clustering has a standard deviation of 8 %, and a long tail
            self.assertAlmostEqual(value["clustering_random"], density, delta=0.4 * density)
            self.same(f"{name}/small_world", k, networkx.average_clustering(undirected) / value["clustering_random"]
                      / (numpy.mean(ways) / value["path_length_random"]))

    def pairs_of_circuit(self, k):
        """Excitatory cells, then inhibitory ones; several pairs are there in two projections."""
        first = {"e_e": (0, 0), "e_i": (0, 200), "static": (200, 0), "again": (0, 0)}
        return [(i + first[name][0], j + first[name][1]) for name, taken in self.edges.items() for i, j in taken[k].pairs]

    def test_every_measure_is_that_of_the_snapshots(self):
        self.run_once()
        self.assertEqual(self.series["measures/time"][:].tolist(), self.times)
        self.check_changes("e_e")
        self.check_changes("static")
        self.assertGreater(self.check_returned("e_e", 200 * 199), 3)
        self.check_returned("e_i", 200 * 60)
        self.check_degrees_and_distances("e_e", "exc", "exc")
        self.check_degrees_and_distances("e_i", "exc", "inh")
        self.check_groups()
        self.check_graph("e_e", 200, lambda k: self.edges["e_e"][k].pairs)
        self.assertGreater(self.series["measures/e_e/small_world"][0], 1.5)  # a network grown by distance is one
        self.check_graph("circuit", 260, self.pairs_of_circuit)
        self.assertNotIn("gained", self.series["measures/circuit"])
        self.assertNotIn("reciprocity", self.series["measures/e_i"])  # no graph of one population

    def test_measuring_changes_nothing_of_the_run(self):
        scenario = self.write("measures.yaml", SCENARIO)
        self.works("run", scenario, "-o", self.path("with"), "--quiet", "--threads", "1")
        self.works("run", scenario, "-o", self.path("without"), "--quiet", "--threads", "1", "--set",
                   "record.measures=none")
        told = []
        for name in ("with", "without"):
            with open(self.path(name, "edges", "series.json"), encoding="utf-8") as file:
                told.append([snapshot["sha256"] for snapshot in json.load(file)["snapshots"]])
        self.assertEqual(told[0], told[1])

    def test_what_cannot_be_measured_is_refused(self):
        scenario = self.write("measures.yaml", SCENARIO)
        for setting, words in (
            ("record.measures.groups.b.targets={first: 3}", "cell 0 of exc is in a and in b"),
            ("record.measures.groups.b.targets={first: 1}", "at least two cells"),
            ("record.measures.of=e_x", "there is no projection"),
            ("record.measures.which=[reciprocty]", "did you mean"),
            ("record.measures={of: e_i, which: [modularity]}", "from a population to itself"),
            ("record.measures.graphs={e_i: [e_e]}", "choose another name"),
            ("record.measures.graphs={time: [e_e]}", "choose another name"),
            ("record.measures.graphs={all: [e_e, e_x]}", "there is no projection"),
            ("record.measures.graphs={all: []}", "at least one projection"),
            ("record.measures={which: [turnover], graphs: {all: [e_e]}}", "nothing is measured of them"),
            ("record.series=none", "series.h5"),
        ):
            with self.subTest(setting):
                self.fails(2, words, "run", scenario, "-o", self.path("bad"), "--set", setting)
                self.assertFalse(os.path.exists(self.path("bad", "series.h5")))


if __name__ == "__main__":
    main()
