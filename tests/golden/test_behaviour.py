"""Outcome measures of what a network does: what training changes, and which of two populations wins, against computations
from series, snapshots and spikes that share no code with the program; psychometric curves against scipy."""
import csv
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from scipy import optimize, stats  # noqa: E402

PATTERN = [3, 5, 8, 21, 34, 2]
LEARNING = """\
rewire: 1
seed: 5
time: {step: 0.1 ms, until: 2 s}
populations:
  e: {model: lif_cond, count: 40, set: {V_m: {uniform: [-70 mV, -55 mV]}}}
projections:
  - {name: ee, from: e, to: e, connect: {rule: fixed_indegree, n: 12}, weight: 1.2 nS, delay: 1 ms, receptors: {ampa: 1},
     rewire: {loss: {rate: 0.3 /s}}}
inputs:
  - {to: e, kind: poisson, rate: 900 Hz, weight: 1.5 nS, receptors: {ampa: 1}}
  - {to: e, kind: session, name: training, pattern: {ids: [3, 5, 8, 21, 34, 2]}, from: [600 ms, 1 s], lasting: 200 ms,
     presentations: 3, width: 50 ms, rate: 300 Hz, weight: 12 nS, receptors: {ampa: 1}}
  - {to: e, kind: session, name: test, pattern: {ids: [3, 5, 8, 21, 34, 2]}, cue: 50 %, from: [100 ms, 1300 ms, 1700 ms],
     lasting: 200 ms, presentations: 3, width: 40 ms, rate: 300 Hz, weight: 12 nS, receptors: {ampa: 1}}
growth:
  - {on: e.axon, model: constant, nu: 0 /s, initial: 30}
  - {on: e.dendrite_exc, model: constant, nu: 6 /s}
structure: {every: 20 ms, growth_every: 0.1 ms, vacant_decay: 0}
record:
  {spikes: none, snapshots: {every: 200 ms}, series: {every: 50 ms}, measures: {of: ee, which: [groups], every: 200 ms,
   groups: {pattern: {of: e, targets: {ids: [3, 5, 8, 21, 34, 2]}}}}}
outcomes: {learning: {training: training, from: 500 ms}}
"""

DECISION = """\
rewire: 1
seed: 1
time: {step: 0.1 ms, until: 250 ms}
populations:
  a: {model: lif_cond, count: 15, set: {V_m: {uniform: [-70 mV, -55 mV]}}}
  b: {model: lif_cond, count: 15, set: {V_m: {uniform: [-70 mV, -55 mV]}}}
inputs:
  - {to: a, kind: poisson, rate: 1400 Hz, weight: 2 nS, receptors: {ampa: 1}}
  - {to: b, kind: poisson, rate: 1400 Hz, weight: 2 nS, receptors: {ampa: 1}}
record: {spikes: all, snapshots: none, series: {every: 5 ms}}
outcomes: {decision: {first: a, second: b, from: 50 ms, threshold: THRESHOLD Hz, over: 20 ms}}
"""
SWEEP = """\
sweep: 1
scenario: decision.yaml
design: {kind: zip}
parameters:
  evidence: {set: outcomes.decision.evidence, values: [-6 %, -3 %, 0 %, 3 %, 6 %]}
  a: {set: inputs.0.rate, values: [1316 Hz, 1358 Hz, 1400 Hz, 1442 Hz, 1484 Hz]}
  b: {set: inputs.1.rate, values: [1484 Hz, 1442 Hz, 1400 Hz, 1358 Hz, 1316 Hz]}
replicates: 8
run: {threads: 1}
"""


class Behaviour(Case):
    def outcomes(self, directory):
        with open(os.path.join(self.path(directory), "outcomes.csv"), encoding="utf-8", newline="") as file:
            return {row["outcome"]: float(row["value"]) for row in csv.DictReader(file)}

    def edges(self, ms):
        """Synapses of a snapshot by their uid."""
        with h5py.File(self.path("out", "edges", f"edges.t{int(ms * 10):012d}.h5")) as file:
            group = file["edges/ee"]
            return dict(zip(group["0/synapse_uid"][:].tolist(), zip(group["source_node_id"][:].tolist(), group["target_node_id"][:].tolist())))

    def test_what_training_changes_is_in_the_series_and_the_snapshots(self):
        self.works("run", self.write("learning.yaml", LEARNING), "-o", self.path("out"), "--quiet")
        found = self.outcomes("out")
        with h5py.File(self.path("out", "series.h5")) as series:
            time, n, completion = (series[name][:] for name in ("time", "sessions/test/presentations", "sessions/test/completion"))
        before, after = (n > 0) & (time <= 600), (n > 0) & (time > 1200)
        self.assertEqual((n[before].sum(), n[after].sum()), (3, 6))
        wanted = np.average(completion[after], weights=n[after]) - np.average(completion[before], weights=n[before])
        self.assertAlmostEqual(found["learned.test"], wanted, places=12)
        self.assertNotIn("learned.training", found)
        then, now, last = self.edges(400), self.edges(1200), self.edges(2000)
        new = {uid: cells for uid, cells in now.items() if uid not in then}
        inside = [uid for uid, cells in new.items() if set(cells) <= set(PATTERN)]
        self.assertGreater(len(inside), 1)
        self.assertEqual(found["formed.ee"], len(new))
        self.assertAlmostEqual(found["formed_in_pattern.ee"], len(inside) / len(new), places=12)
        self.assertAlmostEqual(found["formed_kept.ee"], np.mean([uid in last for uid in new]), places=12)
        self.assertAlmostEqual(found["formed_kept_in_pattern.ee"], np.mean([uid in last for uid in inside]), places=12)
        self.assertLess(found["formed_kept.ee"], 0.95)
        self.works("report", self.path("out"), "-o", self.path("page"))
        with open(self.path("page", "figures", "sessions.csv"), encoding="utf-8") as file:
            self.assertIn("test, by chance", file.read())

    def test_synapses_are_counted_only_where_the_window_lasts_until_then(self):
        self.write("learning.yaml", LEARNING)
        sweep = "sweep: 1\nscenario: learning.yaml\nmeasure: {windows: {early: [0 s, 1.1 s], all: [0 s, 1.2 s]}}\n"
        self.works("sweep", "run", self.write("sweep.yaml", sweep), "-o", self.path("sw"), "--quiet")
        with open(self.path("sw", "results.csv"), encoding="utf-8", newline="") as file:
            found = {name.split(" ")[0]: value for name, value in next(csv.DictReader(file)).items()}
        for name in ("formed", "formed_in_pattern"):
            self.assertGreater(float(found[f"{name}.ee.all"]), 0)
            self.assertIn(found.get(f"{name}.ee.early", "nan"), ("", "nan"))

    def test_a_report_of_arms_draws_recall_beside_chance_and_the_strength_of_assemblies(self):
        path = self.write("learning.yaml", LEARNING)
        for name, words in (("trained", ()), ("sham", ("--set", "inputs.training.rate=0 Hz"))):
            self.works("run", path, "-o", self.path(name), "--quiet", *words)
        arms = [f"{name}={self.path(name)}" for name in ("trained", "sham")]
        self.works("report", *arms, "-o", self.path("page"))
        with open(self.path("page", "figures", "recall_0.csv"), encoding="utf-8", newline="") as file:
            drawn = {(row["trace"], round(float(row["y"]))): float(row["x"]) for row in csv.DictReader(file)}
        for row, name in enumerate(("trained", "sham")):
            found = self.outcomes(name)
            self.assertAlmostEqual(drawn["recall", row], found["recall.test"], places=9)
            self.assertAlmostEqual(drawn["by chance", row], found["outside.test"], places=9)
        self.works("report", *arms, "-o", self.path("few"), "--measure", "formed.*")
        self.assertFalse(os.path.exists(self.path("few", "figures", "recall_0.csv")), "nobody asked for it")
        many = [f"n{i}={self.path(('trained', 'sham')[i % 2])}" for i in range(13)]
        for words, told in ((many, True), (many[:12], False)):
            self.works("report", *words, "-o", self.path("many"), "--measure", "recall.*")
            with open(self.path("many", "report.html"), encoding="utf-8") as file:
                self.assertEqual("The first 12 of 13 scenarios." in file.read(), told)
        self.works("compare", *arms, "-o", self.path("tables"), "--quiet")
        with h5py.File(self.path("trained", "series.h5")) as series:
            strength = series["measures/ee/assemblies/pattern/strength"][:]
        with open(self.path("tables", "courses.csv"), encoding="utf-8", newline="") as file:
            course = [float(row["mean"]) for row in csv.DictReader(file)
                      if row["series"].endswith("assemblies/pattern/strength") and row["scenario"] == "trained"]
        np.testing.assert_allclose(course, strength, rtol=1e-9)

    def decision(self, directory, threshold):
        """Choice and reaction time by the recorded spikes, counted in the 20 ms before each sample."""
        counts = []
        for name in "ab":
            with h5py.File(os.path.join(directory, "spikes.h5")) as file:
                times = file[f"spikes/{name}/timestamps"][:]
            counts.append([np.sum((times > t - 20 + 0.05) & (times < t + 0.05)) for t in range(70, 251, 5)])
        rates = np.array(counts) / 15 / 0.02
        for t, (a, b) in zip(range(70, 251, 5), rates.T):
            if max(a, b) >= threshold - 1e-9 and a != b:
                return float(a > b), t - 50
        return np.nan, np.nan

    def test_the_first_population_at_the_threshold_wins(self):
        self.works("run", self.write("decision.yaml", DECISION.replace("THRESHOLD", "40")), "-o", self.path("out"), "--quiet")
        found = self.outcomes("out")
        choice, time = self.decision(self.path("out"), 40)
        self.assertEqual((found["choice.a"], found["reaction_time.a"], found["decided.a"]), (choice, time, 1))
        self.works("run", self.path("decision.yaml"), "-o", self.path("none"), "--quiet", "--set", "outcomes.decision.threshold=900 Hz")
        found = self.outcomes("none")
        self.assertTrue(np.isnan(found["choice.a"]) and np.isnan(found["reaction_time.a"]))
        self.assertEqual(found["decided.a"], 0)

    def test_samples_that_do_not_fill_the_mean_tell_nothing(self):
        """The only sample after 71 ms is the last, at 72 ms, 2 ms after the one before: no samples fill the 20 ms until then."""
        short = DECISION.replace("THRESHOLD", "40").replace("until: 250 ms", "until: 72 ms").replace("from: 50 ms", "from: 51 ms")
        self.works("run", self.write("decision.yaml", short), "-o", self.path("out"), "--quiet")
        self.assertTrue(np.isnan(self.outcomes("out").get("decided.a", np.nan)))

    def test_a_sweep_has_the_psychometric_curve_of_scipy(self):
        self.write("decision.yaml", DECISION.replace("THRESHOLD", "50"))
        self.works("sweep", "run", self.write("sweep.yaml", SWEEP), "-o", self.path("sw"), "--quiet")
        told = json.loads(self.works("compare", self.path("sw"), "--json").stdout)["psychometric"]
        self.assertEqual([row["outcome"] for row in told], ["choice.a"])
        with open(self.path("sw", "results.csv"), encoding="utf-8", newline="") as file:
            rows = [{name.split(" ")[0]: value for name, value in row.items()} for row in csv.DictReader(file)]
        x = np.array([float(row["evidence"].split()[0]) for row in rows])
        y = np.array([float(row["choice.a"]) for row in rows])
        for i in (0, 17, 39):
            choice, time = self.decision(self.path("sw", "points", "000", f"{i:06d}"), 50)
            np.testing.assert_equal([float(rows[i]["choice.a"]), float(rows[i]["reaction_time.a"])], [choice, time])
        x, y = x[~np.isnan(y)], y[~np.isnan(y)]
        self.assertEqual(told[0]["n"], len(y))

        def loss(p):
            return np.sum(np.logaddexp(0, p[1] * (x - p[0])) - y * p[1] * (x - p[0]))
        best = optimize.minimize(loss, [0, 0.1], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}).x
        self.assertAlmostEqual(told[0]["even"], best[0], delta=1e-5)
        self.assertAlmostEqual(told[0]["slope"], best[1], delta=1e-5)
        p = 1 / (1 + np.exp(-best[1] * (x - best[0])))  # Fisher information of (even, slope)
        gradient = np.array([-best[1] * np.ones_like(x), x - best[0]])
        error = np.sqrt(np.diag(np.linalg.inv((gradient * p * (1 - p)) @ gradient.T))) * stats.norm.ppf(0.975)
        for k, name in enumerate(("even", "slope")):
            self.assertAlmostEqual(told[0][f"{name}_low"], best[k] - error[k], delta=1e-4)
            self.assertAlmostEqual(told[0][f"{name}_high"], best[k] + error[k], delta=1e-4)
        self.works("report", self.path("sw"), "-o", self.path("page"))
        with open(self.path("page", "report.html"), encoding="utf-8") as file:
            self.assertIn("logistic curve by maximum likelihood", file.read())

    def test_wrong_outcomes_are_refused_with_place_and_remedy(self):
        learning, decision = self.write("learning.yaml", LEARNING), self.write("decision.yaml", DECISION.replace("THRESHOLD", "50"))
        for path, setting, why in (
            (learning, "outcomes={learning: {training: trainin}}", "did you mean"),
            (learning, "outcomes={learning: {training: training, until: 100 ms}}", "later than `from`"),
            (learning, "outcomes={learning: {training: training, of: nobody}}", "nobody"),
            (decision, "outcomes.decision.second=a", "must be two populations"),
            (decision, "outcomes.decision.over=2 ms", "sample more often"),
            (decision, "outcomes.decision.over=12 ms", "must be a multiple of record.series.every, 5 ms"),
            (decision, "record.series=none", "record.series is none"),
        ):
            with self.subTest(setting):
                self.fails(2, why, "check", path, "--set", setting)


main()
