"""The clock on a chain that can be solved: estimated errors are those that the equations give, and a tolerance is kept. The
full proof with figures is bench/validation/clock/prove.py."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "references"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "bench", "validation", "clock"))
from program import REWIRE, Case, main, rewire  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from chain import Chain, scenario, scheme, solve  # noqa: E402
from network_runs import record  # noqa: E402
from prove import Runs, root_mean_square, settled, tolerance  # noqa: E402


class Clock(Case):
    def setUp(self):
        super().setUp()
        self.runs = Runs(REWIRE)

    def within(self, what, value, low, high, reference=float("nan")):
        record(what, value, low, high, reference)
        self.assertTrue(low <= value <= high, f"{what}: {value:.4g}, asked: {low:.4g} to {high:.4g}")

    def within_factor(self, what, value, wanted, factor):
        self.within(what, value, wanted / factor, wanted * factor, wanted)

    def test_noise_of_a_fast_clock_is_estimated(self):
        chain, S = Chain(), 5000
        runs = [self.runs.run(chain, f"{{factor: {S}}}", seed) for seed in range(1, 7)]
        theory = scheme(chain, S, 2000)
        expected = root_mean_square((theory.std(0) / theory.mean(0))[settled(chain) :])
        estimated = root_mean_square([run["signals_sampling"][settled(chain) :] for run in runs])
        seen = root_mean_square(np.array([run["f"] for run in runs])[:, settled(chain) :].std(0, ddof=1) / theory.mean(0)[settled(chain) :])
        self.within_factor("noise of formation at S = 5000, over six seeds", seen, expected, 1.8)
        self.within_factor("the same, estimated by the runs", estimated, expected, 1.5)

    def test_most_runs_keep_a_tolerance_and_it_is_small_where_the_rate_changes(self):
        row = next(tolerance(self.runs, [0.1], 4))
        self.within("share of the time that four runs are within a tolerance of 10 %", row["at_any_time"], 0.95, 1.0)
        S = np.median(row["S"], axis=0)
        self.within("largest factor over the smallest", S.max() / S.min(), 10.0, 1e6)
        path = self.path("chain.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario(Chain(interval=1.0 / 24.0), "{tolerance: 0.1, of: signals}"))
        predicted = json.loads(self.works("check", path, "--json").stdout)["predicted"]["network_s"]
        self.within_factor("time of the network, predicted before the run (s)", predicted, row["network_s"], 2.0)

    def test_a_chosen_factor_has_the_same_bits_on_any_threads_and_in_a_branch(self):
        path = self.path("chain.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario(Chain(until=4.0, nodes=17), "{tolerance: 10 %, of: [signals, synapses]}"))
        one, three, branch = self.path("one"), self.path("three"), self.path("branch")
        for out, threads in ((one, "1"), (three, "2")):
            done = rewire("run", path, "-o", out, "--threads", threads, "--set", "checkpoint.at=[2 h]", "--quiet")
            self.assertEqual(done.returncode, 0, done.stderr)
        done = rewire("diff", one, three)
        self.assertEqual(done.returncode, 0, done.stdout)
        done = rewire("branch", one, "--at", "2 h", "-o", branch, "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(os.path.join(one, "series.h5")) as whole, h5py.File(os.path.join(branch, "series.h5")) as part:
            self.assertEqual(len(part["time"]), 13)
            for name in ("factor", "error/signals_sampling", "error/synapses_total", "network_time"):
                np.testing.assert_array_equal(part["clock"][name], whole["clock"][name][-13:])

    def test_steps_of_the_signal_are_those_of_the_equations(self):
        chain = Chain(noisy=False, step_ms=0.1, until=16.0, nodes=65)
        run = self.runs.run(chain, "{factor: 500}")
        theory = np.abs(scheme(chain, 1.0)[0] / solve(chain)[0] - 1.0).max()
        self.within_factor("error of steps of 10 min, estimated by the run", run["signals_steps"].max(), theory, 1.5)


if __name__ == "__main__":
    main()
