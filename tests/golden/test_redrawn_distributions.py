"""Draws outside of the limits of a distribution are drawn again. Where that moves the mean by more than a tenth, it is told,
with the mean that the cells then have."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

CELLS = 20000
SCENARIO = f"""\
rewire: 1
seed: 1
time: {{step: 0.1 ms, until: 1 ms}}
populations:
  e: {{model: lif_psc_alpha, count: {CELLS}, set: {{tau_m: TAU, C_m: 250 pF}}}}
record: {{snapshots: none, series: {{every: 1 ms}}}}
"""


class Redrawn(Case):
    def warnings(self, value):
        scenario = self.write("scenario.yaml", SCENARIO.replace("TAU", value))
        return scenario, json.loads(self.works("check", scenario, "--json").stdout)["warnings"]

    def test_a_mean_that_moves_is_told_with_the_one_that_cells_have(self):
        for k, value in enumerate(("{normal: [5 ms, 5 ms], min: 1 ms}", "{normal: [5 ms, 3 ms], max: 6 ms, min: 2 ms}",
                      "{lognormal: [10 ms, 8 ms], max: 12 ms}", "{lognormal: [10 ms, 8 ms], min: 8 ms, max: 30 ms}",
                      "{uniform: [2 ms, 20 ms], max: 8 ms}")):
            with self.subTest(value):
                scenario, warnings = self.warnings(value)
                self.assertEqual(len(warnings), 1, warnings)
                found = re.search(r"populations.e.set.tau_m: .* moves the mean from ([0-9.]+) to ([0-9.]+) ms", warnings[0])
                self.assertIsNotNone(found, warnings[0])
                out = self.path(f"out{k}")
                done = self.works("run", scenario, "-o", out)
                self.assertIn("rewire: warning: " + warnings[0], done.stderr)
                with h5py.File(os.path.join(out, "nodes.h5")) as file:
                    tau_m = file["nodes/e/0/dynamics_params/tau_m"][:]
                error = 5 * numpy.std(tau_m) / numpy.sqrt(CELLS)
                self.assertAlmostEqual(float(found[2]), float(numpy.mean(tau_m)), delta=error + 1e-3 * float(found[2]))

    def test_a_mean_that_stays_is_not(self):
        for value in ("{normal: [20 ms, 2 ms], min: 1 ms}", "{normal: [20 ms, 8 ms], min: 4 ms, max: 36 ms}", "{uniform: [2 ms, 20 ms]}",
                      "{lognormal: [10 ms, 1 ms], max: 30 ms}", "12 ms"):
            with self.subTest(value):
                self.assertEqual(self.warnings(value)[1], [])


if __name__ == "__main__":
    main()
