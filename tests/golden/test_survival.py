"""The survival of synapses by age that a run records is that of its event log, and finds the hazard that is said."""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

EVERY_MS, AGES_MS = 100, (500, 2000, 5000)
SCENARIO = """
rewire: 1
title: synapses that form all the time and are lost by chance
time: {step: 1 ms, until: 12 s}
populations: {a: {model: lif_cond, count: 200}}
projections:
  - {name: p, from: a, to: a, connect: {rule: fixed_indegree, n: 10}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1},
     rewire: {loss: {rate: 0.4 /s}}}
growth:
  - {on: a.axon, model: constant, nu: 0.01 /ms}
  - {on: a.dendrite_exc, model: constant, nu: 0.01 /ms}
structure: {every: 100 ms, vacant_decay: 0}
lesions: [{at: 9.05 s, on: a, what: cells, targets: {first: 20}}]
record: {spikes: none, series: {every: 1 s}, survival: [500 ms, 2 s, 5 s]}
"""


class Survival(Case):
    def simulate(self, name, *words):
        path = self.path("scenario.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SCENARIO)
        self.works("run", path, "-o", self.path(name), "--quiet", *words)
        with h5py.File(os.path.join(self.path(name), "series.h5")) as file:
            group = file["projections/p/survival"]
            numpy.testing.assert_array_equal(group.attrs["ages_ms"], AGES_MS)
            return {key: group[key][:] for key in group}

    def lives(self, name):
        """Birth and death of each synapse in ms, nan for the first ones and for those that live; by the log."""
        with h5py.File(os.path.join(self.path(name), "edge_events.h5")) as file:
            group = file["edge_events/p"]
            step, kind, uid = group["step"][:], group["kind"][:], group["uid"][:]
        births = dict(zip(uid[kind == 0], step[kind == 0]))
        deaths = dict(zip(uid[kind == 1], step[kind == 1]))
        return [(births.get(key, numpy.nan), deaths.get(key, numpy.nan)) for key in set(births) | set(deaths)]

    def test_it_is_the_survival_in_the_event_log(self):
        survival = self.simulate("run", "--threads", "2")
        birth, death = numpy.array(self.lives("run"), dtype=float).T
        formed = ~numpy.isnan(birth)
        first = 200 * 10
        edges = numpy.array((0,) + AGES_MS + (numpy.inf,))
        for k, now in enumerate(range(0, 12001, 1000)):
            alive = formed & (birth <= now) & ~(death <= now)
            numpy.testing.assert_array_equal(survival["alive"][k], numpy.histogram(now - birth[alive], edges)[0])
            self.assertAlmostEqual(survival["first"][k], 1 - (~formed & (death <= now)).sum() / first)
            gone = formed & (death > now - 1000) & (death <= now)
            # the age to the end of the interval before, as it vanishes at the end of one
            age = (numpy.ceil(death[gone] / EVERY_MS) - 1) * EVERY_MS - birth[gone]
            numpy.testing.assert_array_equal(survival["vanished"][k], numpy.histogram(age, edges)[0])
        self.assertGreater(survival["vanished"].sum(), 5000)

    def test_a_branch_may_be_the_first_to_ask_and_follows_what_forms_in_it(self):
        path = self.path("scenario.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SCENARIO)
        self.works("run", path, "-o", self.path("parent"), "--quiet", "--set", "record.survival=[]", "--set",
                   "checkpoint.at=[5 s]")
        self.works("branch", self.path("parent"), "--at", "5 s", "-o", self.path("branch"), "--quiet", "--set",
                   "record.survival=[500 ms, 2 s, 5 s]")
        with h5py.File(self.path("branch/series.h5")) as file:
            synapses, group = file["projections/p/synapses"][:], file["projections/p/survival"]
            first = group["first"][:] * synapses[0]
            numpy.testing.assert_allclose(group["alive"][:].sum(axis=1) + first, synapses)
            self.assertEqual(group["first"][0], 1.0)
            self.assertLess(group["first"][-1], 0.2)

    def shift_uids(self, name):
        """Makes every source 2^21 cells later in the snapshots' uids; returns the share of synapses that survive."""
        uids = []
        for file in sorted(glob.glob(self.path(name, "edges", "*.h5"))):
            with h5py.File(file, "r+") as opened:
                uid = opened["edges/p/0/synapse_uid"]
                uids.append(uid[:])
                uid[:] = uid[:] + numpy.uint64(2**21 << 32)
        return numpy.isin(uids[0], uids[1]).mean()

    def test_the_outcome_is_exact_for_uids_that_no_double_holds(self):
        """The upper half of a uid is the number of the source: from cell 2^21 on, uids are above 2^53."""
        self.simulate("run", "--set", "record.snapshots.every=12 s")
        self.simulate("spared", "--set", "record.snapshots.every=12 s", "--set", "lesions=[]")
        expected = [self.shift_uids("run"), self.shift_uids("spared")]
        self.assertGreater(expected[0], 0.0)
        done = self.works("compare", *(f"{run}={self.path(run)}" for run in ("run", "spared")), "--measure", "survival.p",
                          "-o", self.path("compared"), "--json")
        effect = json.loads(done.stdout)["effects"][0]
        numpy.testing.assert_array_equal([effect["mean_reference"], effect["mean"]], expected)

    def test_the_fraction_is_that_of_the_hazard(self):
        fraction = self.simulate("run", "--set", "lesions=[]")["fraction"][-1]
        numpy.testing.assert_allclose(fraction, numpy.exp(-0.4e-3 * numpy.array(AGES_MS)), rtol=0.05)


if __name__ == "__main__":
    main()
