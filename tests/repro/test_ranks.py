"""A run has the same bits on any number of ranks, and one rank's trouble ends all of them, in time and with one message.

Needs a build with MPI (the preset mpi); without, there is nothing to test."""
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import REWIRE, Case, main, patience, rewire, run_json  # noqa: E402
from train import write_train  # noqa: E402

import json  # noqa: E402

HAS_RANKS = json.loads(rewire("version", "--json").stdout)["mpi"] is not None
RANKS, THREADS = (1, 2, 3, 4), (1, 2, 3)
# "none hangs": from the failure of one rank to the end of all, s.
END_S = patience(10.0)

# Open MPI wants to be asked before it runs as root, or more ranks than cores.
ENVIRONMENT = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
               "OMPI_MCA_hwloc_base_binding_policy": "none"}

CHAIN = """rewire: 1
title: cells that fire for long
time: {step: 0.1 ms, until: 1000 s}
populations:
  a: {model: lif_psc_exp, count: 200, set: {I_e: 500 pA}}
projections:
  - {from: a, to: a, connect: {rule: fixed_indegree, n: 20}, weight: 1 pA, delay: 1.5 ms, receptors: {exc: 1}}
record: {spikes: all, series: {every: 1 s}}
"""


GROWING = """rewire: 1
title: synapses that form between ranks which had none
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
record: {spikes: all, series: {every: 50 ms}}
"""


def start_ranks(n, *words, limit_blocks=None):
    """Starts n ranks of rewire, which may write files of so many blocks of 512 bytes, and returns mpirun's process."""
    command = [REWIRE, *map(str, words)]
    environment = dict(ENVIRONMENT)
    if limit_blocks is not None:
        command = ["sh", "-c", f'ulimit -f {limit_blocks}; exec "$@"', "sh", *command]
        environment["OMPI_MCA_btl"] = "tcp,self"  # shared memory is a file, too
    return subprocess.Popen(["mpirun", "-n", str(n), *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            stdin=subprocess.DEVNULL, text=True, env=environment)


def ranks_of(mpirun, n):
    """Process ids of the ranks, once there are n."""
    for _ in range(int(patience(200))):
        done = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(mpirun.pid)], capture_output=True, text=True)
        ranks = [int(line.split()[0]) for line in done.stdout.splitlines() if "rewire" in line]
        if len(ranks) == n:
            return ranks
        time.sleep(0.05)
    raise AssertionError("the ranks did not start")


class Ranks(Case):
    def setUp(self):
        super().setUp()
        if not HAS_RANKS:
            self.skipTest("built without MPI")
        self.scenario = shutil.copy(os.path.join(HERE, "everything.yaml"), self.folder)
        write_train(self.path("train.h5"))

    def together(self, n, *words, **options):
        """Runs n ranks to their end: exit code, standard output, standard error."""
        process = start_ranks(n, *words, **options)
        out, err = process.communicate(timeout=patience(300))
        return process.returncode, out, err

    def assert_one_message(self, err, pattern):
        lines = [line for line in err.splitlines() if line.startswith("rewire: error:")]
        self.assertEqual(len(lines), 1, err)
        self.assertRegex(lines[0], pattern)

    def running(self, n, *words):
        """Starts n ranks on a long run and waits until they simulate."""
        long = self.write("long.yaml", CHAIN)
        process = start_ranks(n, "run", long, "-o", self.path("long"), "--quiet", "--threads", 1, *words)
        self.addCleanup(process.kill)
        for _ in range(int(patience(400))):
            if os.path.exists(self.path("long", "series.h5.part")):
                time.sleep(patience(0.5))
                return process
            time.sleep(0.05)
        raise AssertionError("the run did not start")

    def ends(self, process):
        """Waits for the end and returns exit code and standard error; it must come in time."""
        began = time.monotonic()
        _, err = process.communicate(timeout=patience(120))
        self.assertLess(time.monotonic() - began, END_S)
        return process.returncode, err

    def test_any_ranks_and_threads_give_the_same_bits(self):
        one = self.path("one")
        self.works("run", self.scenario, "-o", one, "--quiet", "--threads", 1)
        for ranks in RANKS:
            for threads in THREADS:
                other = self.path(f"{ranks}x{threads}")
                code, _, err = self.together(ranks, "run", self.scenario, "-o", other, "--quiet", "--threads", threads)
                self.assertEqual(code, 0, err)
                self.assertEqual(run_json(other)["n_ranks"], ranks)
                done = rewire("diff", one, other)
                self.assertEqual(done.returncode, 0, f"{ranks} ranks x {threads} threads: {done.stdout}{done.stderr}")

    def test_ranks_learn_whose_spikes_they_need_when_synapses_form(self):
        growing = self.write("growing.yaml", GROWING)
        self.works("run", growing, "-o", self.path("one"), "--quiet", "--threads", 1)
        code, _, err = self.together(3, "run", growing, "-o", self.path("three"), "--quiet", "--threads", 1)
        self.assertEqual(code, 0, err)
        done = rewire("diff", self.path("one"), self.path("three"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_branch_on_ranks_is_the_branch_of_one_process(self):
        """Also with another dose, and from a state that other ranks have saved."""
        parent, later = self.path("parent"), self.path("parent_of_2")
        keeping = ("--quiet", "--threads", 1, "--set", "time.until=2400 s", "--set", "checkpoint={at: [1200 s]}", "--set",
                   "drugs.esketamine.at=25 min")
        self.works("run", self.scenario, "-o", parent, *keeping)
        code, _, err = self.together(2, "run", self.scenario, "-o", later, *keeping)
        self.assertEqual(code, 0, err)
        branch = ("--at", "1200 s", "--set", "drugs.esketamine.dose=40 mg", "--quiet", "--threads", 1)
        self.works("branch", parent, *branch, "-o", self.path("one"))
        code, _, err = self.together(3, "branch", later, *branch, "-o", self.path("three"))
        self.assertEqual(code, 0, err)
        done = rewire("diff", self.path("one"), self.path("three"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with open(self.path("three", "scenario.yaml"), encoding="utf-8") as file:
            self.assertIn("{dose: 40 mg,", file.read())

    def test_one_rank_of_many_is_played_and_writes_nothing(self):
        done = self.works("run", self.write("long.yaml", CHAIN), "--pretend-ranks", 8, "-o", self.path("none"), "--json",
                          "--quiet", "--set", "time.until=100 ms", "--threads", 1)
        played = json.loads(done.stdout)
        self.assertEqual((played["ranks"], played["pretended"]), (8, True))
        self.assertIn(played["synapses"], (16 * 20, 32 * 20))
        self.assertGreater(played["received_bytes"], 0)
        self.assertFalse(os.path.exists(self.path("none")))

    def test_threads_of_ranks_that_are_bound_to_one_core_are_told_once(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("this machine has one core only")
        short = ("run", self.write("long.yaml", CHAIN), "--set", "time.until=5 ms", "--threads", 2)
        binding = {**ENVIRONMENT, "OMPI_MCA_hwloc_base_binding_policy": "core"}
        if subprocess.run(["mpirun", "-n", "2", "true"], capture_output=True, env=binding).returncode != 0:
            self.skipTest("this machine does not let mpirun bind, as in some containers")
        for environment, n_warnings in ((binding, 1), (ENVIRONMENT, 0)):
            done = subprocess.run(["mpirun", "-n", "2", REWIRE, *map(str, short), "-o", self.path(f"out{n_warnings}")],
                                  capture_output=True, text=True, env=environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(re.findall("warning: 2 threads on 1 core.*--bind-to none", done.stderr)), n_warnings,
                             done.stderr)

    def test_a_wrong_scenario_is_told_once(self):
        code, _, err = self.together(3, "run", self.write("wrong.yaml", "rewire: 1\ntilte: x\n"), "-o", self.path("out"))
        self.assertEqual(code, 2)
        self.assert_one_message(err, r"\d errors:")
        code, _, err = self.together(3, "run", self.scenario, "--thread", 2)
        self.assertEqual(code, 2)
        self.assert_one_message(err, "--threads")

    def test_a_directory_in_use_is_told_once(self):
        os.makedirs(self.path("out"))
        self.write("out/run.json", "{}")
        code, _, err = self.together(2, "run", self.scenario, "-o", self.path("out"), "--quiet")
        self.assertEqual(code, 2)
        self.assert_one_message(err, "holds another run|cannot be resumed|another")

    def test_divergence_of_one_rank_ends_all(self):
        code, _, err = self.together(3, "run", self.scenario, "-o", self.path("out"), "--quiet", "--threads", 1,
                                     "--set", "stop.rate_above=20 Hz")
        self.assertEqual(code, 4)
        self.assert_one_message(err, "runs away")
        self.assertEqual(run_json(self.path("out"))["status"], "failed")

    def test_a_full_disk_of_the_writing_rank_ends_all(self):
        largest = ("--set", "record={spikes: none, snapshots: {every: 1500 s}, series: none}",  # a snapshot is
                   "--set", "projections.0.connect={rule: distance, p: 0.6, kernel: gaussian, sigma: 100 um}")
        self.works("run", self.scenario, "-o", self.path("one"), "--quiet", "--threads", 1, *largest)
        sizes = [os.path.getsize(path) for path in glob.glob(self.path("one", "edges", "*.h5"))]
        self.assertGreater(max(sizes), os.path.getsize(self.path("one", "nodes.h5")))
        for name, limit in (("first_file", 400), ("snapshot", max(sizes) // 512 - 8)):
            with self.subTest(name):
                began = time.monotonic()
                code, _, err = self.together(3, "run", self.scenario, "-o", self.path(name), "--quiet", "--threads", 1,
                                             "--set", "checkpoint=none", *largest, limit_blocks=limit)
                self.assertEqual(code, 3, err)
                self.assert_one_message(err, "nodes.h5.*too large" if name == "first_file" else "edges.t.*too large")
                self.assertEqual(run_json(self.path(name))["status"], "failed")
                self.assertLess(time.monotonic() - began, 3 * END_S)

    def test_a_file_that_one_rank_cannot_read_ends_all(self):
        self.write("long.yaml", CHAIN)
        words = (REWIRE, "run", "long.yaml", "-o", self.path("out"), "--quiet", "--threads", "1")
        elsewhere = ("sh", "-c", 'cd /; exec "$@"', "sh")
        process = subprocess.Popen(["mpirun", "-n", "1", *words, ":", "-n", "1", *elsewhere, *words], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        self.addCleanup(process.kill)
        code, err = self.ends(process)
        self.assertEqual(code, 3, err)
        self.assert_one_message(err, "long.yaml: cannot be opened")

    def test_a_killed_rank_ends_the_others(self):
        process = self.running(3)
        os.kill(ranks_of(process, 3)[1], signal.SIGKILL)
        code, _ = self.ends(process)
        self.assertNotEqual(code, 0)

    def test_a_signal_to_one_rank_stops_all_in_order(self):
        process = self.running(3)
        os.kill(ranks_of(process, 3)[2], signal.SIGTERM)
        code, err = self.ends(process)
        self.assertEqual(code, 5, err)
        self.assert_one_message(err, "stopped by SIGTERM")
        self.assertEqual(run_json(self.path("long"))["status"], "interrupted")

    def test_killed_runs_go_on_with_other_ranks_to_the_same_bits(self):
        one = self.path("one")
        saving = ("--quiet", "--set", "checkpoint={every: 200 s}")
        self.works("run", self.scenario, "-o", one, "--quiet", "--threads", 1)
        for before, after in (((2, 1), (3, 2)), ((3, 2), (1, 1)), ((1, 3), (4, 1))):
            with self.subTest(before=before, after=after):
                out = self.path(f"from{before[0]}x{before[1]}")
                for _ in range(5):  # on a busy machine the signal may come after the end
                    shutil.rmtree(out, ignore_errors=True)
                    process = start_ranks(before[0], "run", self.scenario, "-o", out, *saving, "--threads", before[1])
                    self.addCleanup(process.kill)
                    while not os.path.exists(os.path.join(out, "checkpoint", "B.h5")) and process.poll() is None:
                        time.sleep(0.01)
                    if process.poll() is None:
                        os.kill(ranks_of(process, before[0])[0], signal.SIGKILL)
                    code = self.ends(process)[0]
                    if code != 0:
                        break
                self.assertNotEqual(code, 0)
                code, _, err = self.together(after[0], "run", self.scenario, "-o", out, *saving, "--threads", after[1],
                                             "--resume")
                self.assertEqual(code, 0, err)
                done = rewire("diff", one, out)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    main()
