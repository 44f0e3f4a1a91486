"""`rewire watch` shows what a run has written so far, ends with the run, and changes nothing."""
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import REWIRE, Case, main, patience, rewire, run_json, start  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
title: cells that rewire
time: {step: 0.1 ms, until: 6 s}
populations:
  e: {model: lif_psc_exp, count: 200, set: {I_e: 500 pA}}
projections:
  - {name: ee, from: e, to: e, connect: {rule: fixed_indegree, n: 5}, weight: 10 pA, delay: 1.5 ms, receptors: {exc: 1},
     rewire: {kernel: none}}
growth:
  - {on: e.axon, model: constant, nu: 1e-3 /ms}
  - {on: e.dendrite_exc, model: constant, nu: 1e-3 /ms}
structure: {every: 100 ms}
record: {series: {every: 100 ms}}
"""


class Watch(Case):
    def setUp(self):
        super().setUp()
        self.scenario = self.write("cells.yaml", SCENARIO)
        self.out = self.path("out")

    def run_it(self, *words):
        self.works("run", self.scenario, "-o", self.out, "--quiet", *words)

    def change_run_json(self, **values):
        changed = {**run_json(self.out), **values}
        with open(os.path.join(self.out, "run.json"), "w", encoding="utf-8") as file:
            json.dump(changed, file)

    def test_a_run_is_followed_to_its_end_and_keeps_its_bits(self):
        run = start("run", self.scenario, "-o", self.out, "--quiet", "--threads", "1")
        while not os.path.exists(os.path.join(self.out, "run.json")):
            self.assertIsNone(run.poll())
        watched = subprocess.run([REWIRE, "watch", self.out, "--every", "0.05 s"], capture_output=True, text=True, check=False,
                                 timeout=patience(120), stdin=subprocess.DEVNULL)
        self.assertEqual(watched.returncode, 0, watched.stderr)
        self.assertEqual(run.wait(), 0, run.communicate())
        self.assertRegex(watched.stdout, r"running \[#*-+\] +\d+ %")
        self.assertRegex(watched.stdout, r"done \[#+\] 100 %  6 s of 6 s")
        self.works("run", self.scenario, "-o", self.path("alone"), "--quiet")
        self.works("diff", self.out, self.path("alone"))

    def test_the_newest_values_are_those_of_the_file(self):
        self.run_it()
        seen = {(entry["name"], entry["of"]): entry["last"] for entry in json.loads(self.works("watch", self.out, "--json").stdout)["series"]}
        with h5py.File(os.path.join(self.out, "series.h5")) as file:
            self.assertEqual(seen, {("rate", "e"): file["populations/e/rate"][-1],
                                    ("synapses", "ee"): file["projections/ee/synapses"][-1]})
        plain = self.works("watch", self.out, env={"LC_ALL": "C"}).stdout
        self.assertTrue(plain.isascii())
        self.assertRegex(plain, r"(?m)^Firing rate, Hz\n  e +\d+(\.\d+)?  [ _.~=+*#-]{40}$")
        self.assertIn("\u2588", self.works("watch", self.out, env={"LC_ALL": "C.UTF-8"}).stdout)

    def test_what_was_flushed_is_shown_while_the_file_is_open(self):
        self.run_it()
        self.change_run_json(status="running", files=[])
        os.rename(os.path.join(self.out, "series.h5"), os.path.join(self.out, "series.h5.part"))
        with h5py.File(os.path.join(self.out, "series.h5.part"), "r+"):  # holds the lock of a writer
            text = self.works("watch", self.out, "--once").stdout
        self.assertIn("running [", text)
        self.assertRegex(text, r"ee +[\d,]+ ")

    def test_the_end_of_the_run_is_the_exit_code(self):
        self.run_it("--time-limit", "1 h")
        self.change_run_json(status="interrupted", files=[])
        self.fails(5, "interrupted; `rewire run ... --resume`", "watch", self.out)
        self.change_run_json(status="failed", message="the disk is full")
        self.fails(3, "has failed: the disk is full", "watch", self.out)
        self.assertEqual(rewire("watch", self.out, "--once").returncode, 0)

    def test_a_directory_that_is_none_of_a_run_is_said(self):
        self.fails(2, "no run.json", "watch", self.path("nothing"))
        self.fails(2, r"--every", "watch", self.folder, "--every", "often")
        self.run_it()
        self.write("out/run.json", '{"result_format": 1, "status": "run')
        self.fails(2, re.escape(self.out), "watch", self.out)
        shutil.rmtree(self.out)

    def test_a_page_shows_the_run_and_asks_to_be_loaded_again_until_it_ends(self):
        self.run_it("--set", "title=a < b & c")
        page = self.path("page.html")

        def written():
            self.works("watch", self.out, "--once", "--every", "7 s", "--page", page)
            with open(page, encoding="utf-8") as file:
                return file.read()

        done = written()
        self.assertNotIn("http-equiv='refresh'", done)
        self.assertIn("<title>100 % a &lt; b &amp; c</title>", done)
        self.assertRegex(done, r"done \[#+\] 100 %  6 s of 6 s")
        drawn = ElementTree.fromstring(re.sub("^<!doctype html>|<meta[^>]*>", "", done)).findall("body/figure")
        self.assertEqual([figure.find("figcaption").text for figure in drawn], ["Firing rate", "Synapses"])
        points = re.search(r"<polyline[^>]*points='([^']*)'|<path[^>]* d='([^']*)'", done)
        self.assertIsNotNone(points)
        self.change_run_json(status="running")
        self.assertIn("<meta http-equiv='refresh' content='7'>", written())
        self.assertFalse(os.path.exists(page + ".part"))
        self.fails(3, "--page", "watch", self.out, "--once", "--page", self.path("nowhere", "page.html"))

    def test_a_damaged_file_of_series_is_said(self):
        self.run_it()
        self.change_run_json(files=[])
        with open(os.path.join(self.out, "series.h5"), "r+b") as file:
            file.truncate(1000)
        self.fails(2, "series.h5", "watch", self.out, "--every", "0.01 s")


if __name__ == "__main__":
    main()
