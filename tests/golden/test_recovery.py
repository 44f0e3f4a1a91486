"""Who recovers, when, and why: `rewire compare` gives what numpy and scipy give from the series of the runs."""
import csv
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from scipy import stats  # noqa: E402

SCENARIO = """\
rewire: 1
time: {step: 0.1 ms, until: 200 ms}
populations: {cells: {model: lif_psc_exp, count: 2, set: {I_e: 400 pA}}}
record: {spikes: none, series: {every: 10 ms}, snapshots: none}
"""
SUBJECTS, ARMS = 10, ("a", "b", "c")
SWEEP = """\
sweep: 1
scenario: base.yaml
arms: {a: {}, b: {}, c: {}}
subjects: {count: 10, seed: 1, draw: {drive: {set: populations.cells.set.I_e, normal: [400 pA, 30 pA]},
  inertia: {set: populations.cells.set.C_m, uniform: [200 pF, 300 pF]}}}
measure: {windows: {before: [0 ms, 40 ms], lost: [40 ms, 80 ms], early: [80 ms, 110 ms], late: [150 ms, 200 ms]}}
recovery: {series: populations/cells/rate, between: [lost, before], reaches: '>=0.5', from: 80 ms, lasting: 20 ms,
  predictor: rate.cells.early}
run: {keep: series, threads: 1}
"""
DAY_MS = 86400e3


def kaplan_meier(times, met):
    """Share that has not met it after each distinct time, by its definition."""
    share, out = 1.0, []
    for time in np.unique(times):
        share *= 1 - np.sum(met & (times == time)) / np.sum(times >= time)
        out.append((time, share))
    return out


def log_rank(times, met, group, stratum):
    """Two groups: chi2 by the hypergeometric moments that scipy gives."""
    difference = variance = 0.0
    for s in np.unique(stratum):
        t, e, g = (x[stratum == s] for x in (times, met, group))
        for time in np.unique(t[e]):
            drawn = stats.hypergeom(np.sum(t >= time), np.sum((t >= time) & (g == 1)), np.sum(e & (t == time)))
            difference += np.sum(e & (t == time) & (g == 1)) - drawn.mean()
            variance += drawn.var() if np.sum(t >= time) > 1 else 0.0  # scipy: nan for one that is left
    return difference**2 / variance


class Recovery(Case):
    done = None  # the runs, for all tests; each gives them courses of its own

    def setUp(self):
        super().setUp()
        self.write("base.yaml", SCENARIO)
        self.write("sweep.yaml", SWEEP)
        self.out = self.path("out")
        if self.done is None:
            self.works("sweep", "run", self.path("sweep.yaml"), "-o", self.out, "--quiet")
            Recovery.done = tempfile.TemporaryDirectory()
            shutil.copytree(self.out, os.path.join(self.done.name, "out"))
        else:
            shutil.copytree(os.path.join(self.done.name, "out"), self.out)
        with open(os.path.join(self.out, "results.csv"), encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        rng = np.random.default_rng(3)
        self.traits = np.array([[float(row["drive [pA]"]), float(row["inertia [pF]"])] for row in self.rows])
        self.values = {}
        for i in range(len(self.rows)):
            self.plant(i, self.course(rng, 0.02 * (i // SUBJECTS) + 0.0008 * (self.traits[i, 0] - 400)))

    def point(self, point):
        return os.path.join(self.out, "points", "000", f"{point:06d}")

    @staticmethod
    def course(rng, slope):
        """1 before, 0 when lost, then a slope with noise; rounded, so that times tie."""
        values = np.concatenate([np.ones(5), np.zeros(4), np.round(0.3 + slope * np.arange(12) * 2 + rng.normal(0, 0.1, 12), 2)])
        return 7.0 + 3.0 * values

    def plant(self, point, values):
        """Gives a point a course of rates, and the outcomes that follow from it."""
        with h5py.File(os.path.join(self.point(point), "series.h5"), "r+") as file:
            self.time = file["time"][:]
            file["populations/cells/rate"][:] = values
        self.values[point] = values
        path = os.path.join(self.point(point), "run.json")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(self.point(point), "series.h5"), "rb") as file:
            planted = file.read()
        digits = hashlib.sha256(planted).hexdigest()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r'("series.h5",\s*"bytes": )\d+(,\s*"sha256": ")\w+', rf"\g<1>{len(planted)}\g<2>{digits}", text))
        path = os.path.join(self.point(point), "measures.csv")
        with open(path, encoding="utf-8", newline="") as file:
            names, cells = list(csv.reader(file))
        early = (self.time > 80 + 1e-6) & (self.time <= 110 + 1e-6)
        cells[names.index("rate.cells.early [Hz]")] = repr(float(values[early].mean()))
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, cells])

    def expected(self, point):
        """Time in days and whether the criterion was met, by the words of the documentation."""
        values, time = self.values[point], self.time
        inside = lambda a, b: (time > a + 1e-6) & (time <= b + 1e-6)  # noqa: E731
        zero, one = values[inside(40, 80)].mean(), values[inside(0, 40)].mean()
        level = (values - zero) / (one - zero)
        for t in time[time >= 100 - 1e-6]:
            if level[inside(t - 20, t)].mean() >= 0.5:
                return (t - 80) / DAY_MS, True, level[inside(80, 200)].mean()
        return 120 / DAY_MS, False, level[inside(80, 200)].mean()

    def compare(self, *words):
        return json.loads(self.works("compare", self.out, "--json", *words).stdout)

    def test_times_levels_and_all_tables_are_those_of_numpy_and_scipy(self):
        given = self.compare()
        runs = [self.expected(i) for i in range(len(self.rows))]
        np.testing.assert_allclose([run["time"] for run in given["runs"]], [run[0] for run in runs], rtol=1e-9)
        self.assertEqual([run["met"] for run in given["runs"]], [float(run[1]) for run in runs])
        np.testing.assert_allclose([run["level"] for run in given["runs"]], [run[2] for run in runs], rtol=1e-12)
        self.assertGreater(sum(run[1] for run in runs), 5)
        self.assertLess(sum(run[1] for run in runs), 28)
        times, met, level = (np.array(column) for column in zip(*runs))
        met = met.astype(bool)
        group, subject = np.divmod(np.arange(len(runs)), SUBJECTS)
        for g, arm in enumerate(ARMS):
            mine = group == g
            row = given["recovery"][g]
            self.assertEqual((row["scenario"], row["n"], row["met"], row["missing"]), (arm, 10, met[mine].sum(), 0))
            wilson = stats.binomtest(int(met[mine].sum()), 10).proportion_ci(method="wilson")
            np.testing.assert_allclose([row["low"], row["high"]], wilson, atol=1e-12)
            curve = [(r["time"], r["not_met"]) for r in given["survival"] if r["scenario"] == arm]
            np.testing.assert_allclose(curve, kaplan_meier(times[mine], met[mine]), rtol=1e-9, atol=1e-12)
            never = [str(s) for s in subject[mine & ~met]]
            self.assertEqual(given["never"][g]["never"], ", ".join(never) if never else "-")
            z = stats.zscore(np.column_stack([level[mine], self.traits[mine]]), ddof=1)
            beta = np.linalg.lstsq(z[:, 1:], z[:, 0], rcond=None)[0]
            traits = [row for row in given["traits"] if row["scenario"] == arm]
            self.assertEqual([row["trait"] for row in traits], ["drive", "inertia"])
            np.testing.assert_allclose([row["beta"] for row in traits], beta, rtol=1e-9)
            spread = np.sum((z[:, 0] - z[:, 1:] @ beta) ** 2) / 7 * np.diag(np.linalg.inv(z[:, 1:].T @ z[:, 1:]))
            half = stats.t.ppf(0.975, 7) * np.sqrt(spread)
            np.testing.assert_allclose([row["high"] for row in traits], beta + half, rtol=1e-9)
        tests = {(row["reference"], row["other"]): row for row in given["logrank"]}
        self.assertEqual(set(tests), {("all", "all"), ("a", "b"), ("a", "c"), ("b", "c")})
        for a, b in ((0, 1), (0, 2), (1, 2)):
            pair = (group == a) | (group == b)
            row = tests[ARMS[a], ARMS[b]]
            one = np.zeros(pair.sum())
            t, e, g = times[pair], met[pair], (group[pair] == b).astype(int)
            np.testing.assert_allclose(row["chi2"], log_rank(t, e, g, one), rtol=1e-9)
            np.testing.assert_allclose(row["p"], stats.chi2.sf(row["chi2"], 1), rtol=1e-9)
            np.testing.assert_allclose(row["paired_chi2"], log_rank(t, e, g, subject[pair]), rtol=1e-9)
        self.check_prediction(given, times, met, group)

    def check_prediction(self, given, times, met, group):
        """Those that met it before the predictor was measured are left out; the area is Mann and Whitney's."""
        early = (self.time > 80 + 1e-6) & (self.time <= 110 + 1e-6)
        predictor = np.array([self.values[i][early].mean() for i in range(len(times))])
        later = ~(met & (times <= 30 / DAY_MS * (1 + 1e-9)))
        compared = 0
        for g, row in enumerate(given["prediction"]):
            yes, no = predictor[(group == g) & later & met], predictor[(group == g) & later & ~met]
            self.assertEqual((row["met"], row["not_met"]), (len(yes), len(no)))
            if len(yes) == 0 or len(no) == 0:
                self.assertIsNone(row["area"])
                self.assertEqual(row["problem"], "all or none met it")
                continue
            area = stats.mannwhitneyu(yes, no).statistic / (len(yes) * len(no))
            np.testing.assert_allclose(row["area"], area, rtol=1e-12)
            points = [r for r in given["roc"] if r["scenario"] == row["scenario"]]
            np.testing.assert_allclose(np.trapz([p["sensitivity"] for p in points], [p["false_positives"] for p in points]),
                                       area, rtol=1e-12)
            compared += 1
        self.assertGreater(compared, 0)

    def test_runs_without_a_value_are_counted_and_say_why(self):
        flat = np.array(self.values[3])
        flat[:9] = 7.0
        self.plant(3, flat)
        os.rename(self.point(5), self.path("away"))
        given = self.compare()
        self.assertEqual((given["recovery"][0]["n"], given["recovery"][0]["missing"]), (8, 2))
        self.assertEqual(given["never"][0]["missing"],
                         "3: between its windows nothing was lost; 5: the run is not done")
        self.assertIsNone(given["runs"][3]["time"])
        self.assertIsNone(given["runs"][5]["met"])

    def test_the_command_line_takes_the_same_map(self):
        words = "{series: populations/cells/rate, reaches: '> 1e6', from: 80 ms}"
        given = self.compare("--recovery", words)
        self.assertEqual([row["met"] for row in given["recovery"]], [0, 0, 0])
        self.assertNotIn("prediction", given)
        self.assertIsNone(given["logrank"][0]["p"])
        out = self.works("compare", self.out, "--recovery", words).stdout
        self.assertIn("Never met it while watched", out)
        single = json.loads(self.works("compare", *[f"x={self.point(i)}" for i in range(3)], "--json", "--recovery", words,
                                       "-o", self.path("single")).stdout)
        self.assertEqual([row["n"] for row in single["recovery"]], [3])
        self.assertNotIn("traits", single)

    def test_what_is_asked_wrongly_is_said(self):
        right = "series: populations/cells/rate, from: 80 ms"
        for words, message in (
                ("{reaches: '>1', from: 1 s}", "series"),
                (f"{{{right}, reaches: 4}}", "must be a threshold with <, <=, > or >="),
                (f"{{{right}, reaches: '>1', between: [early, nowhere]}}", 'there is no window "nowhere"'),
                (f"{{{right}, reaches: '>1', between: [early, early]}}", "two different windows"),
                (f"{{{right}, reaches: '>1', predictor: rate.cells}}", "MEASURE.OBJECT.WINDOW"),
                (f"{{{right}, reaches: '>1', predictor: tempo.cells.early}}", "tempo.cells.early is no outcome"),
                (f"{{{right}, reaches: '>1', predictor: rate.cells.late}}", "predicts nothing"),
                (f"{{{right}, reaches: '>1', until: 90 ms, lasting: 20 ms}}", "must lie after from and lasting"),
                (f"{{{right}, reaches: '>1', wish: 1}}", "wish"),
                ("{series: rate, reaches: '>1', from: 80 ms}", "must be a dataset of series.h5"),
                ("{series: populations/cells/tempo, reaches: '>1', from: 80 ms}", "no run has the series /populations/cells/tempo"),
                ("{series: populations/cells/rate, reaches: '>1', from: 80 s}", "no run can be watched")):
            self.fails(2, re.escape(message), "compare", self.out, "--recovery", words)
        self.write("bad.yaml", SWEEP.replace("keep: series,", "keep: measures,"))
        self.fails(2, "say run: .keep: series", "sweep", "plan", self.path("bad.yaml"), "-o", self.path("no"))

    def test_a_remainder_is_what_is_left_of_the_whole(self):
        self.write("glun2.yaml", SCENARIO.replace("{model: lif_psc_exp, count: 2, set: {I_e: 400 pA}}",
                                                  "{model: lif_cond, count: 2, glun2: {A: 0.5, B: 0.5}}"))
        share = "sweep: 1\nscenario: glun2.yaml\nsubjects: {count: 3, draw: {part: {set: populations.cells.glun2.B, " \
                "remainder: populations.cells.glun2.A, uniform: [0.2, 0.6]}}}\n"
        out = self.path("shares")
        self.works("sweep", "run", self.write("shares.yaml", share), "-o", out, "--quiet", "--jobs", "1")
        with open(os.path.join(out, "results.csv"), encoding="utf-8", newline="") as file:
            drawn = [float(row["part []"]) for row in csv.DictReader(file)]
        for i, value in enumerate(drawn):
            with open(os.path.join(out, "points", "000", f"{i:06d}", "scenario.yaml"), encoding="utf-8") as file:
                glun2 = re.search(r"glun2: {A: ([0-9.]+), B: ([0-9.]+),", file.read())
            self.assertAlmostEqual(float(glun2[2]), value)
            self.assertAlmostEqual(float(glun2[1]), 1 - value)
        wrong = self.write("wrong.yaml", share.replace("[0.2, 0.6]", "[0.2, 1.6]"))
        self.fails(2, "must be a share", "sweep", "plan", wrong, "-o", self.path("no"))
        both = self.write("both.yaml", share.replace("remainder: populations.cells.glun2.A", "remainder: populations.cells.glun2.B"))
        self.fails(2, "which remainder sets too", "sweep", "plan", both, "-o", self.path("no"))


main()
