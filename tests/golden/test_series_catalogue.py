"""A series has one entry in the catalogue: a program with another name there writes, measures, compares and draws it
under that name, and what a run writes is what the catalogue says."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import REWIRE, Case, main  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
title: a network that rewires under a drug
time: {step: 0.1 ms, until: 600 ms}
space: {size: [400 um, 400 um], periodic: true}
populations:
  exc: {model: lif_cond, count: 60, set: {I_e: 600 pA}, glun2: {A: 0.6, B: 0.4}}
  inh: {model: lif_cond, count: 20, set: {I_e: 600 pA}}
projections:
  - {name: grows, from: exc, to: exc, connect: {rule: fixed_indegree, n: 5}, weight: 1 nS, delay: 1 ms,
     receptors: {ampa: 1, nmda: 0.4}, rewire: {}}
  - {from: inh, to: inh, connect: {rule: fixed_indegree, n: 2}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1}}
growth:
  - {on: exc.axon, model: constant, nu: 0.01 /ms}
  - {on: exc.dendrite_exc, model: constant, nu: 0.01 /ms}
structure: {every: 50 ms}
drugs:
  ketamine: {model: concentration, level: 2 uM}
record: {series: {every: 50 ms}, survival: [100 ms, 300 ms], measures: {of: [grows], every: 200 ms}}
"""

# What the catalogue says of its names in braces, as a pattern of what may stand there.
BRACES = re.compile(r"\\\{[^}]*\\\}")


class Catalogue(Case):
    def renamed(self):
        """The program with another name of a series, which is built for this test alone."""
        program = os.environ.get("REWIRE_RENAMED")
        if program is None:
            self.fail("REWIRE_RENAMED is not set: run this test with ctest -R golden.series_catalogue, or set it to the "
                      "program rewire_renamed of the build's folder tests/")
        return program

    def run_with(self, program, *words):
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def results(self, program):
        """Two runs of the scenario by a program, its comparison of them and its report of the first."""
        scenario = self.write("scenario.yaml", SCENARIO)
        for name, level in (("one", "2 uM"), ("two", "0.5 uM")):
            self.run_with(program, "run", scenario, "-o", self.path(name), "--quiet", "--set",
                          f"drugs.ketamine.level={level}")
        compared = json.loads(self.run_with(program, "compare", f"a={self.path('one')}", f"b={self.path('two')}", "-o",
                                            self.path("compared"), "--json"))
        self.run_with(program, "report", self.path("one"), "-o", self.path("report"))
        self.run_with(program, "report", f"a={self.path('one')}", f"b={self.path('two')}", "-o", self.path("both"))
        return compared

    def page(self, name):
        with open(self.path(name, "report.html"), encoding="utf-8") as file:
            return file.read()

    def test_a_renamed_entry_is_followed_by_writer_and_readers(self):
        compared = self.results(self.renamed())
        with h5py.File(self.path("one", "series.h5")) as file:
            self.assertIn("renamed", file["populations/exc"])
            self.assertNotIn("calcium", file["populations/exc"])
        self.assertIn("/populations/exc/renamed", {course["series"] for course in compared["courses"]})
        self.assertIn("renamed.exc", {effect["outcome"] for effect in compared["effects"]})
        data = json.loads(re.search(r'id="data">(.*?)</script>', self.page("report"), flags=re.S).group(1))
        figure = next(figure for figure in data if figure["id"] == "calcium")
        self.assertEqual(figure["y"]["text"], "renamed quantity")
        self.assertEqual(len([trace for trace in figure["traces"] if trace["label"] == "exc"]), 1)
        self.assertIn("<h2>Renamed title of exc</h2>", self.page("both"))
        listed = json.loads(self.run_with(self.renamed(), "models", "series", "--json"))
        self.assertEqual([entry["title"] for entry in listed if entry["name"] == "renamed"], ["Renamed title"])

    def test_what_a_run_writes_is_in_the_catalogue(self):
        listed = json.loads(self.run_with(REWIRE, "models", "series", "--json"))
        self.results(REWIRE)
        entries = [(re.compile(BRACES.sub("[^/]+", re.escape(f"{entry['group']}/{entry['name']}"))), entry)
                   for entry in listed]
        found = set()

        def check(path, object_):
            if not isinstance(object_, h5py.Dataset):
                return
            fitting = [entry for pattern, entry in entries if pattern.fullmatch("/" + path)]
            self.assertEqual(len(fitting), 1, path)
            found.add((fitting[0]["group"], fitting[0]["name"]))
            self.assertEqual(object_.attrs["description"], fitting[0]["description"], path)
            if fitting[0]["unit"]:
                self.assertEqual(object_.attrs["units"], fitting[0]["unit"], path)

        with h5py.File(self.path("one", "series.h5")) as file:
            file.visititems(check)
        self.assertGreater(len(found), 30)

    def test_the_catalogue_is_printed_for_people(self):
        printed = self.run_with(REWIRE, "models", "series")
        self.assertRegex(printed, r"/populations/\{population\}/\n  rate +Hz +Firing rate\. mean rate per cell")
        for entry in json.loads(self.run_with(REWIRE, "models", "series", "--json")):
            self.assertIn(entry["title"], printed)

    def test_outcome_measures_are_listed_with_what_they_take(self):
        listed = json.loads(self.run_with(REWIRE, "models", "measures", "--json"))
        printed = self.run_with(REWIRE, "models", "measures")
        for entry in listed:
            self.assertRegex(printed, rf"(?m)^  {entry['name']}\.\S+ +\S+ +{re.escape(entry['description'])}\. Takes ")
        compared = {effect["outcome"].split(".")[0]: effect["unit"] for effect in self.results(REWIRE)["effects"]}
        units = {entry["name"]: entry["unit"] for entry in listed}
        self.assertGreater(len(compared), 5)
        for name, unit in compared.items():
            self.assertEqual(units.get(name, unit), unit)
        self.assertGreater(len(set(compared) & set(units)), 5)

    def test_no_catalogue_hides_a_model(self):
        names = {model["name"] for model in json.loads(self.run_with(REWIRE, "models", "--json"))}
        self.assertFalse(names & {"series", "measures"})


if __name__ == "__main__":
    main()
