"""Every command says what it should, to people and, with --json, to machines."""
import json
import os
import pty
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import REWIRE, Case, is_sanitized, main, rewire, run_json  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
title: forty cells
time: {step: 0.1 ms, until: 300 ms}
populations:
  cells: {model: lif_psc_exp, count: 40, set: {I_e: 500 pA}}
projections:
  - {from: cells, to: cells, connect: {rule: fixed_indegree, n: 5}, weight: 10 pA, delay: 1.5 ms, receptors: {exc: 1}}
record: {series: {every: 10 ms}}
"""


class Commands(Case):
    def setUp(self):
        super().setUp()
        self.scenario = self.write("forty.yaml", SCENARIO)

    def test_help_lists_every_command_and_each_explains_its_options(self):
        text = self.works("help").stdout
        for command in ("run", "check", "models", "diff", "profile", "version"):
            self.assertIn(f"rewire {command}", text)
            own = self.works(command, "--help").stdout
            self.assertEqual(own, self.works("help", command).stdout)
            self.assertIn(f"usage: rewire {command}", own)
            self.assertIn("--json", own)

    def test_version_is_the_same_for_people_and_machines(self):
        facts = json.loads(self.works("version", "--json").stdout)
        for command in ("version", "--version"):
            self.assertIn(facts["version"], self.works(command).stdout)
        self.assertIn("-ffp-contract=off", facts["flags"])

    def test_models_are_listed_by_kind_and_shown_by_name(self):
        listed = self.works("models").stdout
        models = json.loads(self.works("models", "--json").stdout)
        self.assertGreater(len(models), 10)
        for model in models:
            self.assertRegex(listed, rf"(?m)^  {model['name']} +\S")
            shown = self.works("models", model["name"]).stdout
            for part in (model["summary"], model["equations"].split("\n")[0], model["references"].split("\n")[0]):
                self.assertIn(part, shown)
            for field in model["fields"]:
                self.assertRegex(shown, rf"(?m)^  {re.escape(field['name'])} +{re.escape(field['unit'])} +{field['role']}")
                if field["role"] == "parameter":
                    self.assertLessEqual(field["min"], field["default"])
                    self.assertLessEqual(field["default"], field["max"])

    def test_check_prints_a_scenario_that_checks_to_itself_and_runs_to_the_same_bits(self):
        resolved = self.works("check", self.scenario).stdout
        again = self.write("again.yaml", resolved)
        without_prediction = [line for line in resolved.split("\n") if not line.startswith("#")]
        second = self.works("check", again).stdout
        self.assertEqual([line for line in second.split("\n") if not line.startswith("#")], without_prediction)
        self.works("run", self.scenario, "-o", self.path("a"), "--quiet")
        self.works("run", again, "-o", self.path("b"), "--quiet")
        self.assertEqual(self.works("diff", self.path("a"), self.path("b")).stdout.strip(), "equal")

    def test_check_predicts_what_a_run_needs_within_a_factor(self):
        predicted = json.loads(self.works("check", self.scenario, "--json").stdout)["predicted"]
        self.assertEqual(predicted["neurons"], 40)
        self.assertEqual(predicted["synapses"], 200)
        self.works("run", self.scenario, "-o", self.path("out"), "--quiet")
        used = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(self.path("out")) for name in names)
        self.assertTrue(used / 5 < predicted["disk_bytes"] < used * 5, f"{used} bytes used, {predicted['disk_bytes']} predicted")

    def test_set_changes_what_is_run(self):
        facts = json.loads(self.works("check", self.scenario, "--json", "--set", "populations.cells.count=70").stdout)
        self.assertEqual(facts["predicted"]["neurons"], 70)

    def test_one_rank_of_many_forms_and_breaks_its_share_of_synapses(self):
        growing = self.write("growing.yaml", """rewire: 1
seed: 3
time: {step: 0.1 ms, until: 400 ms}
populations:
  a: {model: lif_cond, count: 96, set: {V_m: {uniform: [-70 mV, -55 mV]}, I_e: 320 pA}}
projections:
  - {name: aa, from: a, to: a, connect: {rule: none}, weight: 4 nS, delay: 1 ms, receptors: {ampa: 1}, rewire: {}}
growth:
  - {on: a.axon, model: gaussian, target: 80 Hz, nu: 1e-2 /ms, initial: 2}
  - {on: a.dendrite_exc, model: gaussian, target: 80 Hz, nu: 1e-2 /ms, initial: 2}
structure: {every: 50 ms, growth_every: 5 ms, tau_Ca: 200 ms, beta_Ca: 0.1}
record: {spikes: none, snapshots: none, series: none}
""")
        whole, one_of_three = (json.loads(self.works("run", growing, "--json", "--quiet", "--threads", 1, *words).stdout)
                               for words in (("-o", self.path("whole")), ("-o", self.path("x"), "--pretend-ranks", 3)))
        for change in ("created", "deleted"):
            self.assertGreater(whole[change], 200)
            self.assertTrue(0.85 < 3 * one_of_three[change] / whole[change] < 1.15, f"{one_of_three}, {whole}")
        self.assertFalse(os.path.exists(self.path("x")))

    def memory_of_one_rank_of_many(self, cells):
        """Bytes that one of 1,000 ranks took, and the prediction."""
        scenario = self.write(f"{cells}_cells.yaml", f"""rewire: 1
time: {{step: 0.1 ms, until: 2 ms}}
populations:
  a: {{model: lif_psc_exp, count: {cells}, set: {{V_m: {{uniform: [-70 mV, -60 mV]}}}}}}
projections:
  - {{from: a, to: a, connect: {{rule: fixed_indegree, n: 10}}, weight: 1 pA, delay: 1 ms, receptors: {{exc: 1}}}}
inputs:
  - {{to: a, kind: poisson, rate: 1000 Hz, weight: 1 pA, receptors: {{exc: 1}}}}
record: {{spikes: none, snapshots: none, series: none}}
""")
        predicted = json.loads(self.works("check", scenario, "--ranks", 1000, "--threads", 1, "--json").stdout)["predicted"]
        played = json.loads(self.works("run", scenario, "--pretend-ranks", 1000, "--threads", 1, "-o", self.path("played"),
                                       "--quiet", "--json").stdout)
        self.assertFalse(os.path.exists(self.path("played")))
        return played["memory_bytes"], predicted

    @unittest.skipIf(is_sanitized(), "their own memory counts, too")
    def test_one_rank_of_many_takes_the_memory_that_was_predicted(self):
        """And so none for the cells of others: the columns of all would be 192 MB. What many cells take more than few
        is compared, because kernels differ in what they count for the program and its libraries, and in what units."""
        many, predicted_many = self.memory_of_one_rank_of_many(4000000)
        few, predicted_few = self.memory_of_one_rank_of_many(4000)
        predicted = predicted_many["memory_bytes"] - predicted_few["memory_bytes"]
        self.assertGreater(predicted, 10e6)
        self.assertLess(predicted, 25e6)
        self.assertLess(many - few, 1.5 * predicted)
        self.assertGreater(many - few, 0.5 * predicted)
        self.assertGreater(predicted_many["first_rank_extra_bytes"], 4 * 30e6)

    def test_run_says_where_the_results_are_and_how_to_look(self):
        done = self.works("run", self.scenario, "-o", self.path("out"))
        self.assertIn(self.path("out"), done.stdout)
        self.assertIn("real-time factor", done.stdout)
        command = [line for line in done.stdout.split("\n") if "python3 -c" in line][0]
        shown = subprocess.run(command.replace("python3", sys.executable, 1), shell=True, capture_output=True, text=True, check=True)
        self.assertIn("populations/cells/rate", shown.stdout)

    def test_run_as_json_tells_the_same_as_the_files(self):
        facts = json.loads(self.works("run", self.scenario, "-o", self.path("out"), "--json").stdout)
        self.assertEqual(facts["status"], "done")
        self.assertEqual(facts["neurons"], 40)
        self.assertEqual(facts["synapses"], 200)
        with h5py.File(self.path("out", "spikes.h5")) as file:
            self.assertEqual(facts["spikes"], len(file["spikes/cells/timestamps"]))
        self.assertGreater(facts["spikes"], 0)

    def test_quiet_says_nothing(self):
        done = self.works("run", self.scenario, "-o", self.path("out"), "--quiet")
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_results_go_to_out_by_default(self):
        self.works("run", self.scenario, "--quiet", cwd=self.folder)
        self.assertEqual(run_json(self.path("out", "forty"))["status"], "done")

    def test_the_command_line_is_kept_so_that_a_shell_takes_it_again(self):
        self.works("run", self.scenario, "-o", self.path("it's here"), "--quiet", "--set", "title=two words")
        kept = run_json(self.path("it's here"))["command_line"]
        words = subprocess.run(["sh", "-c", f"printf '%s\\n' {kept}"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(words.split("\n")[:-1], ["rewire", "run", self.scenario, "-o", self.path("it's here"), "--quiet",
                                                  "--set", "title=two words"])

    def test_a_terminal_gets_a_bar_that_is_taken_away(self):
        try:
            ours, theirs = pty.openpty()
        except OSError:
            self.skipTest("this machine has no terminals to give")
        process = subprocess.Popen([REWIRE, "run", self.scenario, "-o", self.path("out"), "--set", "time.until=4 s"],
                                   stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        process.communicate()
        os.close(ours)
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"building the network", shown)
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown[-40:])

    def test_diff_tells_the_first_difference(self):
        self.works("run", self.scenario, "-o", self.path("a"), "--quiet")
        self.works("run", self.scenario, "-o", self.path("b"), "--quiet", "--set", "populations.cells.set.I_e=510 pA")
        done = self.fails_quietly(1, "diff", self.path("a"), self.path("b"))
        self.assertRegex(done.stdout, r"\w")
        told = json.loads(self.fails_quietly(1, "diff", self.path("a"), self.path("b"), "--json").stdout)
        self.assertFalse(told["equal"])
        self.assertEqual(told["difference"], done.stdout.rstrip("\n"))

    def test_a_report_of_one_of_two_equal_results_is_no_difference(self):
        for name in ("a", "b"):
            self.works("run", self.scenario, "-o", self.path(name), "--quiet")
        self.works("report", self.path("a"), "--quiet")
        self.assertEqual(self.works("diff", self.path("a"), self.path("b")).stdout, "equal\n")
        self.write("a/reported.txt", "no part of a report")
        self.assertIn("reported.txt", self.fails_quietly(1, "diff", self.path("a"), self.path("b")).stdout)

    def test_diff_of_what_is_no_result_is_an_error(self):
        self.fails(3, r"nowhere", "diff", self.path("nowhere"), self.path("elsewhere"))

    def fails_quietly(self, code, *words):
        done = rewire(*words)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr, "")
        return done


if __name__ == "__main__":
    main()
