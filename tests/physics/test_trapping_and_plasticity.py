#!/usr/bin/env python3
"""Plasticity follows a trapping block: synapses change as under a factor that is what the block leaves, read from the
series of the run with the drug. Spikes are imposed and synapses too weak to matter, so that nothing else differs."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

REWIRE = sys.argv[1]
SCENARIO = """rewire: 1
time: {{step: 0.1 ms, until: 1500 ms}}
populations:
  source: {{model: spikes, count: 5, file: spikes.h5}}
  cell:
    model: lif_cond
    count: 12
    set: {{V_m: {{uniform: [-70 mV, -56 mV]}}, E_L: -70 mV}}
    glun2: {{A: 0.7, D: 0.3}}
projections:
  - {{name: plastic, from: source, to: cell, connect: {{rule: all_to_all}}, weight: 1e-4 nS, delay: 1 ms, receptors: {{ampa: 1, nmda: 1}}, plasticity: {{RULE}}}}
inputs:
  - {{to: cell, kind: pulse, amplitude: 3000 pA, at: [{pulses}], width: 3 ms}}
{block}
record: {{series: {{every: 100 ms}}, spikes: all}}
"""
DRUG = "drugs:\n  mk801: {model: concentration, level: 4 uM, action: {model: trapping, g_max: 1e-3 nS, k_on: 27 l/umol/s, k_off: 3 /s}}"
RULES = {"stdp": "stdp: {A_plus: 0.02, A_minus: 0.01}", "calcium": "calcium: {tau: 100 s, C_post: 0.9, sigma: 0, rho: 0.4, nmda: 0.8}"}


class Trapping(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        times = np.arange(75) * 20 + 5.0
        with h5py.File(f"{cls.folder.name}/spikes.h5", "w") as file:
            file["spikes/source/timestamps"] = np.repeat(times, 5) + np.tile([0, 2, 5, 11, 14], 75)
            file["spikes/source/node_ids"] = np.tile(np.arange(5, dtype="u8"), 75)
            file["spikes/source/timestamps"].attrs["units"] = "ms"
        cls.pulses = ", ".join(f"{t} ms" for t in times)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_with(self, name, rule, block):
        path = pathlib.Path(self.folder.name) / f"{name}.yaml"
        path.write_text(SCENARIO.format(pulses=self.pulses, block=block).replace("{RULE}", "{" + RULES[rule] + "}"))
        out = pathlib.Path(self.folder.name) / name
        subprocess.run([REWIRE, "run", str(path), "-o", str(out), "--quiet"], check=True)
        return out

    def weights(self, out):
        with h5py.File(out / "edges" / sorted(p.name for p in (out / "edges").glob("*.h5"))[-1]) as file:
            group = next(iter(file["edges"].values()))["0"]
            return group["syn_weight"][:]

    def test_weights_change_as_under_the_factor_that_the_block_leaves(self):
        for rule in RULES:
            trapped = self.run_with(f"{rule}_trapped", rule, DRUG)
            with h5py.File(trapped / "series.h5") as series:
                occupancy = series["populations/cell/occupancy"]
                left = [1 - occupancy[f"mk801_nmda_2{s}"][:] for s in "AD"]
            share = 0.7 * left[0] + 0.3 * left[1]
            self.assertLess(share.min(), 0.6)
            self.assertGreater(np.abs(left[0] - left[1]).max(), 0.02)
            steps = ", ".join(f"[{100 * k} ms, {s:.17g}]" for k, s in enumerate(share))
            factor = self.run_with(f"{rule}_factor", rule, f"blockade:\n  - {{receptor: nmda, factor: {{steps: [{steps}]}}}}")
            free = self.run_with(f"{rule}_free", rule, "")
            for out in (factor, free):
                with h5py.File(out / "spikes.h5") as a, h5py.File(trapped / "spikes.h5") as b:
                    np.testing.assert_array_equal(a["spikes/cell/timestamps"][:], b["spikes/cell/timestamps"][:])
                    self.assertGreater(len(a["spikes/cell/timestamps"]), 500)
            without = self.weights(free)
            self.assertGreater(np.abs(self.weights(trapped) / without - 1).max(), 0.05)
            np.testing.assert_allclose(self.weights(trapped), self.weights(factor), rtol=1e-6)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
