"""Whatever goes wrong, the program says where, why and what to do, exits with the documented code, and leaves nothing
that looks like a whole result."""
import glob
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import REWIRE, Case, main, patience, rewire, run_json, start  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
time: {step: 0.1 ms, until: 200 ms}
populations:
  cells: {model: lif_psc_exp, count: 40, set: {I_e: 500 pA}}
projections:
  - {from: cells, to: cells, connect: {rule: pairwise_bernoulli, p: 0.1}, weight: 10 pA, delay: 1.5 ms, receptors: {exc: 1}}
record: {spikes: all, series: {every: 10 ms}}
"""

# Fires at every step once it has fired: no refractory time, and a kick of 100 mV from each of 40 cells.
RUNAWAY = """\
rewire: 1
time: {step: 0.1 ms, until: 2 s}
populations:
  cells: {model: lif_psc_delta, count: 40, set: {t_ref: 0 ms, I_e: 1000 pA}}
projections:
  - {from: cells, to: cells, connect: {rule: all_to_all}, weight: 100 mV, delay: 0.1 ms, receptors: {delta: 1}}
"""

UNSTABLE = """\
rewire: 1
time: {step: 0.1 ms, until: 2 s}
populations:
  cells: {model: adex, count: 40, set: {a: -1000 nS, tau_w: 0.1 ms, V_m: -100 mV}}
"""

LONG = SCENARIO.replace("until: 200 ms", "until: 100000 s").replace("every: 10 ms", "every: 1 s")


def contents(directory):
    found = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                found[os.path.join(folder, name)] = hashlib.sha256(file.read()).hexdigest()
    return found


class Words(Case):
    def test_no_command(self):
        done = rewire()
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stdout, "rewire run +SCENARIO")

    def test_unknown_command_names_the_nearest(self):
        self.fails(2, r'no command "rnu"; did you mean `rewire run`', "rnu")

    def test_unknown_option_names_the_nearest(self):
        self.fails(2, r"no option --thread; did you mean --threads", "run", "--thread", "2", "x.yaml")

    def test_option_without_its_value(self):
        self.fails(2, r"--threads needs a value: --threads N", "run", "x.yaml", "--threads")

    def test_threads_must_be_a_count(self):
        for value in ("0", "-1", "2.5", "many", "99999"):
            self.fails(2, r"whole number from 1 to", "run", "x.yaml", "--threads", value)

    def test_threads_in_the_environment_must_be_a_count(self):
        scenario = self.write("s.yaml", SCENARIO)
        if '"threads": true' not in rewire("version", "--json").stdout:
            self.skipTest("built without threads")
        self.fails(2, r"SLURM_CPUS_PER_TASK=two .* is not a number", "run", scenario, env={"SLURM_CPUS_PER_TASK": "two"},
                   unset="OMP_NUM_THREADS")

    def test_word_too_many(self):
        self.fails(2, r'"b.yaml" is one word too many', "run", "a.yaml", "b.yaml")

    def test_several_processes_are_refused(self):
        scenario = self.write("s.yaml", SCENARIO)
        self.fails(2, r"4 copies were started .*--threads", "run", scenario, "-o", self.path("out"),
                   env={"OMPI_COMM_WORLD_SIZE": "4"})
        self.assertFalse(os.path.exists(self.path("out")))

    def test_unknown_model_names_the_nearest(self):
        self.fails(2, r"did you mean lif_cond", "models", "lif_con")

    def test_a_full_standard_output_is_noticed(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([sys.argv[1], "models"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("standard output", done.stderr)


class Scenarios(Case):
    def test_missing_file(self):
        self.fails(3, r"nowhere\.yaml", "run", self.path("nowhere.yaml"))
        self.fails(3, r"nowhere\.json", "run", self.path("nowhere.json"))

    def test_a_folder_is_no_scenario(self):
        self.fails(3, r"folder|directory", "check", self.folder)

    def test_wrong_key_is_shown_with_its_place(self):
        scenario = self.write("s.yaml", SCENARIO.replace("count: 40", "cuont: 40"))
        done = self.fails(2, r"s\.yaml:4:\d+: populations\.cells.*cuont", "run", scenario, "-o", self.path("out"))
        self.assertRegex(done.stderr, r"did you mean.*count")
        self.assertIn("^", done.stderr)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_wrong_unit_is_shown_with_what_was_expected(self):
        scenario = self.write("s.yaml", SCENARIO.replace("I_e: 500 pA", "I_e: 500 mV"))
        self.fails(2, r"s\.yaml:4:\d+: .*I_e.*mV.*pA", "check", scenario)

    def test_override_without_a_value(self):
        scenario = self.write("s.yaml", SCENARIO)
        self.fails(2, r"--set populations\.cells\.count: write key=value", "check", scenario, "--set",
                   "populations.cells.count")

    def test_wrong_override_names_the_command_line(self):
        scenario = self.write("s.yaml", SCENARIO)
        self.fails(2, r"--set", "check", scenario, "--set", "populations.cells.cuont=5")

    def test_a_network_too_large_for_any_memory_is_refused(self):
        scenario = self.write("s.yaml", SCENARIO)
        for count in ("1000000000000", "4000000000"):
            self.fails(2, r"(?i)neurons|synapses|memory", "run", scenario, "-o", self.path("out"), "--set",
                       f"populations.cells.count={count}")
            self.assertFalse(os.path.exists(self.path("out")))


class Places(Case):
    def test_output_that_cannot_be_made(self):
        scenario = self.write("s.yaml", SCENARIO)
        for directory in (os.path.join(scenario, "out"), "/proc/rewire"):
            self.fails(3, r"(?s)" + directory, "run", scenario, "-o", directory)

    def test_output_that_may_not_be_written(self):
        def become_nobody():  # root may write everywhere
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)

        scenario = self.write("s.yaml", SCENARIO)
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("locked"), 0o555)
        try:
            subprocess.run([REWIRE, "version"], preexec_fn=become_nobody, capture_output=True, check=True)
        except (PermissionError, subprocess.SubprocessError):
            self.skipTest("this machine lets no other user start this rewire")
        self.fails(3, r"locked", "run", scenario, "-o", self.path("locked"), preexec_fn=become_nobody)

    def test_output_that_holds_another_run_is_left_alone(self):
        scenario = self.write("s.yaml", SCENARIO)
        self.works("run", scenario, "-o", self.path("out"), "--quiet")
        before = contents(self.path("out"))
        self.fails(2, r"(?s)out.*(another|run)", "run", scenario, "-o", self.path("out"))
        self.assertEqual(contents(self.path("out")), before)

    def looks_unfinished(self, directory, statuses=("failed",)):
        """Nobody takes the directory for a result: its status says so, and what has a final name can be read."""
        if os.path.exists(os.path.join(directory, "run.json")):
            self.assertIn(run_json(directory)["status"], statuses)
        for path in glob.glob(os.path.join(directory, "**", "*.h5"), recursive=True):
            h5py.File(path, "r").close()

    def test_disk_full_by_a_limit_on_file_size(self):
        scenario = self.write("s.yaml", SCENARIO)
        for limit in (0, 100, 3000, 10000):
            directory = self.path(f"out{limit}")
            self.fails(3, r"(?i)disk|space|large|quota", "run", scenario, "-o", directory,
                       preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            self.looks_unfinished(directory, ("failed", "running"))

    def test_disk_full_on_a_small_file_system(self):
        mount = self.path("small")
        os.mkdir(mount)
        scenario = self.write("s.yaml", SCENARIO.replace("until: 200 ms", "until: 20 s"))
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", mount], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("this machine lets nobody mount a file system")
        try:
            self.fails(3, r"(?i)disk|space", "run", scenario, "-o", os.path.join(mount, "out"), "--set", "seed=3")
            self.looks_unfinished(os.path.join(mount, "out"), ("failed", "running"))
        finally:
            subprocess.run(["umount", mount], check=True)


class Divergence(Case):
    def test_runaway_firing_ends_the_run(self):
        scenario = self.write("s.yaml", RUNAWAY)
        self.fails(4, r"(?is)cells.*Hz", "run", scenario, "-o", self.path("out"))
        self.assertEqual(run_json(self.path("out"))["status"], "failed")

    def test_not_a_number_ends_the_run(self):
        # adaptation that drives away from rest faster than the leak leads back: V_m grows without end
        scenario = self.write("s.yaml", UNSTABLE)
        self.fails(4, r"(?is)cells.*no longer a number", "run", scenario, "-o", self.path("out"))
        self.assertEqual(run_json(self.path("out"))["status"], "failed")


class Signals(Case):
    def interrupted(self, number):
        directory = self.path("out")
        process = start("run", self.write("s.yaml", LONG), "-o", directory)
        until = time.monotonic() + patience(60)
        while not os.path.exists(os.path.join(directory, "run.json")) and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(patience(0.5))
        process.send_signal(number)
        _, message = process.communicate(timeout=patience(60))
        return directory, process.returncode, message

    def test_interrupted_runs_end_in_order(self):
        for number, name in ((signal.SIGINT, "SIGINT"), (signal.SIGTERM, "SIGTERM")):
            self.folder = os.path.join(self.folder, name)
            os.mkdir(self.folder)
            directory, code, message = self.interrupted(number)
            self.assertEqual(code, 5, message)
            self.assertRegex(message, rf"stopped by {name} at .* kept in .* --resume")
            self.assertEqual(run_json(directory)["status"], "interrupted")
            with h5py.File(os.path.join(directory, "spikes.h5")) as file:
                self.assertGreater(len(file["spikes/cells/timestamps"]), 0)

    def test_a_killed_run_says_that_it_was_running(self):
        directory, code, _ = self.interrupted(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        self.assertEqual(run_json(directory)["status"], "running")


if __name__ == "__main__":
    main()
