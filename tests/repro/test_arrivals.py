"""Delivery by arrival gives the bits of delivery by spike, on any number of threads and ranks, and goes on from a state.

A projection is delivered by spike if a lesion will cut its synapses, because its rows can then change. So the same network
with a lesion at its end is the reference."""
import glob
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import REWIRE, Case, main, rewire  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

VERSION = json.loads(rewire("version", "--json").stdout)
ENVIRONMENT = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
               "OMPI_MCA_hwloc_base_binding_policy": "none"}

# A port gets what has one delay and what has many; a pair of populations has two projections; blocks have several steps
# where the shortest delay is left alone (d), and end between its multiples, because potentials are recorded.
SCENARIO = """
rewire: 1
seed: 7
time: {step: 0.1 ms, until: 120 ms}
populations:
  a: {model: lif_psc_exp, count: 150, set: {I_e: {uniform: [350 pA, 700 pA]}, V_m: {uniform: [-70 mV, -56 mV]}}}
  b: {model: lif_psc_exp, count: 70, set: {I_e: {uniform: [350 pA, 600 pA]}, V_m: {uniform: [-70 mV, -56 mV]}}}
  c: {model: lif_cond, count: 90, set: {I_e: {uniform: [100 pA, 400 pA]}}}
projections:
  - {name: aa, from: a, to: a, connect: {rule: pairwise_bernoulli, p: 0.2}, weight: {normal: [20 pA, 4 pA]}, delay: {normal: [1.5 ms, 0.75 ms], min: SHORTEST}, receptors: {exc: 1}}
  - {name: more, from: a, to: a, connect: {rule: fixed_total_number, n: 3000, multapses: true, autapses: true}, weight: 7 pA, delay: {uniform: [SHORTEST, 9 ms]}, receptors: {exc: 1}}
  - {name: ab, from: a, to: b, connect: {rule: fixed_indegree, n: 20}, weight: {normal: [20 pA, 4 pA]}, delay: {uniform: [1 ms, 2 ms]}, receptors: {exc: 1}}
  - {name: ba, from: b, to: a, connect: {rule: pairwise_bernoulli, p: 0.3}, weight: {normal: [-40 pA, 9 pA]}, delay: 0.8 ms, receptors: {inh: 1}}
  - {name: bb, from: b, to: b, connect: {rule: pairwise_bernoulli, p: 0.3}, weight: -30 pA, delay: {lognormal: [1.5 ms, 1 ms], min: SHORTEST, max: 20 ms}, receptors: {inh: 1}}
  - {name: ca, from: c, to: a, connect: {rule: fixed_outdegree, n: 8}, weight: {normal: [15 pA, 4 pA]}, delay: 1.2 ms, receptors: {exc: 1}}
  - {name: ac, from: a, to: c, connect: {rule: pairwise_bernoulli, p: 0.3}, weight: {lognormal: [1 nS, 1 nS]}, delay: {uniform: [1 ms, 6 ms]}, receptors: {ampa: 1, nmda: 0.1}}
inputs:
  - {to: a, kind: poisson, rate: 2 kHz, weight: 20 pA, receptors: {exc: 1}}
record: {spikes: all, snapshots: {}, series: {every: 7 ms}, reports: [{name: v, of: c, variable: V_m, every: 0.3 ms}]}
checkpoint: {at: [50 ms]}
"""
CUT = "lesions=[" + ", ".join("{at: 120 ms, on: %s, what: incoming}" % name for name in "abc") + "]"


class Arrivals(Case):
    def simulate(self, name, *words, shortest="0.1 ms"):
        scenario = self.write(name + ".yaml", SCENARIO.replace("SHORTEST", shortest))
        self.works("run", scenario, "-o", self.path(name), "--quiet", *words)
        return self.path(name)

    def same(self, a, b):
        done = rewire("diff", a, b)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def values(self, directory, file):
        with h5py.File(os.path.join(directory, file)) as opened:
            found = {}
            opened.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
        return found

    def same_values(self, a, b, file, after=None):
        """All numbers of a file, but those that cut synapses differ in."""
        left, right = self.values(a, file), self.values(b, file)
        self.assertEqual(set(left), set(right))
        for name, values in left.items():
            other = right[name]
            if after is not None and name.endswith("timestamps"):
                ids = name.replace("timestamps", "node_ids")
                kept, values = left[ids][values > after], values[values > after]
                self.assertGreater(len(kept), 20, name)
                numpy.testing.assert_array_equal(kept, right[ids][other > after], name)
                other = other[other > after]
            if after is None or name.endswith("timestamps"):
                numpy.testing.assert_array_equal(values, other, name)

    def test_it_gives_the_bits_of_delivery_by_spike(self):
        for shortest in ("0.1 ms", "0.7 ms"):
            with self.subTest(shortest=shortest):
                by_arrival = self.simulate("by_arrival" + shortest[2], shortest=shortest)
                by_spike = self.simulate("by_spike" + shortest[2], "--set", CUT, shortest=shortest)
                self.same_values(by_arrival, by_spike, "spikes.h5")
                self.same_values(by_arrival, by_spike, os.path.join("reports", "v.h5"))
                first = sorted(glob.glob(os.path.join(by_spike, "edges", "edges.t*.h5")))[0]
                self.same_values(by_arrival, by_spike, os.path.relpath(first, by_spike))

    def test_any_number_of_threads_gives_the_same_bits(self):
        one = self.simulate("one", "--threads", "1")
        for threads in ("2", "3", "7"):
            self.same(one, self.simulate("threads" + threads, "--threads", threads))

    def test_any_number_of_ranks_gives_the_same_bits(self):
        if VERSION["mpi"] is None or shutil.which("mpirun") is None:
            self.skipTest("built without MPI")
        short = ("--set", "time.until=20 ms", "--set", "checkpoint.at=[9 ms]")  # ranks that share a core wait in every step
        one = self.simulate("one", "--threads", "1", *short)
        for ranks, threads in (("2", "2"), ("3", "1")):
            other = self.path("ranks" + ranks)
            words = ["mpirun", "-n", ranks, REWIRE, "run", self.path("one.yaml"), "-o", other, "--quiet", "--threads", threads, *short]
            done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.same(one, other)

    def test_it_goes_on_from_a_state(self):
        """Also from that of a run that delivered by spike, which has the same sums on their way."""
        whole = self.simulate("whole", "--threads", "2")
        other = self.simulate("cut", "--set", CUT)
        for state, words in ((whole, ()), (other, ("--set", "lesions=[]"))):
            for threads in ("1", "3"):
                branch = self.path(os.path.basename(state) + threads)
                self.works("branch", state, "--at", "50 ms", "-o", branch, "--threads", threads, "--quiet", *words)
                self.same_values(whole, branch, "spikes.h5", after=50.0)


if __name__ == "__main__":
    main()
