#!/usr/bin/env python3
"""What series.h5 tells of the acute state equals what spikes and reports give: scipy's Welch, sums over cells; charges
are areas in closed form, and the currents of every step added up."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np
from scipy import signal

REWIRE = sys.argv[1]
SCENARIO = """rewire: 1
seed: 3
time: {step: 0.1 ms, until: 1600 s, clock: {factor: 1000, interval: 100 s}}
populations:
  exc:
    model: lif_cond
    count: 160
    set: {V_m: {uniform: [-70 mV, -50 mV]}}
    receptors: {nmda: {tau_decay: 80 ms}}
    glun2: {A: 1}
  inh: {model: lif_cond, count: 40, set: {V_m: {uniform: [-70 mV, -50 mV]}}, glun2: {C: 1}}
projections:
  - {from: exc, to: exc, connect: {rule: fixed_indegree, n: 16}, weight: 0.5 nS, delay: 1.5 ms, receptors: {ampa: 1, nmda: 0.2}}
  - {from: exc, to: inh, connect: {rule: fixed_indegree, n: 16}, weight: 1 nS, delay: 1.5 ms, receptors: {ampa: 1, nmda: 0.2}}
  - {from: inh, to: exc, connect: {rule: fixed_indegree, n: 10}, weight: 3 nS, delay: 1.5 ms, receptors: {gaba_a: 1}}
inputs:
  - {to: exc, kind: poisson, rate: 1500 Hz, weight: 1 nS, receptors: {ampa: 1}}
  - {to: inh, kind: poisson, rate: 1500 Hz, weight: 1 nS, receptors: {ampa: 1}}
drugs:
  ketamine: {model: kamp_2020, dose: 1 mg/kg, over: 5 min, at: 20 min, on: exc, action: ACTION}
record:
  spikes: all
  series: {every: 100 s}
  reports:
    - {name: vm, of: exc, variable: V_m, every: 100 ms}
    - {name: nmda, of: exc, variable: nmda.g, every: 100 ms}
    - {name: ampa, of: exc, variable: ampa.g, every: 100 ms}
    - {name: gaba, of: exc, variable: gaba_a.g, every: 100 ms}
"""
# One spike onto cells so large that nothing moves them: a voltage clamp.
CLAMP = """rewire: 1
time: {step: 0.1 ms, until: 1500 ms}
populations:
  source: {model: spikes, count: 1, file: one.h5}
  cell: {model: lif_cond, count: 3, set: {C_m: 1e6 pF, V_m: -61 mV, E_L: -61 mV}, glun2: {A: 1}, receptors: {nmda: {tau_rise: 3 ms, tau_decay: 60 ms}, ampa: {tau_decay: 2 ms}}}
projections:
  - {from: source, to: cell, connect: {rule: all_to_all}, weight: 0.07 nS, delay: 1 ms, receptors: {ampa: 1, nmda: 0.3}}
drugs:
  ketamine: {model: concentration, level: 4 uM, action: ACTION}
record: {series: {every: 300 ms}}
"""


def run(folder, name, text, *options):
    path = pathlib.Path(folder) / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    subprocess.run([REWIRE, "run", str(path), "-o", f"{folder}/{name}", "--quiet", *options], check=True)
    return pathlib.Path(folder) / name


def report(out, name):
    with h5py.File(out / f"reports/{name}.h5") as file:
        return file["report/exc/data"][:].astype(float)


class Activity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = {action: run(cls.folder.name, action, SCENARIO.replace("ACTION", action)) for action in ("hill", "woodhull", "trapping")}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.series = h5py.File(self.out["hill"] / "series.h5")
        self.time = self.series["clock/network_time"][:]
        with h5py.File(self.out["hill"] / "spikes.h5") as file:
            self.spikes = file["spikes/exc/timestamps"][:]

    def tearDown(self):
        self.series.close()

    def test_rhythms_are_the_power_that_scipys_welch_finds_in_the_spikes(self):
        counts = np.bincount(np.floor(self.spikes - 0.05 + 1e-9).astype(int), minlength=1600)[:1600]
        window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(512) + 0.5) / 512)
        for sample in np.flatnonzero(self.time >= 1100):
            end = int(self.time[sample])
            rate = 1e3 * counts[end - 1024 : end] / 160
            hz, density = signal.welch(rate, fs=1000, window=window, nperseg=512, noverlap=256, detrend="constant")
            for name, low, high in (("alpha", 8, 12), ("gamma", 30, 80)):
                power = density[(hz >= low) & (hz <= high)].sum() * 1000 / 512
                self.assertGreater(power, 0)
                self.assertAlmostEqual(self.series[f"network/{name}"][sample] / power, 1, places=9)
        self.assertTrue(np.isnan(self.series["network/gamma"][self.time < 1024]).all())
        before = (self.time >= 1024) & (self.time <= 1200)
        gamma = self.series["network/gamma"][:]
        relative = gamma[-1] / gamma[before].mean()
        self.assertAlmostEqual(self.series["network/gamma_relative"][-1], relative, places=9)

    def test_glutamate_is_what_spikes_release_less_the_uptake(self):
        for sample in range(1, len(self.time)):
            past = self.time[sample] - self.spikes[self.spikes <= self.time[sample] + 1e-6]
            self.assertAlmostEqual(self.series["network/glutamate"][sample], np.exp(-past / 100).sum() / 160, places=6)

    def test_currents_are_conductance_times_driving_force_under_the_drug(self):
        for action, out in self.out.items():
            V_m, nmda, ampa, gaba = (report(out, name) for name in ("vm", "nmda", "ampa", "gaba"))
            with h5py.File(out / "series.h5") as series:
                conc = series["drugs/ketamine/at_receptor"][: len(V_m)][:, None]
                magnesium = np.exp(-0.062 * V_m) / 3.57
                pore = conc / 0.33 * np.exp(-0.79 / 26.7 * (V_m + 66))
                blocked = series["populations/exc/occupancy/ketamine_nmda_2A"][: len(V_m)]
                open_share = {
                    "hill": (1 - conc / (conc + 5.35)) / (1 + magnesium),
                    "woodhull": 1 / (1 + magnesium + pore),
                    "trapping": None,
                }[action]
                if open_share is None:  # a share of its own in each cell: the mean is what the series has
                    share = series["populations/exc/current/nmda"][: len(V_m)] / (nmda * -V_m / (1 + magnesium)).mean(axis=1)
                    self.assertTrue((np.abs(share[5:] - (1 - blocked[5:])) < 0.05).all())
                else:
                    expected = (nmda * open_share * -V_m).mean(axis=1)
                    got = series["populations/exc/current/nmda"][: len(V_m)]
                    np.testing.assert_allclose(got[2:], expected[2:], rtol=0.01)
                excitation = (ampa * -V_m).mean(axis=1) * 0.9754 + series["populations/exc/current/nmda"][: len(V_m)]
                inhibition = (gaba * (-70 - V_m)).mean(axis=1) * 0.9901
                ratio = series["populations/exc/ei_ratio"][: len(V_m)]
                np.testing.assert_allclose(ratio[3:], (excitation / -inhibition)[3:], rtol=0.01)

    def test_charge_of_one_event_is_its_area_times_the_driving_force(self):
        with h5py.File(f"{self.folder.name}/one.h5", "w") as file:
            file["spikes/source/timestamps"] = np.array([10.0])
            file["spikes/source/node_ids"] = np.array([0], dtype="u8")
            file["spikes/source/timestamps"].attrs["units"] = "ms"
        peak_ms = 3 * 60 / (60 - 3) * np.log(60 / 3)
        nmda = 0.07 * 0.3 * (60 - 3) / (np.exp(-peak_ms / 60) - np.exp(-peak_ms / 3))  # nS ms
        magnesium = np.exp(0.062 * 61) / 3.57
        pore = 4 / 0.33 * np.exp(-0.79 / 26.7 * (66 - 61))
        left = {"hill": (1 - 4 / (4 + 5.35)) / (1 + magnesium), "woodhull": 1 / (1 + magnesium + pore)}
        for action, share in left.items():
            out = run(self.folder.name, f"clamp_{action}", CLAMP.replace("ACTION", action))
            with h5py.File(out / "series.h5") as series:
                charge = series["populations/cell/charge"]
                self.assertEqual(charge["nmda"].attrs["units"], "pC")
                self.assertTrue(np.isnan(charge["ampa"][0]))  # no time has passed
                self.assertAlmostEqual(charge["ampa"][1:].sum() / (0.07 * 2 * 61e-3), 1, places=6)
                self.assertAlmostEqual(charge["nmda"][1:].sum() / (nmda * share * 61e-3), 1, places=6)

    def test_charge_is_the_sum_of_the_currents_of_every_step(self):
        text = SCENARIO.replace("until: 1600 s, clock: {factor: 1000, interval: 100 s}", "until: 30 ms").replace("spikes: all", "spikes: none")
        text = text[: text.index("  reports:")]
        dose = text[text.index("  ketamine:") : text.index("record:")]
        for action in self.out:
            drug = text.replace(dose, f"  ketamine: {{model: concentration, level: 2 uM, on: exc, action: {action}}}\n")
            seldom, always = (
                run(self.folder.name, f"{action}_{name}", drug.replace("every: 100 s", f"every: {every} ms"))
                for name, every in (("seldom", 10), ("always", 0.1))
            )
            with h5py.File(seldom / "series.h5") as few, h5py.File(always / "series.h5") as all_steps:
                for population, receptors in (("exc", ("ampa", "nmda", "gaba_a")), ("inh", ("ampa", "nmda"))):
                    for receptor in receptors:
                        charge = few[f"populations/{population}/charge/{receptor}"][:]
                        current = all_steps[f"populations/{population}/current/{receptor}"][:-1]
                        steps = current.reshape(3, 100).sum(axis=1) * 0.1 * 1e-3
                        self.assertGreater(np.abs(steps).min(), 0)
                        np.testing.assert_allclose(charge[1:], steps, rtol=1e-10)
                        each = all_steps[f"populations/{population}/charge/{receptor}"][1:]
                        np.testing.assert_allclose(each, current * 0.1 * 1e-3, rtol=1e-8, atol=1e-12)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
