"""Reports open offline, show what the files hold, and draw without a complaint in a browser."""
import csv
import glob
import json
import os
import re
import shutil
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import browser  # noqa: E402
from program import Case, is_sanitized, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from scipy import signal  # noqa: E402

SCENARIO = """\
rewire: 1
title: "growth <of> a \\"net\\" & more"
seed: 3
time: {step: 0.1 ms, until: 3 s}
space: {size: [400 um, 400 um], periodic: true}
populations:
  exc: {model: lif_psc_exp, count: 60, set: {V_m: {uniform: [-70 mV, -56 mV]}}}
  inh: {model: lif_psc_exp, count: 20, set: {V_m: {uniform: [-70 mV, -56 mV]}}}
projections:
  - {name: ee, from: exc, to: exc, connect: {rule: fixed_indegree, n: 8}, weight: {normal: [20 pA, 3 pA]}, delay: 1.5 ms,
     receptors: {exc: 1}, rewire: {kernel: gaussian, sigma: 150 um}}
  - {name: ie, from: inh, to: exc, connect: {rule: fixed_indegree, n: 4}, weight: -30 pA, delay: 1 ms, receptors: {inh: 1}}
inputs:
  - {to: exc, kind: poisson, rate: 8000 Hz, weight: 30 pA, receptors: {exc: 1}}
  - {to: inh, kind: poisson, rate: 8000 Hz, weight: 28 pA, receptors: {exc: 1}}
growth:
  - {on: exc.axon, model: linear, target: 25 Hz, nu: 1e-3 /ms}
  - {on: exc.dendrite_exc, model: linear, target: 20 Hz, nu: 1e-3 /ms}
structure: {every: 100 ms, growth_every: 10 ms, tau_Ca: 1 s, beta_Ca: 0.001, vacant_decay: 0.1}
record:
  spikes: all
  snapshots: {every: 1 s}
  series: {every: 100 ms}
  measures: {every: 500 ms, groups: {some: {of: exc, targets: {first: 20}}}}
"""

STRONGER = """\
rewire: 1
time: {step: 1 ms, until: 100 h, clock: {factor: 3.6e6}}
populations: {cells: {model: lif_cond, count: 2}}
inputs: [{to: cells, kind: poisson, rate: 100 Hz, weight: 1 nS, receptors: {ampa: 1}}]
projections: [{from: cells, to: cells, connect: {rule: all_to_all}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1},
               rewire: {loss: {rate: 0.1 /h}}}]
growth: [{on: cells.axon, model: constant, nu: 1 /h}, {on: cells.dendrite_exc, model: constant, nu: 1 /h}]
structure: {every: 10 h, growth_every: 10 ms}
blockade: [{receptor: ampa, factor: {steps: [[0 ms, 1], [50 h, 1.5]]}}]
record: {series: {every: 10 h}, survival: [20 h, 50 h]}
"""



class Reports(Case):
    def run_once(self):
        self.works("run", self.write("net.yaml", SCENARIO), "-o", self.path("run"), "--quiet")
        return self.path("run")

    def figure(self, folder, name):
        with open(os.path.join(folder, "figures", f"{name}.csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def trace(self, folder, name, label):
        rows = [row for row in self.figure(folder, name) if row["trace"] == label]
        return np.array([[float(row["x"]), float(row["y"])] for row in rows]).T

    def check_page(self, folder):
        """The page and its files; returns the page and the names of its figures."""
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            page = file.read()
        addresses = set(re.findall(r"https?://[^\s'\"<>)]+", page))
        self.assertLessEqual(addresses, {"http://www.w3.org/2000/svg", "https://github.com/leeoniya/uPlot"})
        self.assertIn("default-src 'none'", page)
        names = re.findall(r'<figure id="(\w+)">', page)
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            with open(os.path.join(folder, "figures", f"{name}.svg"), encoding="utf-8") as file:
                drawing = ElementTree.fromstring(file.read())
            self.assertGreater(len(drawing), 5, name)
            self.assertTrue(self.figure(folder, name), name)
        for drawing in re.findall(r"<svg.*?</svg>", page, flags=re.S):
            ElementTree.fromstring(drawing)
        data = json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.S).group(1))
        self.assertLessEqual({figure["id"] for figure in data}, set(names))
        for figure in data:
            if figure.get("y", {}).get("max") is not None:
                most = max(y for trace in figure["traces"] for y in trace["y"] if y is not None)
                self.assertLessEqual(most, figure["y"]["max"], f"{figure['id']} leaves its axis")
        return page, names

    def check_colours(self, folder, page):
        """A figure's file has the colours that it has in the page, and the page's script gets them from there."""
        light = dict(re.findall(r"--([cs]\d):(#\w+);", re.search(r":root\{(--c0:[^}]*)\}", page).group(1)))
        for name in re.findall(r'<figure id="(\w+)">', page):
            with open(os.path.join(folder, "figures", f"{name}.svg"), encoding="utf-8") as file:
                style = re.search(r"<style>(.*?)</style>", file.read()).group(1)
            self.assertEqual(dict(re.findall(r"\.([cs]\d)\{stroke:(#\w+);", style)), light, name)
        palette = json.loads(re.search(r'id="palette">(.*?)</script>', page, flags=re.S).group(1))
        self.assertEqual(len(light), palette["colours"] + 7)
        with open(os.path.join(folder, "figures", "matrix.svg"), encoding="utf-8") as file:
            self.assertIn("#" + bytes(palette["sequential"][0]).hex(), file.read())

    def test_the_figures_of_a_run_show_what_its_files_hold(self):
        run = self.run_once()
        self.works("report", run)
        report = os.path.join(run, "report")
        page, names = self.check_page(report)
        self.assertEqual(names, ["rates", "calcium", "synapses", "turnover", "raster", "spectrum", "degrees", "weights",
                                 "distances", "matrix", "assemblies", "groups", "snapshot_turnover", "returned",
                                 "degree_spread", "distance"])
        self.check_colours(report, page)
        self.assertIn("growth &lt;of&gt; a &quot;net&quot; &amp; more", page)
        data = json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.S).group(1))
        frames = next(figure["frames"] for figure in data if figure["id"] == "matrix")
        self.assertEqual((frames["populations"], frames["ends"]), (["exc", "inh"], [48, 64]))
        with h5py.File(os.path.join(run, "series.h5")) as file:
            x, y = self.trace(report, "rates", "exc")
            np.testing.assert_allclose(x, file["time"][:] / 1000)
            np.testing.assert_array_equal(y, file["populations/exc/rate"][:])
            np.testing.assert_array_equal(self.trace(report, "synapses", "ee")[1], file["projections/ee/synapses"][:])
            x, y = self.trace(report, "groups", "ee, some to rest")
            np.testing.assert_allclose(x, file["measures/time"][:] / 1000)
            np.testing.assert_array_equal(y, file["measures/ee/groups/some/rest/density"][:])
            y = self.trace(report, "assemblies", "ee, some, weights")[1]
            np.testing.assert_array_equal(y, file["measures/ee/assemblies/some/strength"][:])
        np.testing.assert_allclose(self.trace(report, "calcium", "target of exc.axon")[1], 0.025)
        np.testing.assert_allclose(self.trace(report, "calcium", "target of exc.dendrite_exc")[1], 0.02)
        with h5py.File(os.path.join(run, "spikes.h5")) as file:
            times = file["spikes/exc/timestamps"][:]
        rate = np.bincount(times.astype(int), minlength=3000)[:3000] * 1000 / 60
        hz, power = signal.welch(rate, 1000, "hann", 1024, detrend="constant")
        seen = self.trace(report, "spectrum", "exc")
        np.testing.assert_allclose(seen[0], hz[1:-1])
        np.testing.assert_allclose(seen[1], power[1:-1], rtol=1e-6)
        last = sorted(glob.glob(os.path.join(run, "edges", "*.h5")))[-1]
        with h5py.File(last) as file, h5py.File(os.path.join(run, "nodes.h5")) as nodes:
            source, target = (file[f"edges/ee/{end}_node_id"][:].astype(int) for end in ("source", "target"))
            weight = file["edges/ee/0/syn_weight"][:]
            place = np.stack([nodes["nodes/exc/0/x"][:], nodes["nodes/exc/0/y"][:]])
        apart = np.abs(place[:, source] - place[:, target])
        apart = np.hypot(*np.minimum(apart, 400 - apart))
        for name, label, values in (("degrees", "in, last", np.bincount(target, minlength=60)),
                                    ("degrees", "out, last", np.bincount(source, minlength=60)),
                                    ("weights", "last", weight), ("distances", "last", apart)):
            x, y = self.trace(report, name, label)
            np.testing.assert_array_equal(y[:-1], np.histogram(values, bins=x)[0], f"{name} {label}")
        cells = [float(row["value"]) for row in self.figure(report, "matrix") if row["frame"] == "at 3 s"]
        n = int(np.sqrt(len(cells)))
        matrix, order = np.array(cells).reshape(n, n), np.argsort(place[0], kind="stable")
        rows = 48  # of 64, for 60 of 80 cells
        row_of = np.empty(60, int)
        row_of[order] = np.arange(60) * rows // 60
        counts, sizes = np.zeros((rows, rows)), np.bincount(row_of)
        np.add.at(counts, (row_of[source], row_of[target]), 1)
        np.testing.assert_allclose(matrix[:rows, :rows], 100 * counts / np.outer(sizes, sizes), atol=1e-3)

    def test_axes_take_in_strengthened_receptors_and_days_of_biology(self):
        scenario = self.write("more.yaml", STRONGER)
        self.works("run", scenario, "-o", self.path("run"), "--quiet")
        self.works("run", scenario, "-o", self.path("other"), "--quiet", "--set", "inputs.0.rate=2 kHz")
        self.works("report", f"a={self.path('run')}", f"b={self.path('other')}", "-o", self.path("both"))
        self.works("report", self.path("run"))
        for folder, figure in (("both", "course_0"), ("run/report", "rates")):
            page, _ = self.check_page(self.path(folder))
            data = json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.S).group(1))
            shown = next(one for one in data if one["id"] == figure)
            self.assertEqual(shown["x"]["text"], "time (d)")
            self.assertAlmostEqual(shown["traces"][0]["x"][-1], 100 / 24, 4)  # 100 h
        _, names = self.check_page(self.path("run", "report"))
        self.assertIn("conductance", names)
        self.assertEqual(self.trace(self.path("run", "report"), "conductance", "ampa on cells")[1].max(), 1.5)
        ages, _ = self.trace(self.path("run", "report"), "survival", "cells__cells__ampa")
        np.testing.assert_allclose(ages, [0, 20 / 24, 50 / 24], rtol=1e-5)
        frames = {row["frame"] for row in self.figure(self.path("run", "report"), "matrix")}
        self.assertEqual(frames, {"at 0 d", "at 4.167 d"})

    def test_a_result_that_lacks_something_has_no_page(self):
        text = re.sub(r"until: 3 s", "until: 200 ms", SCENARIO)
        self.works("run", self.write("net.yaml", text), "-o", self.path("whole"), "--quiet")
        for name, reason in (("series.h5", "run.json says that the run has written series.h5, but it is missing"),
                             ("edges", r"has written edges/edges\.t0+\.h5, but it is missing"),
                             ("scenario.yaml", "its scenario is not what the run has written.*scenario.yaml is missing")):
            run = self.path(f"without_{name}")
            shutil.copytree(self.path("whole"), run)
            path = os.path.join(run, name)
            (shutil.rmtree if os.path.isdir(path) else os.remove)(path)
            self.fails(2, reason, "report", run)
            self.assertFalse(os.path.exists(os.path.join(run, "report")))
        run = self.path("changed")
        shutil.copytree(self.path("whole"), run)
        path = os.path.join(run, "scenario.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("seed: 3", "seed: 4"))
        self.fails(2, "its scenario is not what the run has written.*scenario.yaml is damaged", "report", run)

    def test_a_damaged_file_is_told_alike_by_report_and_diff(self):
        self.works("run", self.write("net.yaml", re.sub(r"until: 3 s", "until: 200 ms", SCENARIO)), "-o", self.path("whole"), "--quiet")
        edges = os.path.relpath(sorted(glob.glob(os.path.join(self.path("whole"), "edges", "*.h5")))[0], self.path("whole"))
        for name in ("series.h5", "spikes.h5", edges):
            run = self.path("damaged")
            shutil.copytree(self.path("whole"), run)
            path = os.path.join(run, name)
            os.truncate(path, os.path.getsize(path) // 2)
            self.fails(2, f"{name}: is not a readable HDF5 file .*bring it back from a copy", "diff", self.path("whole"), run)
            self.fails(2, "bring it back", "report", run)
            shutil.rmtree(run)
        shutil.copytree(self.path("whole"), run)
        with open(os.path.join(run, "series.h5"), "rb") as file:
            before = file.read()
        with h5py.File(os.path.join(run, "series.h5"), "r+"):
            pass
        with open(os.path.join(run, "series.h5"), "rb") as file:
            self.assertNotEqual(file.read(), before, "opening a file for writing changes it")
        self.works("report", run, "--quiet")  # but no number in it
        with h5py.File(os.path.join(run, "series.h5"), "r+") as file:  # another number, and a whole file
            file["time"][1] += 1
        self.fails(2, "its series are not what the run has written.*damaged", "report", run)
        os.truncate(os.path.join(run, "run.json"), 300)
        self.fails(2, "its run.json cannot be read; bring it back from a copy", "report", run)

    def test_the_page_of_a_drug_shows_its_levels_and_the_acute_state(self):
        text = """rewire: 1
time: {step: 0.1 ms, until: 150 min, clock: {factor: 6000}}
populations: {cells: {model: lif_cond, count: 20, receptors: {nmda: {}, ampa: {}, gaba_a: {}}, glun2: {A: 1}}}
inputs: [{to: cells, kind: poisson, rate: 3000 Hz, weight: 1 nS, receptors: {ampa: 1, nmda: 0.5}}]
projections: [{from: cells, to: cells, connect: {rule: fixed_indegree, n: 2}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1}}]
drugs: {esketamine: {model: fanta_2015, dose: 40 mg, route: iv_bolus, at: 110 min}}
record: {spikes: none, snapshots: none, series: {every: 10 min}}
"""
        run = self.path("run")
        self.works("run", self.write("drug.yaml", text), "-o", run, "--quiet")
        self.works("report", run)
        report = os.path.join(run, "report")
        _, names = self.check_page(report)
        self.assertEqual(names, ["level", "occupancy", "rates", "rhythms", "glutamate", "ei_ratio", "charge_nmda", "clock",
                                 "clock_error"])
        with h5py.File(os.path.join(run, "series.h5")) as file:
            for name, label, dataset in (("level", "esketamine at the receptor", "drugs/esketamine/at_receptor"),
                                         ("level", "s_norketamine in plasma", "drugs/esketamine/s_norketamine/plasma"),
                                         ("rhythms", "alpha", "network/alpha_relative"),
                                         ("glutamate", "glutamate", "network/glutamate"),
                                         ("charge_nmda", "cells", "populations/cells/charge/nmda")):
                np.testing.assert_array_equal(self.trace(report, name, label)[1], file[dataset][:], dataset)
                self.assertTrue(np.isfinite(file[dataset][:]).any(), dataset)

    def test_a_sweep_and_a_comparison_have_pages_too(self):
        scenario = re.sub(r"until: 3 s", "until: 400 ms", SCENARIO)
        self.write("net.yaml", scenario)
        sweep = ("sweep: 1\ntitle: drive\nscenario: net.yaml\nparameters: {drive: {set: inputs.0.rate, values: [%s]}}\n"
                 "arms: {low: {}, high: {projections.ie.weight: -60 pA}}\nreplicates: 3\n")
        out = self.path("sweep")
        self.works("sweep", "run", self.write("s.yaml", sweep % "6000 Hz, 7000 Hz, 8000 Hz, 9000 Hz"), "-o", out, "--quiet")
        self.works("report", out, "--measure", "rate.*")
        _, names = self.check_page(os.path.join(out, "report"))
        self.assertEqual(names[:2], ["response_0", "effects"], "inh fires alike at every drive")
        runs = [os.path.join(out, f"points/000/{i:06d}") for i in range(6)]
        with open(os.path.join(out, "results.csv"), encoding="utf-8", newline="") as file:
            first = {name.split(" ")[0]: value for name, value in next(csv.DictReader(file)).items()}
        with h5py.File(os.path.join(runs[0], "series.h5")) as file:
            self.assertEqual(len(file["measures/time"]), 2, "the start, which is in no window, and the end")
            for column, dataset in (("in_degree_sd", "in_degree_sd"), ("turnover", "turnover"),
                                    ("groups_some_rest_density", "groups/some/rest/density")):
                self.assertEqual(float(first[f"measures_{column}.ee"]), file[f"measures/ee/{dataset}"][1], column)
        self.works("report", *runs, "-o", self.path("both"), "--measure", "rate.*")
        _, names = self.check_page(self.path("both"))
        self.assertEqual(names, ["course_0", "course_1", "course_2", "course_3", "effects", "runs_0"])
        self.assertEqual(len({row["trace"] for row in self.figure(self.path("both"), "course_3")}), 2, "strength of the group `some`, two arms")
        with open(os.path.join(self.path("both"), "figures", "course_0.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual(len({row["trace"] for row in csv.DictReader(file)}), 2, "two arms, overlaid")
        self.assertIn("low", {row["trace"] for row in self.figure(os.path.join(out, "report"), "response_0")})

    def test_a_sweep_over_two_parameters_has_maps(self):
        self.write("net.yaml", re.sub(r"until: 3 s", "until: 200 ms", SCENARIO))
        sweep = ("sweep: 1\nscenario: net.yaml\nparameters:\n  drive: {set: inputs.0.rate, values: [6000 Hz, 8000 Hz, 9000 Hz]}\n"
                 "  weight: {set: projections.ie.weight, values: [-10 pA, -90 pA]}\narms: {a: {}, b: {inputs.1.rate: 9500 Hz}}\nreplicates: 2\n")
        out = self.path("sweep")
        self.works("sweep", "run", self.write("s.yaml", sweep), "-o", out, "--quiet")
        self.works("report", out, "--measure", "rate.exc")
        page, names = self.check_page(os.path.join(out, "report"))
        self.assertEqual(names, ["map_0", "map_1"])
        self.assertIn("Firing rate of exc (Hz): b", page)
        with open(os.path.join(out, "results.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        cells = self.figure(os.path.join(out, "report"), "map_1")
        self.assertEqual(len(cells), 6)
        for cell in cells:
            runs = [float(r["rate.exc [Hz]"]) for r in rows if r["arm"] == "b" and r["drive [Hz]"] == cell["drive"]
                    and r["weight [pA]"] == cell["weight"]]
            self.assertEqual(len(runs), 2)
            self.assertAlmostEqual(float(cell["value"]), np.mean(runs), places=9)

    @unittest.skipIf(is_sanitized(), "large, and nothing that the small ones have not")
    def test_a_million_spikes_and_ten_thousand_cells_stay_a_small_page(self):
        text = re.sub(r"until: 3 s", "until: 1 s", SCENARIO).replace("count: 60", "count: 8000").replace("count: 20", "count: 2000")
        text = text[:text.index("inputs:")] + "record: {spikes: all, snapshots: {}, series: {every: 100 ms}}\n"
        text = text.replace(", rewire: {kernel: gaussian, sigma: 150 um}", "").replace("set: {V_m: {uniform: [-70 mV, -56 mV]}}", "set: {}")
        run = self.path("run")
        self.works("run", self.write("net.yaml", text), "-o", run, "--quiet", "--set", "time.step=1 ms")
        rng = np.random.default_rng(1)
        with h5py.File(os.path.join(run, "spikes.h5"), "r+") as file:
            for name, cells, n in (("exc", 8000, 800000), ("inh", 2000, 200000)):
                group = file[f"spikes/{name}"] if f"spikes/{name}" in file else file.create_group(f"spikes/{name}")
                for dataset, values in (("timestamps", np.sort(rng.uniform(0, 1000, n))), ("node_ids", rng.integers(0, cells, n))):
                    if dataset in group:
                        del group[dataset]
                    group[dataset] = values
        self.works("report", run)
        report = os.path.join(run, "report")
        self.assertLess(os.path.getsize(os.path.join(report, "report.html")), 3e6)
        self.assertGreater(len(self.figure(report, "raster")), 10000)
        self.assertLess(len(self.figure(report, "raster")), 50000)
        self.assertLessEqual(len({row["row"] for row in self.figure(report, "matrix")}), 64)

    def test_a_browser_draws_every_figure_without_a_complaint(self):
        self.needs(browser.CHROMIUM, "chromium is")
        run = self.run_once()
        self.works("report", run)
        page = os.path.join(run, "report", "report.html")
        probe = ("<script>window.addEventListener('load', () => setTimeout(() => {const plots = [...document.querySelectorAll('.plot "
                 "canvas, .frames canvas')];const ink = c => {const d = c.getContext('2d').getImageData(0, 0, c.width, "
                 "c.height).data;return new Set(new Uint32Array(d.buffer)).size};document.title = 'PROBE ' + "
                 "plots.map(ink).join(',') + ' WIDE ' + (document.documentElement.scrollWidth > innerWidth)}, 500));</script></body>")
        with open(page, encoding="utf-8") as file:
            text = file.read()
        probed = self.write("probed.html", text.replace("</body>", probe))
        for width in (1280, 500):
            document, log = browser.dump(probed, self.path(f"chromium_{width}"), width)
            self.assertNotRegex(log, r"CONSOLE.*(Error|error|Refused)")
            colours, wide = re.search(r"<title>PROBE ([\d,]*) WIDE (\w+)", document).groups()
            self.assertEqual(wide, "false", f"the page scrolls sideways at {width} pixels")
            self.assertEqual(len(colours.split(",")), 16)
            self.assertTrue(all(int(n) > 5 for n in colours.split(",")), colours)

    def test_cells_that_fire_together_are_all_drawn(self):
        self.needs(browser.CHROMIUM, "chromium is")
        run = self.path("run")
        self.works("run", self.write("net.yaml", "rewire: 1\ntime: {step: 0.1 ms, until: 200 ms}\npopulations: {cells: {model: lif_psc_exp, "
                   "count: 20, set: {I_e: 500 pA}}, more: {model: lif_psc_exp, count: 2, set: {I_e: 500 pA}}}\n"
                   "record: {spikes: all, series: {every: 10 ms}, snapshots: none}\n"), "-o", run, "--quiet")
        self.works("report", run)
        # rows of the canvas that hold blue dots, in bands: one for each cell
        probe = ("<script>addEventListener('load', () => setTimeout(() => {const c = document.querySelector('#raster canvas'), d = "
                 "c.getContext('2d').getImageData(0, 0, c.width, c.height).data;let bands = 0, inside = false;for (let y = 0; y < "
                 "c.height; y++) {let dots = 0;for (let x = 0; x < c.width; x++) {const i = 4 * (y * c.width + x);dots += d[i + 3] > 128 "
                 "&& d[i + 2] > 120 && d[i] < 60;}if (dots > 4 && !inside) bands++;inside = dots > 4;}document.title = 'BANDS ' + bands}, "
                 "500));</script></body>")
        with open(os.path.join(run, "report", "report.html"), encoding="utf-8") as file:
            probed = self.write("probed.html", file.read().replace("</body>", probe))
        document, _ = browser.dump(probed, self.path("chromium"), 1280)
        self.assertEqual(re.search(r"<title>BANDS (\d+)", document).group(1), "20")


main()
