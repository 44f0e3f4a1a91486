"""Windows of outcome measures: which spikes, samples and snapshots count, what is refused, and what is named as missing."""
import csv
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402

RATE_STEP = """\
rewire: 1
seed: 1
time: {step: 0.1 ms, until: 2 s}
populations:
  e: {model: lif_psc_alpha, count: 40, set: {V_m: {uniform: [-70 mV, -55 mV]}}}
inputs:
  - {to: e, kind: poisson, rate: {steps: [[0 s, 8 kHz], [500 ms, 14 kHz]]}, weight: 7 pA, receptors: {exc: 1}}
record: {spikes: all, snapshots: none, series: {every: 400 ms}}
"""

DRUG = """\
rewire: 1
seed: 1
time: {step: 0.1 ms, until: 6 h, clock: {factor: 3600}}
populations:
  c: {model: lif_cond, count: 2, receptors: {nmda: {}}, glun2: {A: 1}}
inputs:
  - {to: c, kind: poisson, rate: 100 Hz, weight: 1e-3 nS, receptors: {nmda: 1}}
drugs:
  ketamine: {model: kamp_2020, dose: 35 mg, route: iv_bolus, at: 1.1 h, body_mass: 70 kg}
record: {snapshots: none, series: {every: 1 h}}
"""

STRUCTURE = """\
rewire: 1
seed: 1
time: {step: 0.1 ms, until: 600 ms}
populations:
  e: {model: lif_psc_exp, count: 30, set: {I_e: 500 pA}}
projections:
  - {name: ee, from: e, to: e, connect: {rule: fixed_indegree, n: 5}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, rewire: {}}
growth:
  - {on: e.axon, model: constant, nu: 0.01 /ms}
  - {on: e.dendrite_exc, model: constant, nu: 0.01 /ms}
space: {size: [100 um, 100 um], periodic: true}
structure: {every: 10 ms}
record: {spikes: all, snapshots: {every: 200 ms}, series: {every: 50 ms}}
"""


class Windows(Case):
    def sweep(self, scenario, windows="", more=""):
        self.write("base.yaml", scenario)
        windows = f"measure: {{windows: {{{windows}}}}}\n" if windows else ""
        return self.write("sweep.yaml", f"sweep: 1\nscenario: base.yaml\n{windows}{more}")

    def measured(self, scenario, windows="", more=""):
        """The outcomes of the first point, and where its result is."""
        out = self.path("out")
        self.works("sweep", "run", self.sweep(scenario, windows, more), "-o", out, "--quiet")
        with open(os.path.join(out, "results.csv"), encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file))
        return {name.split(" ")[0]: value for name, value in row.items()}, os.path.join(out, "points", "000", "000000")

    def refused(self, why, scenario, windows):
        self.fails(2, why, "sweep", "plan", self.sweep(scenario, windows), "-o", self.path("no"))
        self.assertFalse(os.path.exists(self.path("no")))

    def test_a_rate_off_the_samples_is_that_of_the_spikes_in_the_window(self):
        found, point = self.measured(RATE_STEP, "off: [500 ms, 900 ms], on: [400 ms, 1200 ms]")
        with h5py.File(os.path.join(point, "spikes.h5")) as file:
            times = file["spikes/e/timestamps"][:]
        for name, begin, end in (("off", 500, 900), ("on", 400, 1200)):
            inside = times[(times > begin + 0.01) & (times < end + 0.01)]
            self.assertAlmostEqual(float(found[f"rate.e.{name}"]), len(inside) / 40 / (end - begin) * 1e3, places=9)
            counts = np.bincount(np.floor((inside - begin - 0.05) / 10).astype(int), minlength=(end - begin) // 10)
            self.assertAlmostEqual(float(found[f"fano.e.{name}"]), counts.var(ddof=1) / counts.mean(), places=9)

    def test_without_spikes_a_rate_is_that_of_the_intervals_in_the_window(self):
        scenario = RATE_STEP.replace("spikes: all", "spikes: none")
        found, point = self.measured(scenario, "some: [500 ms, 1700 ms]")
        with h5py.File(os.path.join(point, "series.h5")) as file:
            np.testing.assert_allclose(file["time"][:], [0, 400, 800, 1200, 1600, 2000])
            rate = file["populations/e/rate"][:]
        self.assertAlmostEqual(float(found["rate.e.some"]), rate[3:5].mean(), places=9)
        found, _ = self.in_other("short", scenario.replace("until: 2 s", "until: 1 s"))
        with h5py.File(os.path.join(self.path("short"), "out", "points", "000", "000000", "series.h5")) as file:
            rate = file["populations/e/rate"][:]
        self.assertAlmostEqual(float(found["rate.e"]), (2 * rate[1] + 2 * rate[2] + rate[3]) / 5, places=9)

    def in_other(self, name, scenario):
        """The outcomes over the whole run, in a folder of its own."""
        whole, self.folder = self.folder, self.path(name)
        os.mkdir(self.folder)
        try:
            return self.measured(scenario)
        finally:
            self.folder = whole

    def test_windows_without_what_outcomes_take_are_refused_when_planned(self):
        quiet = RATE_STEP.replace("spikes: all", "spikes: none")
        self.refused("window w of measure, from 500 ms to 900 ms, holds no interval of record.series, which samples "
                     "every 400 ms.*or record the spikes", quiet, "w: [500 ms, 900 ms]")
        self.refused("holds no sample of record.series, which samples every 400 ms", RATE_STEP, "w: [500 ms, 700 ms]")
        self.refused("the window w of measure ends at 30000 ms, after the run, which ends at 2000 ms", RATE_STEP, "w: [2 s, 30 s]")
        self.refused(r"measure.windows.w: must ascend", RATE_STEP, "w: [1 s, 1 s]")
        self.refused("from 120 ms to 280 ms, does not begin and end at samples of record.series", STRUCTURE, "w: [120 ms, 280 ms]")
        self.works("sweep", "plan", self.sweep(STRUCTURE, "w: [150 ms, 600 ms]"), "-o", self.path("yes"))

    def test_synapses_are_counted_between_samples_and_survive_to_a_snapshot_in_the_window(self):
        found, point = self.measured(STRUCTURE, "a: [0 ms, 300 ms], b: [300 ms, 350 ms], all: [0 ms, 600 ms]")
        with h5py.File(os.path.join(point, "series.h5")) as file:
            created = file["projections/ee/created"][:]
        self.assertGreater(created.sum(), 0)
        self.assertEqual([float(found[f"created.ee.{w}"]) for w in ("a", "b", "all")],
                         [created[1:7].sum(), created[7], created[1:].sum()])
        self.assertEqual(found["survival.ee.b"], "nan", "no snapshot lies there")
        self.assertGreater(float(found["survival.ee.a"]), 0)

    def test_outcomes_without_a_value_are_named_with_what_they_take(self):
        scenario = self.write("s.yaml", STRUCTURE)
        for name in ("one", "two"):
            self.works("run", scenario, "-o", self.path(name), "--quiet", "--set",
                       f"populations.e.set.I_e={'500' if name == 'one' else '700'} pA")
        runs = [f"{name}={self.path(name)}" for name in ("one", "two")]
        told = json.loads(self.works("compare", *runs, "--json", "-o", self.path("c"), "--window", "w=120ms:280ms").stdout)
        self.assertIn("no run has a value of created.ee.w, deleted.ee.w, which takes samples at the begin and the end of the "
                      "window", told["not_compared"])
        self.assertIn("rate.e.w", {effect["outcome"] for effect in told["effects"]})
        told = json.loads(self.works("compare", *runs, "--json", "-o", self.path("c"), "--window", "w=100ms:115ms").stdout)
        self.assertIn("no run has a value of fano.e.w, which takes two bins of 10 ms in the window, and a spike in one of them",
                      told["not_compared"])
        self.fails(2, "the window w, from 200 ms to 30000 ms, does not lie in .*one, which covers 0 ms to 600 ms", "compare", *runs, "-o",
                   self.path("c"), "--window", "w=200ms:30s")

    def test_the_peak_of_a_drug_is_that_of_the_exact_solution(self):
        checked = json.loads(self.works("check", self.write("drug.yaml", DRUG), "--json").stdout)
        peak = next(level for level in checked["drugs"][0]["levels"] if level["name"] == "at_receptor")
        found, point = self.measured(DRUG, "all: [0 h, 6 h], before: [0 h, 1.1 h], rise: [0 h, 2 h], late: [3 h, 6 h]")
        with h5py.File(os.path.join(point, "series.h5")) as file:
            samples = file["drugs/ketamine/at_receptor"][:]
        self.assertAlmostEqual(peak["peak_uM"], 1.452, places=3)
        self.assertAlmostEqual(float(found["peak.ketamine.all"]), peak["peak_uM"], places=9)
        self.assertAlmostEqual(float(found["peak.ketamine.rise"]), peak["peak_uM"], places=9)
        self.assertEqual(float(found["peak.ketamine.before"]), 0, "a dose at the end of a window is not in it")
        self.assertAlmostEqual(float(found["peak.ketamine.late"]), samples[3], places=9)
        table = DRUG.replace("{model: kamp_2020, dose: 35 mg, route: iv_bolus, at: 1.1 h, body_mass: 70 kg}",
                             "{model: concentration, level: {steps: [[0 h, 0 uM], [1.5 h, 3 uM], [1.5001 h, 1 uM]]}}")
        found, _ = self.in_other("table", table)
        self.assertEqual(float(found["peak.ketamine"]), 3)

    def test_power_is_that_of_segments_in_the_window(self):
        spiking = DRUG.replace("weight: 1e-3 nS", "weight: 1 nS").replace("rate: 100 Hz", "rate: 4 kHz")
        spiking = spiking.replace("drugs:", "projections:\n  - {from: c, to: c, connect: {rule: all_to_all}, weight: 0.1 nS, "
                                  "delay: 1 ms, receptors: {nmda: 1}}\ndrugs:")
        found, point = self.measured(spiking, "w: [2 h, 5 h]")
        with h5py.File(os.path.join(point, "series.h5")) as file:
            alpha = file["network/alpha"][:]
        self.assertTrue(np.isfinite(alpha[3:6]).all())
        self.assertAlmostEqual(float(found["alpha.network.w"]), alpha[4:6].mean(), places=9)

    def test_a_branch_is_measured_from_its_begin(self):
        scenario = self.write("s.yaml", RATE_STEP)
        self.works("run", scenario, "-o", self.path("run"), "--quiet", "--set", "checkpoint={at: [1 s]}")
        for weight in (8, 9):
            self.works("branch", self.path("run"), "-o", self.path(f"b{weight}"), "--at", "1 s", "--quiet", "--set",
                       f"inputs.0.weight={weight} pA")
        runs = [f"{weight}={self.path(f'b{weight}')}" for weight in (8, 9)]
        told = json.loads(self.works("compare", *runs, "--json", "-o", self.path("c")).stdout)
        effect = next(effect for effect in told["effects"] if effect["outcome"] == "fano.e")
        fano = []
        for weight in (8, 9):
            with h5py.File(self.path(f"b{weight}", "spikes.h5")) as file:
                counts = np.bincount(np.floor((file["spikes/e/timestamps"][:] - 1000.05) / 10).astype(int), minlength=100)
            fano.append(counts.var(ddof=1) / counts.mean())
        self.assertAlmostEqual(effect["difference"], fano[1] - fano[0], places=9)
        self.fails(2, "the window w, from 500 ms to 2000 ms, does not lie in .*, which covers 1000 ms to 2000 ms", "compare", *runs,
                   "-o", self.path("c"), "--window", "w=500ms:2s")


main()
