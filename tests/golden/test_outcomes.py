"""Outcome measures of a course of treatment: known series in a result give the answers of closed forms, and all commands
give the same."""
import csv
import hashlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402

SCENARIO = """\
rewire: 1
seed: 1
time: {step: 0.1 ms, until: 60 d, clock: {factor: 1e7}}
populations:
  pyr: {model: lif_cond, count: 30, glun2: {A: 1}, receptors: {nmda: {}}}
projections:
  - {name: pp, from: pyr, to: pyr, connect: {rule: fixed_indegree, n: 10}, weight: {uniform: [0.1 nS, 1 nS]}, delay: 1 ms,
     receptors: {ampa: 1, nmda: 0.2}, rewire: {stress: {from: 1 d, until: 4 d, fraction: 40 %}}}
growth:
  - {on: pyr.axon, model: constant, nu: 0 /day, initial: 5}
  - {on: pyr.dendrite_exc, model: constant, nu: 0.2 /day}
drugs:
  ketamine: {model: kamp_2020, dose: 0.5 mg/kg, route: iv_infusion, over: 40 min, at: [5 d, 7 d, 9 d]}
structure: {every: 3 h, growth_every: 0.1 ms, vacant_decay: 0}
record: {spikes: none, snapshots: none, series: {every: 3 h}, measures: {of: pp, which: [returned], lost_since: 1 d, every: 1 d}}
outcomes: {regained: {}, acute: {of: pyr}}
"""
BEFORE, LEFT, LOST = 2_000_000, 1_200_000, 800_000  # so many synapses that rounding to whole ones does not matter


class Outcomes(Case):
    def setUp(self):
        super().setUp()
        self.scenario, self.out = self.simulate("out", SCENARIO)

    def simulate(self, name, scenario):
        path = self.write(f"{name}.yaml", scenario)
        self.works("run", path, "-o", self.path(name), "--quiet")
        return path, self.path(name)

    def outcomes(self, directory=None):
        with open(os.path.join(directory or self.out, "outcomes.csv"), encoding="utf-8", newline="") as file:
            return {row["outcome"]: row for row in csv.DictReader(file)}

    def again(self, share=None, rate=None):
        """The outcomes if the share regained, over days, and the rate, over days, were these functions."""
        with h5py.File(os.path.join(self.out, "series.h5"), "r+") as file:
            days = file["time"][:] / 86400e3
            if share is not None:
                synapses = np.where(days < 1.01, BEFORE, np.round(LEFT + LOST * share(days)))
                file["projections/pp/synapses"][:] = synapses.astype(file["projections/pp/synapses"].dtype)
            if rate is not None:
                file["populations/pyr/rate"][1:] = rate(days[1:])
        self.describes(os.path.join(self.out, "series.h5"))
        os.remove(os.path.join(self.out, "outcomes.csv"))
        self.works("run", self.scenario, "-o", self.out, "--quiet", "--resume")  # it is done; takes the outcomes again
        return {name: float(row["value"]) for name, row in self.outcomes().items()}

    def describes(self, path):
        """Lets run.json have the length and the checksum of the changed file."""
        manifest = os.path.join(self.out, "run.json")
        with open(manifest, encoding="utf-8") as file:
            run = json.load(file)
        for entry in run["files"]:
            if entry["file"] == os.path.basename(path):
                entry["bytes"] = os.path.getsize(path)
                with open(path, "rb") as changed:
                    entry["sha256"] = hashlib.sha256(changed.read()).hexdigest()
        with open(manifest, "w", encoding="utf-8") as file:
            json.dump(run, file, indent=2)

    def test_an_exponential_has_its_half_life_best_and_relapse(self):
        half_life, top, peak = 8.0, 12.0, 0.8

        def share(day):  # straight up from the first dose on day 5 to the top, then down exponentially
            return np.where(day < 5, 0, np.where(day < top, peak * (day - 5) / (top - 5), peak * 0.5 ** ((day - top) / half_life)))
        found = self.again(share)
        fine = np.linspace(5, 60, 55 * 24 * 60 + 1)
        mean = np.convolve(share(fine), np.ones(3 * 24 * 60) / (3 * 24 * 60), "valid")
        middle = fine[:len(mean)] + 1.5
        best, at = mean.max(), middle[mean.argmax()]
        self.assertAlmostEqual(found["regained_best.pp"], best, delta=0.01)
        self.assertAlmostEqual(found["regained_best_day.pp"], at - 5, delta=0.13)
        half_at = middle[(middle > at) & (mean <= best / 2)][0]
        self.assertAlmostEqual(found["regained_half_life.pp"], half_at - at, delta=0.13)
        self.assertAlmostEqual(found["relapse_day.pp"], half_at - 9, delta=0.13)
        self.assertEqual((found["relapsed.pp"], found["followed.pp"]), (1, found["relapse_day.pp"]))
        self.assertAlmostEqual(found["regained_first.pp"], share(6.0), delta=0.01)
        self.assertAlmostEqual(found["regained_last.pp"], share(10.0), delta=0.01)
        area = peak * ((top - 5) / 2 + half_life / np.log(2) * (1 - 0.5 ** ((60 - top) / half_life)))
        self.assertAlmostEqual(found["synapse_days.pp"] / LOST, area, delta=2e-3 * area)
        self.assertAlmostEqual(found["regained.pp"], area / 55, delta=0.01)

    def test_without_a_relapse_in_the_window_the_run_is_censored(self):
        found = self.again(lambda day: np.where(day < 5, 0, np.where(day < 20, (day - 5) / 15 * 0.6, 0.6 - 0.006 * (day - 20))))
        self.assertTrue(np.isnan(found["relapse_day.pp"]) and np.isnan(found["regained_half_life.pp"]))
        self.assertEqual(found["relapsed.pp"], 0)
        self.assertAlmostEqual(found["followed.pp"], 60 - 1.5 - 9, delta=1e-9)
        self.assertIn("censored", self.outcomes()["relapse_day.pp"]["takes"])
        self.assertEqual(self.outcomes()["relapse_day.pp"]["unit"], "d")

    def test_where_nothing_is_regained_nothing_relapses(self):
        found = self.again(lambda day: np.where(day < 5, 0, -0.01 * (day - 5)))
        for name in ("regained_best", "regained_best_day", "regained_half_life", "relapse_day", "relapsed", "followed"):
            self.assertTrue(np.isnan(found[f"{name}.pp"]), name)
        self.assertAlmostEqual(found["regained.pp"], -0.275, delta=2e-3)
        self.assertAlmostEqual(found["synapse_days.pp"] / LOST, -0.01 * 55 * 55 / 2, delta=0.01)

    def test_the_acute_index_and_its_trend_are_those_of_the_rate(self):
        def rate(day):  # a sample stands for the three hours before it
            index = np.select([(day > 5) & (day < 5.13), (day > 7) & (day < 7.13), (day > 9) & (day < 9.13)], [0.5, 0.4, 0.15])
            return 4 * (1 + index)
        self.scenario, self.out = self.simulate("three_hours", SCENARIO.replace("{of: pyr}", "{of: pyr, over: 3 h}"))
        found = self.again(rate=rate)
        self.assertAlmostEqual(found["acute_first.pyr"], 0.5, places=9)
        self.assertAlmostEqual(found["acute_last.pyr"], 0.15, places=9)
        self.assertAlmostEqual(found["acute_mean.pyr"], 0.35, places=9)
        self.assertAlmostEqual(found["acute_trend.pyr"], np.polyfit([0, 1, 2], [0.5, 0.4, 0.15], 1)[0], places=9)

    def test_same_pairs_are_those_of_the_measures(self):
        with h5py.File(os.path.join(self.out, "series.h5")) as file:
            returned = file["measures/pp/returned"][-1]
        self.assertAlmostEqual(float(self.outcomes()["regained_pairs.pp"]["value"]), returned, places=12)

    def test_a_run_a_comparison_and_a_sweep_take_the_same(self):
        names = ("regained.pp", "regained_best.pp", "synapse_days.pp")
        self.works("run", self.scenario, "-o", self.path("two"), "--quiet", "--set", "growth.1.nu=0.3 /day")
        told = json.loads(self.works("compare", f"a={self.out}", f"b={self.path('two')}", "--json", "-o", self.path("c")).stdout)
        self.write("sweep.yaml", "sweep: 1\nscenario: out.yaml\nparameters: {nu: {set: growth.1.nu, values: [0.2 /day, 0.3 /day]}}\n")
        self.works("sweep", "run", self.path("sweep.yaml"), "-o", self.path("sw"), "--quiet")
        with open(self.path("sw", "results.csv"), encoding="utf-8", newline="") as file:
            rows = [{name.split(" ")[0]: value for name, value in row.items()} for row in csv.DictReader(file)]
        first, second = self.outcomes(), self.outcomes(self.path("two"))
        for name in names:
            own = [float(run[name]["value"]) for run in (first, second)]
            self.assertEqual([float(row[name]) for row in rows], own)
            effect = next(effect for effect in told["effects"] if effect["outcome"] == name)
            self.assertAlmostEqual(effect["difference"], own[1] - own[0], delta=1e-9 * abs(own[1]))

    def test_wrong_outcomes_are_refused_with_place_and_remedy(self):
        for setting, why in (
            ("outcomes={regained: {of: nobody}}", "nobody"),
            ("outcomes={regained: {before: 6 d}}", "`before` must be earlier"),
            ("outcomes={regained: {last: 4 d}}", "must not be earlier than `from`"),
            ("outcomes={regained: {relapse: 0}}", "relapse"),
            ("outcomes={acute: {}}", "of"),
            ("outcomes={regaind: {}}", "regained"),
        ):
            with self.subTest(setting):
                self.fails(2, why, "check", self.scenario, "--set", setting)


main()
