"""Replayed spikes stay where their file has them: several spikes of a cell in one step count as several, everywhere and on any
number of threads and ranks; spikes after the end of the run are told."""
import json
import math
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import REWIRE, Case, main, rewire, run_json  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

VERSION = json.loads(rewire("version", "--json").stdout)
ENVIRONMENT = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
               "OMPI_MCA_hwloc_base_binding_policy": "none"}

ONE_SYNAPSE = """
rewire: 1
time: {step: 0.1 ms, until: 100 ms}
populations:
  src: {model: spikes, count: 1, file: src.h5}
  drive: {model: spikes, count: 1, file: drive.h5}
  e: {model: MODEL, count: 1}
projections:
  - {name: s, from: src, to: e, connect: {rule: all_to_all}, weight: WEIGHT, delay: 1 ms, RECEPTOR, EXTRA}
  - {name: d, from: drive, to: e, connect: {rule: all_to_all}, weight: DRIVE, delay: 1 ms, AIMED}
record: {spikes: all, snapshots: {}, reports: [{name: v, of: e, variable: VARIABLE, every: 0.1 ms}]}
"""
DELTA = {"MODEL": "lif_psc_delta", "WEIGHT": "0.25 mV", "RECEPTOR": "receptors: {delta: 1}", "DRIVE": "100 mV",
         "AIMED": "receptors: {delta: 1}", "VARIABLE": "V_m"}
GATED = {"MODEL": "lif_cond", "WEIGHT": "1 nS", "RECEPTOR": "receptors: {nmda_saturating: 1}", "DRIVE": "1 nS",
         "AIMED": "receptors: {ampa: 1}", "VARIABLE": "V_m"}

# More spikes in a step than the source has cells, with every kind of plasticity at a source, a synapse and a target.
MANY = """
rewire: 1
seed: 9
time: {step: 0.1 ms, until: 400 ms}
populations:
  src: {model: spikes, count: 5, file: src.h5}
  e: {model: lif_cond, count: 31, set: {I_e: 200 pA}}
projections:
  - {name: a, from: src, to: e, connect: {rule: pairwise_bernoulli, p: 0.5}, weight: 2 nS, delay: 1 ms, receptors: {ampa: 1}, plasticity: {stdp: {A_plus: 0.05}, stp: {U: 0.4}}}
  - {name: b, from: src, to: e, connect: {rule: pairwise_bernoulli, p: 0.5}, weight: 1 nS, delay: {uniform: [1 ms, 3 ms]}, receptors: {ampa: 1}, plasticity: {triplet: {A3_plus: 0.05}}}
  - {name: c, from: src, to: e, connect: {rule: all_to_all}, weight: 1 nS, delay: 1.5 ms, receptors: {ampa: 1, nmda_saturating: 1}, plasticity: {calcium: {rho: 0.5, tau: 10 s}, scaling: {tau: 5 s, tau_rate: 200 ms, every: 20 ms}}}
  - {name: d, from: src, to: e, connect: {rule: fixed_indegree, n: 3}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1}, plasticity: {stp: {U: 0.2, tau_fac: 300 ms}}}
  - {name: f, from: src, to: e, connect: {rule: fixed_indegree, n: 2}, weight: 1 nS, delay: 1 ms, receptors: {gaba_a: 1}}
record: {spikes: all, series: {every: 20 ms}, snapshots: {every: 100 ms}}
checkpoint: {every: 30 ms, at: [200 ms]}
"""

ROUND_TRIP = """
rewire: 1
time: {step: 0.1 ms, until: UNTIL}
populations:
  src: {model: spikes, count: 40, file: first/spikes.h5, file_population: e}
record: {spikes: all, snapshots: none, series: {every: 100 ms}}
"""


class ReplayedSpikes(Case):
    def spikes(self, name, times, ids=None):
        with h5py.File(self.path(name), "w") as file:
            group = file.create_group("spikes/any")
            group["timestamps"] = numpy.array(times, dtype=float)
            group["node_ids"] = numpy.zeros(len(times), "u8") if ids is None else numpy.array(ids, dtype="u8")

    def replayed(self, directory, population="src"):
        with h5py.File(self.path(directory, "spikes.h5")) as file:
            group = file["spikes"][population]
            return numpy.round(group["timestamps"][()], 6).tolist(), group["node_ids"][()].tolist()

    def one_synapse(self, name, times, drive=(), what=None, **changes):
        """Runs one synapse; V_m in every step, and the synapse's weight at the end."""
        text = ONE_SYNAPSE
        for key, value in {**(what or DELTA), "EXTRA": "plasticity: {}", **changes}.items():
            text = text.replace(key, value)
        self.spikes("src.h5", times)
        self.spikes("drive.h5", drive)
        self.works("run", self.write("one.yaml", text.replace(", plasticity: {}", "")), "-o", self.path(name), "--quiet")
        with h5py.File(self.path(name, "reports", "v.h5")) as file:
            trace = file["report/v1/data"][:, 0] if "v1" in file["report"] else file["report/e/data"][:, 0]
        with h5py.File(self.path(name, "edges", "edges.t000000001000.h5")) as file:
            return trace, float(file["edges/s/0/syn_weight"][0])

    def test_three_spikes_at_once_are_three_times_the_weight_and_are_recorded_as_three(self):
        three, _ = self.one_synapse("three", [5.0, 5.0, 4.99])
        strong, _ = self.one_synapse("strong", [5.0], WEIGHT="0.75 mV")
        numpy.testing.assert_array_equal(three, strong)
        self.assertGreater(three.max() - three.min(), 0.7)
        self.assertEqual(self.replayed("three"), ([5.0, 5.0, 5.0], [0, 0, 0]))

    def test_every_spike_pairs_in_spike_timing_dependent_plasticity(self):
        stdp = "plasticity: {stdp: {A_plus: 0.01, A_minus: 0.02, w_max: 4, tau_plus: 20 ms, tau_minus: 10 ms}}"
        for times, factor in (([20.0], 1), ([20.0, 20.0], 2), ([20.0] * 5, 5)):
            # the target fires 1 ms after its drive, which the synapse learns another 1 ms later
            _, after = self.one_synapse(f"after{factor}", times, drive=[28.0], EXTRA=stdp)
            self.assertAlmostEqual(after / 0.25, 1 + factor * 0.04 * math.exp(-10 / 20), 5)
            _, before = self.one_synapse(f"before{factor}", times, drive=[8.0], EXTRA=stdp)
            self.assertAlmostEqual(before / 0.25, 1 - factor * 0.08 * math.exp(-10 / 10), 5)
            _, both = self.one_synapse(f"both{factor}", times, drive=[18.0], EXTRA=stdp)  # at one time: they are no pair
            self.assertAlmostEqual(both / 0.25, 1, 6)

    def test_every_spike_releases_from_what_the_one_before_has_left(self):
        stp = "plasticity: {stp: {U: 0.5, tau_rec: 800 ms, tau_fac: 0 ms}}"
        twice, _ = self.one_synapse("twice", [5.0, 5.0], EXTRA=stp)
        once, _ = self.one_synapse("once", [5.0], EXTRA=stp)
        start = once[0]
        self.assertAlmostEqual(float((twice - start).max() / (once - start).max()), 1.5, 5)  # 0.5 + 0.25 of 0.5

    def test_every_spike_moves_a_saturating_gate_closer_to_its_limit(self):
        jumps = []
        for n in (1, 2, 3):
            trace, _ = self.one_synapse(f"gate{n}", [5.0] * n, what=GATED)
            jumps.append(float(abs(trace - trace[0]).max()))
        self.assertGreater(jumps[1], 1.01 * jumps[0])
        self.assertLess(jumps[2] - jumps[1], jumps[1] - jumps[0])

    def many(self):
        random = numpy.random.default_rng(3)
        times, ids = [], []
        for time in numpy.sort(random.uniform(0, 400, 60)):
            n = int(random.integers(1, 30))
            times += [time] * n
            ids += random.integers(0, 5, n).tolist()
        self.spikes("src.h5", times, ids)
        return self.write("many.yaml", MANY), len(times)

    def stop_in_the_middle(self, scenario, directory):
        """Stops a run by limits of time, until one comes after its beginning and before its end."""
        limit_ms = 1
        for _ in range(300):
            shutil.rmtree(directory, ignore_errors=True)
            done = rewire("run", scenario, "-o", directory, "--quiet", "--threads", 1, "--time-limit", f"{limit_ms} ms")
            if done.returncode == 5 and run_json(directory)["step_reached"] > 500:
                return
            limit_ms = limit_ms // 2 + 1 if done.returncode == 0 else limit_ms + limit_ms // 4 + 1
        self.fail(f"the run is never stopped in its middle: {done.stderr}")

    def test_threads_and_interruptions_change_no_bit(self):
        scenario, count = self.many()
        self.works("run", scenario, "-o", self.path("one"), "--quiet", "--threads", 1)
        self.assertEqual(len(self.replayed("one")[0]), count)
        if VERSION["threads"]:
            for threads in (2, 3, 7):
                self.works("run", scenario, "-o", self.path(f"t{threads}"), "--quiet", "--threads", threads)
                self.works("diff", self.path("one"), self.path(f"t{threads}"))
        self.works("branch", self.path("one"), "--at", "200 ms", "-o", self.path("branch"), "--quiet")
        self.stop_in_the_middle(scenario, self.path("cut"))
        self.works("run", scenario, "-o", self.path("cut"), "--quiet", "--resume")
        self.works("diff", self.path("one"), self.path("cut"))
        with h5py.File(self.path("one", "edges", "edges.t000000004000.h5")) as a, \
                h5py.File(self.path("branch", "edges", "edges.t000000004000.h5")) as b:
            for projection in a["edges"]:
                numpy.testing.assert_array_equal(a[f"edges/{projection}/0/syn_weight"], b[f"edges/{projection}/0/syn_weight"])

    def test_ranks_change_no_bit(self):
        if VERSION["mpi"] is None:
            self.skipTest("built without MPI")
        scenario, _ = self.many()
        self.works("run", scenario, "-o", self.path("one"), "--quiet", "--threads", 1)
        for ranks in (2, 3):
            done = subprocess.run(["mpirun", "-n", str(ranks), REWIRE, "run", scenario, "-o", self.path(f"r{ranks}"), "--quiet",
                                   "--threads", "2"], capture_output=True, text=True, env=ENVIRONMENT, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.works("diff", self.path("one"), self.path(f"r{ranks}"))

    def test_what_a_run_recorded_is_replayed_as_it_was(self):
        self.works("run", self.write("first.yaml", """
rewire: 1
time: {step: 0.1 ms, until: 300 ms}
populations: {e: {model: lif_psc_exp, count: 40, set: {I_e: {uniform: [400 pA, 600 pA]}}}}
record: {spikes: all}
"""), "-o", self.path("first"), "--quiet")
        again = self.write("again.yaml", ROUND_TRIP.replace("UNTIL", "300 ms"))
        done = self.works("run", again, "-o", self.path("again"))
        self.assertNotIn("warning", done.stderr)
        self.assertEqual(self.replayed("again"), self.replayed("first", "e"))
        self.assertGreater(len(self.replayed("again")[0]), 100)

    def test_spikes_after_the_end_are_told_once(self):
        os.makedirs(self.path("first"))
        self.spikes("first/spikes.h5", [1.0, 99.0, 100.0, 99.96, 100.06, 101.0, 1e9], [0] * 7)
        text = ROUND_TRIP.replace("UNTIL", "100 ms").replace(", file_population: e", "")
        scenario = self.write("short.yaml", text)
        told = r"population src: 3 of 7 spikes in first/spikes\.h5 come after the end of the run, 100 ms, and are not replayed\n"
        self.assertRegex(self.works("check", scenario).stdout, "# warning: " + told)
        self.assertEqual(json.loads(self.works("check", scenario, "--json").stdout)["spikes_after_the_end"], {"src": 3})
        done = self.works("run", scenario, "-o", self.path("short"))
        self.assertRegex(done.stderr, "rewire: warning: " + told)
        self.assertEqual(done.stderr.count("after the end"), 1)
        self.assertEqual(self.replayed("short")[0], [1.0, 99.0, 100.0, 100.0])
        quiet = self.works("run", scenario, "-o", self.path("quiet"), "--quiet")
        self.assertEqual(quiet.stderr, "")


if __name__ == "__main__":
    main()
