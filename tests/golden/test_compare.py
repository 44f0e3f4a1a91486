"""Comparisons give the numbers that scipy gives, closed forms where there are some, and refuse what is not comparable."""
import csv
import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from scipy import optimize, stats  # noqa: E402

SCENARIO = """\
rewire: 1
time: {step: 0.1 ms, until: 50 ms}
populations: {cells: {model: lif_psc_exp, count: 4, set: {I_e: 500 pA}}}
record: {spikes: none, series: {every: 10 ms}, snapshots: none}
"""


def holm(p):
    order, worst, out = np.argsort(p), 0.0, np.empty(len(p))
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, (len(p) - rank) * p[i]))
        out[i] = worst
    return out


def benjamini_hochberg(p):
    order, best, out = np.argsort(p), 1.0, np.empty(len(p))
    for rank in range(len(p), 0, -1):
        best = min(best, len(p) / rank * p[order[rank - 1]])
        out[order[rank - 1]] = best
    return out


class Comparisons(Case):
    def plan(self, text):
        """A planned sweep whose points get their outcomes from the test, without being simulated."""
        self.out = self.path("out")
        self.plan_into(self.out, text)
        with open(os.path.join(self.out, "points.csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def finish(self, point, **outcomes):
        folder = os.path.join(self.out, "points", f"{point // 1000:03d}", f"{point:06d}")
        os.makedirs(folder)
        with open(os.path.join(folder, "measures.csv"), "w", encoding="utf-8") as file:
            file.write(",".join(["config_sha256", *(f"{name}.x [Hz]" for name in outcomes)]) + "\n")
            file.write(",".join(["aa", *(repr(float(value)) for value in outcomes.values())]) + "\n")

    def compare(self, *words):
        return json.loads(self.works("compare", self.out, "--json", *words).stdout)

    def check_courses(self, folder, given, runs):
        """`runs` maps a scenario to its directories; the table is that of numpy and scipy, in all its forms."""
        with open(os.path.join(folder, "courses.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), len(given))
        with h5py.File(os.path.join(folder, "courses.h5")) as file:
            for name in ("mean", "low", "high", "n"):
                np.testing.assert_array_equal(file[f"table/{name}"][:], [float(row[name]) for row in rows])
                np.testing.assert_array_equal([float("nan") if row[name] is None else row[name] for row in given],
                                              [float(row[name]) for row in rows])
        self.assertEqual({row["scenario"] for row in rows}, set(runs))
        for scenario, directories in runs.items():
            mine = [row for row in rows if (row["scenario"], row["series"]) == (scenario, "/populations/cells/rate")]
            values = []
            for directory in directories:
                with h5py.File(os.path.join(directory, "series.h5")) as file:
                    values.append(file["populations/cells/rate"][:])
                    time = file["time"][:]
            values = np.array(values)[:, 1:]
            np.testing.assert_allclose([float(row["time [ms]"]) for row in mine], time)
            mean = values.mean(0)
            half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values, axis=0)
            np.testing.assert_allclose([float(row["mean"]) for row in mine[1:]], mean, rtol=1e-12)
            np.testing.assert_allclose([float(row["high"]) for row in mine[1:]], mean + half, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose([float(row["low"]) for row in mine[1:]], mean - half, rtol=1e-9, atol=1e-12)
            self.assertEqual({row["unit"] for row in mine}, {"Hz"})

    def test_courses_over_time_agree_with_scipy(self):
        noisy = SCENARIO.replace("record:", "inputs: [{to: cells, kind: noise, mean: 0 pA, std: 900 pA}]\nrecord:")
        self.write("base.yaml", noisy)
        out = self.path("out")
        self.works("sweep", "run", self.write("sweep.yaml", "sweep: 1\nscenario: base.yaml\narms: {a: {}, b: {inputs.0.mean: 90 pA}}\n"
                                              "replicates: 4\n"), "-o", out, "--quiet")
        points = [os.path.join(out, "points", "000", f"{i:06d}") for i in range(8)]
        runs = {"a": points[:4], "b": points[4:]}
        given = json.loads(self.works("compare", out, "--json").stdout)["courses"]
        self.check_courses(os.path.join(out, "compare"), given, runs)
        words = [f"{name}={path}" for name, paths in runs.items() for path in paths]
        given = json.loads(self.works("compare", *words, "--json", "-o", self.path("single")).stdout)["courses"]
        self.check_courses(self.path("single"), given, runs)

    def test_effects_agree_with_scipy(self):
        rng = np.random.default_rng(1)
        n = 11
        rows = self.plan("arms: {a: {}, b: {}, c: {}}\nreplicates: 11\n")
        values = {arm: {"rate": rng.normal(mean, 1, n), "calcium": rng.exponential(mean + 1, n)}
                  for arm, mean in (("a", 0.0), ("b", 0.4), ("c", 1.5))}
        for i, row in enumerate(rows):
            seed = int(row["replicate"])
            self.finish(i, **{name: column[seed] for name, column in values[row["arm"]].items()})
        effects = self.compare()["effects"]
        self.assertEqual([(e["outcome"], e["reference"], e["other"]) for e in effects],
                         [(o, *pair) for o in ("rate.x", "calcium.x") for pair in (("a", "b"), ("a", "c"), ("b", "c"))])
        for e in effects:
            a, b = (values[e[side]][e["outcome"][:-2]] for side in ("reference", "other"))
            d = b - a
            self.assertEqual(e["n"], n)
            np.testing.assert_allclose([e["mean_reference"], e["sd_reference"], e["mean"], e["sd"], e["difference"]],
                                       [a.mean(), a.std(ddof=1), b.mean(), b.std(ddof=1), d.mean()], rtol=1e-12)
            np.testing.assert_allclose(e["cohen_d"], d.mean() / np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2), rtol=1e-12)
            u = stats.mannwhitneyu(b, a).statistic
            np.testing.assert_allclose(e["cliff_delta"], 2 * u / n**2 - 1, atol=1e-12)
            exact = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
            np.testing.assert_allclose(e["p"], exact, rtol=1e-12)
            interval = stats.bootstrap((d,), np.mean, method="BCa", n_resamples=20000, random_state=2).confidence_interval
            np.testing.assert_allclose([e["low"], e["high"]], interval, atol=0.06 * (interval.high - interval.low))
        p = np.array([e["p"] for e in effects])
        np.testing.assert_allclose([e["p_holm"] for e in effects], holm(p), rtol=1e-12)
        np.testing.assert_allclose([e["p_bh"] for e in effects], benjamini_hochberg(p), rtol=1e-12)
        with h5py.File(os.path.join(self.out, "compare", "effects.h5")) as file:
            np.testing.assert_array_equal(file["table/p"][:], p)
        with open(os.path.join(self.out, "compare", "effects.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual([float(r["p_holm"]) for r in csv.DictReader(file)], [e["p_holm"] for e in effects])

    def test_a_random_permutation_test_is_near_the_exact_one(self):
        rng = np.random.default_rng(3)
        rows = self.plan("arms: {a: {}, b: {}}\nreplicates: 18\n")
        a, b = rng.normal(0, 1, 18), rng.normal(0.5, 1, 18)
        for i, row in enumerate(rows):
            self.finish(i, rate=(a if row["arm"] == "a" else b)[int(row["replicate"])])
        exact = stats.permutation_test((b - a,), np.mean, permutation_type="samples", n_resamples=2**18).pvalue
        seen = self.compare()["effects"][0]["p"]
        self.assertAlmostEqual(seen, exact, delta=4 * np.sqrt(exact * (1 - exact) / 10000))

    def test_equal_runs_are_refused_in_the_words_of_the_user(self):
        runs = [self.path("one"), self.path("two")]
        for run in runs:
            self.works("run", self.write("base.yaml", SCENARIO), "-o", run, "--quiet")
        named = [f"{name}={run}" for name, run in zip("ab", runs)]
        self.fails(2, "error: no outcome measure differs between any runs$", "compare", *named)
        self.fails(2, 'no outcome measure that matches "zz[*]" differs between any runs; the first measure is rate[.]cells$',
                   "compare", *named, "--measure", "zz*")

    def test_missing_points_are_left_out_in_pairs(self):
        rows = self.plan("arms: {a: {}, b: {}}\nreplicates: 5\n")
        for i, row in enumerate(rows):
            if i not in (1, 8):
                self.finish(i, rate=i)
        effect = self.compare()["effects"][0]
        self.assertEqual((effect["n"], effect["difference"]), (3, 5.0))
        self.assertIn("2 of 10 points are not done", self.works("compare", self.out).stdout)
        self.report()
        with open(os.path.join(self.out, "report", "report.html"), encoding="utf-8") as file:
            self.assertIn("<dt>not done</dt><dd>2</dd>", file.read())
        self.fails(2, "is a sweep, which is compared in itself", "compare", self.out, self.out)
        os.remove(os.path.join(self.out, "base.yaml"))
        self.fails(3, "a part of the plan is missing.*base.yaml", "compare", self.out)

    def fail(self, point, reason, last_words):
        folder = os.path.join(self.out, "points", f"{point // 1000:03d}", f"{point:06d}.failed")
        os.makedirs(folder)
        with open(os.path.join(folder, "failure.json"), "w", encoding="utf-8") as file:
            json.dump({"reason": reason, "exit_code": 4, "last_words": last_words}, file)

    def about(self):
        """The text at the head of the report."""
        with open(os.path.join(self.out, "report", "report.html"), encoding="utf-8") as file:
            return re.search(r'<p class="about">(.*?)</p>', file.read(), flags=re.S).group(1)

    def test_an_arm_that_failed_is_no_arm_without_a_difference(self):
        words = "rewire: error: population e runs away\nmore"
        told = "all 3 runs of wild failed: the simulation diverged: population e runs away"
        self.plan("arms: {ok: {}, wild: {}}\nreplicates: 3\n")
        for i in range(3):
            self.fail(3 + i, "the simulation diverged", words)
        self.fails(2, "no point is done, and some failed, the first because the simulation diverged", "compare", self.out)
        for i in range(3):
            self.finish(i, rate=i)
        self.fails(2, f"nothing to compare: {told}", "compare", self.out)
        self.fails(2, f"nothing to show.*{told}", "report", self.out)
        self.out = self.path("three")
        self.plan_into(self.out, "arms: {ok: {}, calm: {}, wild: {}}\nreplicates: 3\n")
        for i in range(6):
            self.finish(i, rate=i**2, cv_isi=i if i < 3 else np.nan)
        self.fail(6, "the simulation diverged", words)
        for i in (7, 8):
            self.finish(i, rate=i, cv_isi=i)
        found = self.compare()
        self.assertEqual(found["not_compared"], ["no run of calm has a value of cv_isi.x",
                                                 "1 of 3 runs of wild failed: the simulation diverged: population e runs away"])
        self.assertEqual([(e["outcome"], e["reference"], e["other"], e["n"]) for e in found["effects"]],
                         [("rate.x", "ok", "calm", 3), ("rate.x", "ok", "wild", 2), ("rate.x", "calm", "wild", 2),
                          ("cv_isi.x", "ok", "wild", 2)])
        self.assertIn("Not compared: no run of calm has a value of cv_isi.x.", self.works("compare", self.out).stdout)
        self.report()
        self.assertIn("no run of calm has a value of cv_isi.x", self.about())

    def test_plan_comparison_and_report_say_what_few_pairs_can_show(self):
        for pairs, single, both in ((4, "With 4 pairs no p can be below 0.125: p < 0.05 takes 6 pairs",
                                     "With 4 pairs no p can be below 0.125, nor below 0.25 after Holm's correction over 2 "
                                     "comparisons: p < 0.05 takes 6 pairs (replicates or subjects) for one comparison, 7 for all"),
                                    (6, "With 6 pairs no p can be below 0.0312",
                                     "nor below 0.0625 after Holm's correction over 2 comparisons: p < 0.05 takes 6 pairs "
                                     "(replicates or subjects) for one comparison, 7 for all"),
                                    (7, "With 7 pairs no p can be below 0.0156\n", "nor below 0.0312 after Holm's correction "
                                     "over 2 comparisons.\n")):
            self.out = self.path(f"pairs{pairs}")
            said = self.plan_into(self.out, "arms: {a: {}, b: {}}\nreplicates: %d\n" % pairs).stdout
            self.assertIn(single, said)
            for i in range(2 * pairs):
                self.finish(i, rate=100 * (i >= pairs) + i % pairs, calcium=i)
            told = self.works("compare", self.out).stdout
            self.assertIn(both, told)
            effects = self.compare()["effects"]
            self.assertEqual([e["p"] for e in effects], [2 / 2**pairs] * 2, "the least there is")
            self.assertEqual([e["p_holm"] < 0.05 for e in effects], [pairs == 7] * 2)
            self.assertIn(both.split(".\n")[0].replace("<", "&lt;").replace("'", "'"), self.report()["effects"])
        plan = json.loads(self.works("sweep", "plan", self.path("sweep.yaml"), "-o", self.out, "--json").stdout)
        self.assertEqual((plan["pairs"], plan["least_p"]), (7, 2**-6))

    def plan_into(self, directory, text):
        self.write("base.yaml", SCENARIO)
        return self.works("sweep", "plan", self.write("sweep.yaml", "sweep: 1\nscenario: base.yaml\n" + text), "-o", directory)

    def test_dose_response_finds_the_curve_that_scipy_finds(self):
        rng = np.random.default_rng(4)
        doses = [0, 0.1, 0.25, 0.5, 1, 2, 4]
        text = ", ".join(f"{d} pA" for d in doses)
        rows = self.plan("parameters: {dose: {set: populations.cells.set.I_e, values: [%s]}}\nreplicates: 20\n"
                         % text)
        curve = lambda x, E0, E_max, EC50, h: E0 + E_max * x**h / (EC50**h + x**h)  # noqa: E731
        x = np.array([float(row["dose [pA]"]) for row in rows])
        y = curve(x, 5, -3, 0.6, 1.8) + rng.normal(0, 0.1, len(x))
        for i, value in enumerate(y):
            self.finish(i, rate=value)
        fit = self.compare("--dose", "dose")["dose_response"][0]
        best, _ = optimize.curve_fit(curve, x, y, [5, -3, 0.6, 1.8])
        np.testing.assert_allclose([fit["E0"], fit["E_max"], fit["EC50"], fit["h"]], best, rtol=1e-5)
        for name, truth in (("E0", 5), ("E_max", -3), ("EC50", 0.6), ("h", 1.8)):
            self.assertTrue(fit[f"{name}_low"] < truth < fit[f"{name}_high"], (name, fit))
        residual = y - curve(x, *best)
        self.assertAlmostEqual(fit["r_squared"], 1 - (residual**2).sum() / ((y - y.mean()) ** 2).sum(), places=6)
        self.assertEqual(fit["reading"], "Hill")
        self.assertIn("Hill's curve with its 95 % band, EC50 0.589", self.report()["response_0"])
        with open(os.path.join(self.out, "report", "figures", "response_0.csv"), encoding="utf-8", newline="") as file:
            rows = np.array([[float(row[name]) for name in ("x", "y", "low", "high")] for row in csv.DictReader(file)])
        line = rows[:80]
        np.testing.assert_allclose(line[:, 1], curve(line[:, 0], *best), rtol=1e-4)
        resampled = []
        for _ in range(200):
            units = rng.integers(0, 20, 20)
            again, _ = optimize.curve_fit(curve, doses, y.reshape(7, 20)[:, units].mean(1), best)
            resampled.append(curve(line[:, 0], *again))
        for k, quantile in ((2, 2.5), (3, 97.5)):
            np.testing.assert_allclose(line[:, k], np.percentile(resampled, quantile, axis=0), atol=0.02)
        np.testing.assert_allclose(rows[80:, 1], y.reshape(7, 20).mean(1), rtol=1e-5)

    def test_doses_of_a_zip_may_be_given_once_each(self):
        plan = ("design: {kind: zip}\nparameters:\n  dose: {set: populations.cells.set.I_e, values: [%s]}\n"
                "  with_it: {set: populations.cells.set.tau_m, values: [10 ms, 11 ms, 12 ms, 13 ms, 14 ms]}\nreplicates: 2\n")
        for doses, words in (("0 pA, 1 pA, 2 pA, 2 pA, 4 pA", r"goes with it .design zip, each dose once"), ("0 pA, 4 pA, 2 pA, 3 pA, 1 pA", "")):
            shutil.rmtree(self.path("out"), ignore_errors=True)
            self.plan(plan % doses)
            for i in range(10):
                self.finish(i, rate=i)
            if words:
                self.fails(2, words, "compare", self.out, "--dose", "dose")
            else:
                self.assertEqual(len(self.compare("--dose", "dose")["dose_response"]), 1)

    def test_a_curve_does_not_depend_on_the_units_of_doses_and_effects(self):
        rng = np.random.default_rng(4)
        doses = [("0 pA", 0), ("100 fA", 0.1), ("0.25 pA", 0.25), ("0.0005 nA", 0.5), ("1 pA", 1), ("2000 fA", 2), ("4 pA", 4)]
        rows = self.plan("parameters: {dose: {set: populations.cells.set.I_e, values: [%s]}}\nreplicates: 12\n"
                         % ", ".join(text for text, _ in doses))
        x = np.array([float(row["dose [pA]"]) for row in rows])
        np.testing.assert_allclose(x, np.repeat([value for _, value in doses], 12), rtol=1e-15)
        shape = x**1.8 / (0.6**1.8 + x**1.8) + rng.normal(0, 0.03, len(x))
        scales = {"rate": (0, 1), "calcium": (0, 1e-12), "fano": (0, 1e15), "axon": (1e6, -1), "cv_isi": (3, 1e-6)}
        for i, value in enumerate(shape):
            self.finish(i, **{name: offset + scale * value for name, (offset, scale) in scales.items()})
        fits = {fit["outcome"][:-2]: fit for fit in self.compare("--dose", "dose")["dose_response"]}
        for name, (offset, scale) in scales.items():
            fit, first = fits[name], fits["rate"]
            for key in ("EC50", "EC50_low", "EC50_high", "h", "r_squared"):
                np.testing.assert_allclose(fit[key], first[key], rtol=1e-6, err_msg=f"{key} of {name}")
            np.testing.assert_allclose(fit["E_max"], scale * first["E_max"], rtol=1e-6, err_msg=name)
            np.testing.assert_allclose(fit["E0"] - offset, scale * first["E0"], rtol=1e-6, atol=1e-9 * abs(scale))
        self.plan_mixed("[1 pA, 2 mV, 3 pA, 4 pA]")
        self.plan_mixed("[1 pA, two, 3 pA, 4 pA]")

    def plan_mixed(self, values):
        """Values of no one quantity are texts, which a scenario then refuses."""
        self.fails(2, "point 1 of the sweep", "sweep", "plan", self.write("mixed.yaml", "sweep: 1\nscenario: base.yaml\n"
                   "parameters: {dose: {set: populations.cells.set.I_e, values: %s}}\n" % values), "-o", self.path("mixed"))

    def report(self):
        """Captions of the figures."""
        self.works("report", self.out, "--quiet")
        with open(os.path.join(self.out, "report", "report.html"), encoding="utf-8") as file:
            found = re.findall(r'<figure id="(\w+)">.*?<figcaption>(.*?)<br>', file.read(), flags=re.S)
        return dict(found)

    def test_hills_curve_is_not_drawn_where_the_points_say_otherwise(self):
        rng = np.random.default_rng(5)
        rows = self.plan("parameters: {dose: {set: populations.cells.set.I_e, values: [0 pA, 1 pA, 2 pA, 4 pA]}}\n"
                         "replicates: 6\n")
        for i, row in enumerate(rows):
            noise, seed = rng.normal(0, 0.02), int(row["replicate"])
            place = ("0", "1", "2", "4").index(row["dose [pA]"])
            self.finish(i, rate=(1, 5, 5.5, 5)[place] + noise, calcium=(1, 1, 5, 5)[place] + noise,
                        cv_isi=(0, 1, 1.8, 3.3)[place] + noise, fano=rng.normal(1, 1), synapses=seed)
        found = {fit["outcome"]: fit["reading"] for fit in self.compare("--dose", "dose")["dose_response"]}
        self.assertEqual(found["rate.x"], "not Hill: it rises from 0 to 1 pA and falls from 2 to 4")
        self.assertEqual(found["calcium.x"], "not Hill: it is a step between two doses")
        self.assertEqual(found["cv_isi.x"], "Hill, EC50 and E_max beyond the doses")
        self.assertRegex(found["fano.x"], r"not Hill: it explains only \d+ % of the variance")
        self.assertNotIn("synapses.x", found, "it differs between seeds, but never between doses")
        captions = self.report()
        self.assertIn("Without a line, because", captions["response_0"])
        self.assertIn("extrapolated", captions["response_2"])
        self.assertEqual(self.count_rows("response_0"), 4, "points alone")
        self.assertEqual(self.count_rows("response_2"), 4 + 80)

    def count_rows(self, figure):
        with open(os.path.join(self.out, "report", "figures", f"{figure}.csv"), encoding="utf-8") as file:
            return len(file.readlines()) - 1

    def test_runs_of_a_subject_are_joined(self):
        rows = self.plan("arms: {a: {}, b: {}, c: {}}\n"
                         "subjects: {count: 5, draw: {I: {set: populations.cells.set.I_e, normal: [500 pA, 10 pA]}}}\n")
        for i, row in enumerate(rows):
            self.finish(i, rate=float(row["I [pA]"]) + "abc".index(row["arm"]))
        self.assertIn("joined by a line for each subject", self.report()["runs_0"])
        with open(os.path.join(self.out, "report", "figures", "runs_0.csv"), encoding="utf-8", newline="") as file:
            joins = np.array([float(row["x"]) for row in csv.DictReader(file)][:20]).reshape(5, 4)
        self.assertTrue(np.isnan(joins[:, 3]).all(), "a gap behind each")
        np.testing.assert_allclose(np.diff(joins[:, :3]), 1, rtol=1e-6)
        with open(os.path.join(self.out, "points.csv"), encoding="utf-8", newline="") as file:
            np.testing.assert_allclose(joins[:, 0], [float(row["I [pA]"]) for row in csv.DictReader(file)][:5])

    def test_sensitivity_indices_of_ishigami_are_those_of_the_closed_form(self):
        ranges = (("I_e", "pA", 0), ("tau_m", "ms", 10), ("C_m", "pF", 200))  # each one unit wide
        text = "parameters:\n" + "".join(f"  p{i}: {{set: populations.cells.set.{key}, range: [{low} {unit}, {low + 1} {unit}]}}\n"
                                         for i, (key, unit, low) in enumerate(ranges))
        rows = self.plan(text + "design: {kind: saltelli, points: 1024, seed: 1}\n")
        for i, row in enumerate(rows):
            x = [(2 * (float(row[f"p{k} [{unit}]"]) - low) - 1) * np.pi for k, (_, unit, low) in enumerate(ranges)]
            self.finish(i, rate=np.sin(x[0]) + 7 * np.sin(x[1])**2 + 0.1 * x[2]**4 * np.sin(x[0]))
        found = self.compare()["sensitivity"]
        v1 = 0.5 * (1 + 0.1 * np.pi**4 / 5)**2
        v2, v13 = 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
        v = v1 + v2 + v13
        np.testing.assert_allclose([s["first"] for s in found], [v1 / v, v2 / v, 0], atol=0.03)
        np.testing.assert_allclose([s["total"] for s in found], [(v1 + v13) / v, v2 / v, v13 / v], atol=0.02)
        for s in found:
            self.assertTrue(s["first_low"] <= s["first"] <= s["first_high"])

    def test_ranks_and_shares_agree_with_scipy(self):
        rng = np.random.default_rng(6)
        rows = self.plan("parameters: {p: {set: populations.cells.set.I_e, range: [0 pA, 1 pA]}}\n"
                         "design: {kind: lhs, points: 40}\n")
        x = np.array([float(row["p [pA]"]) for row in rows])
        y = x + rng.normal(0, 0.5, 40)
        for i, value in enumerate(y):
            self.finish(i, rate=value)
        self.assertAlmostEqual(self.compare()["sensitivity"][0]["spearman"], stats.spearmanr(x, y)[0], places=12)
        rows = self.compare("--criterion", "rate.x >= 0.5")["criterion"]
        self.assertEqual([row["met"] for row in rows], [float(v >= 0.5) for v in y])

    def test_a_share_has_wilsons_interval(self):
        self.plan("subjects: {count: 25, draw: {I: {set: populations.cells.set.I_e, normal: [500 pA, 10 pA]}}}\n")
        for i in range(25):
            self.finish(i, rate=i)
        row = self.compare("--criterion", "rate.x<7")["criterion"][0]
        interval = stats.binomtest(7, 25).proportion_ci(method="wilson")
        np.testing.assert_allclose([row["share"], row["low"], row["high"]], [7 / 25, *interval], rtol=1e-9)

    def test_results_of_single_runs_are_paired_by_seed(self):
        scenario = self.write("base.yaml", SCENARIO)
        for current in (400, 600):
            for seed in (1, 2, 3):
                self.works("run", scenario, "-o", self.path(f"r{current}_{seed}"), "--set", f"seed={seed}", "--set",
                           f"populations.cells.set.I_e={current} pA", "--quiet")
        runs = [self.path(f"r{current}_{seed}") for current in (400, 600) for seed in (3, 1, 2)]
        effects = json.loads(self.works("compare", *runs, "--json", "-o", self.path("c"), "--window", "late=20ms:50ms").stdout)["effects"]
        self.assertEqual(effects[0]["outcome"], "rate.cells.late")
        self.assertEqual(effects[0]["n"], 3)
        self.assertGreater(effects[0]["difference"], 10)
        self.fails(2, "not paired by seed", "compare", *runs[:-1], "-o", self.path("c"))
        self.fails(2, "same scenario and seed", "compare", runs[0], runs[3], runs[0], "-o", self.path("c"))
        self.fails(2, "one scenario only", "compare", *runs[:3], "-o", self.path("c"))
        self.works("run", scenario, "-o", self.path("more"), "--quiet", "--set", "populations.more={model: lif_psc_exp, count: 2}")
        told = json.loads(self.works("compare", runs[1], self.path("more"), "--json", "-o", self.path("c")).stdout)
        self.assertIn("rate.more", told["left_out"])
        self.assertNotIn("rate.cells", told["left_out"])
        self.assertFalse([effect for effect in told["effects"] if "more" in effect["outcome"]])
        path = os.path.join(runs[4], "run.json")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace('"git_describe": "', '"git_describe": "old-'))
        self.fails(2, "was made by rewire old-", "compare", runs[1], runs[4], "-o", self.path("c"))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace('"status": "done"', '"status": "interrupted"'))
        self.fails(2, "is not finished", "compare", runs[1], runs[4], "-o", self.path("c"))

    def test_what_is_asked_wrongly_is_said(self):
        self.plan("arms: {a: {}, b: {}}\nreplicates: 2\n")
        self.fails(2, "no point is done yet", "compare", self.out)
        for i in range(4):
            self.finish(i, rate=i)
        self.fails(2, "no outcome measure that matches \"speed\"", "compare", self.out, "--measure", "speed")
        self.fails(2, "no parameter of this name", "compare", self.out, "--dose", "dose")
        self.fails(2, "write OUTCOME<VALUE", "compare", self.out, "--criterion", "rate.x")
        self.fails(2, "there is no such scenario", "compare", self.out, "--reference", "z")


main()
