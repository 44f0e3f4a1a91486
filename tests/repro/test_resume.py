"""A run that was stopped, killed, or met a full disk goes on to the uninterrupted result; damaged and newer checkpoints are
recognised; a branch is the run it came from until something differs."""
import glob
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from kills import KillTest, write_everything  # noqa: E402
from program import REWIRE, Case, main, rewire, run_json, start  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

VERSION = rewire("version", "--json").stdout
SANITIZED = "-fsanitize" in VERSION
KILLS = 12
HARMED = 2 if SANITIZED else 5  # files besides the two states
EVERY = "checkpoint.every=523.0003 s"  # between the ticks of growth, the checks of health and the steps of the network
# The states kept on the way hold every number that matters; `rewire diff` compares them, too.
SHORT = ("--set", "time.until=3000 s", "--set", "checkpoint.at=[1600 s, 2800 s]")


def harm(path, place):
    """Flips a bit of the file."""
    with open(path, "r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 0x10]))


class Resume(Case):
    def setUp(self):
        super().setUp()
        self.scenario = write_everything(self.folder)

    def simulate(self, name, *words, code=0):
        directory = self.path(name)
        done = rewire("run", self.scenario, "-o", directory, "--quiet", *SHORT, *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return directory

    def stopped(self, name, *words, by=signal.SIGUSR1):
        """A run that was stopped once it had two checkpoints, somewhere before its end."""
        directory = self.path(name)
        slow = ("--set", "record.reports.0.every=0.1 ms", "--set", "record.reports.0.targets=all")
        for _ in range(5):  # on a busy machine the signal may come after the end
            shutil.rmtree(directory, ignore_errors=True)
            process = start("run", self.scenario, "-o", directory, "--quiet", "--threads", "1", *SHORT, *slow, "--set", EVERY,
                            *words)
            while process.poll() is None and not os.path.exists(os.path.join(directory, "checkpoint", "B.h5")):
                time.sleep(0.001)
            process.send_signal(by)
            process.communicate()
            if process.returncode != 0:
                break
        self.assertEqual(process.returncode, 5 if by == signal.SIGUSR1 else -by)
        return directory, slow

    def same(self, a, b):
        done = rewire("diff", a, b)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def newest(self, directory):
        """The newest checkpoint and the other one."""
        def step(path):
            with open(path, "rb") as file:
                return int(re.search(rb"\nstep (\d+)\n", file.read(512)).group(1))
        return sorted(glob.glob(os.path.join(directory, "checkpoint", "[AB].h5")), key=step, reverse=True)



# 33,000 synapses form at once, and a twentieth of those left is lost every 10 ms: more events than a chunk of the log has.
CHANGES = """rewire: 1
time: {step: 0.1 ms, until: 1 s}
populations:
  cells: {model: lif_psc_exp, count: 3000}
projections:
  - {name: all, from: cells, to: cells, connect: {rule: none}, weight: {normal: [10 pA, 1 pA]}, delay: 1.5 ms, receptors: {exc: 1},
     rewire: {kernel: none, loss: {rate: 5 Hz}}}
growth:
  - {on: cells.axon, model: linear, target: 1 Hz, nu: 0 /ms, initial: 11}
  - {on: cells.dendrite_exc, model: linear, target: 1 Hz, nu: 0 /ms, initial: 11}
structure: {every: 10 ms, growth_every: 10 ms, tau_Ca: 1 s, beta_Ca: 0.1}
record: {spikes: none, snapshots: {every: 1 s}, series: none}
checkpoint: {every: 35 ms}
"""


@unittest.skipIf(SANITIZED, "a kill adds nothing under the sanitizers")
class Kills(Case):
    def test_killed_at_any_moment_a_run_comes_to_the_same_result(self):
        threads = (1, 2, 3) if '"threads": true' in VERSION else (1,)
        test = KillTest(REWIRE, self.folder, seed=int(time.time()), threads=threads)
        test.run(KILLS)
        print(f"{test.summary()} (seed {test.seed})")
        self.assertGreater(test.caught["checkpoint"], 0, "no kill met a checkpoint being written")


class Stops(Resume):
    def test_a_signal_leaves_a_state_from_which_the_result_is_the_same(self):
        directory, slow = self.stopped("stopped")
        self.assertEqual(run_json(directory)["status"], "interrupted")
        self.simulate("stopped", *slow, "--resume", "--threads", "2" if os.cpu_count() > 1 else "1")
        manifest = run_json(directory)
        self.assertEqual(manifest["status"], "done")
        self.assertGreater(manifest["resumed_from_step"], 0)
        self.same(self.simulate("whole", *slow), directory)
        self.assertEqual(manifest["spikes"], run_json(self.path("whole"))["spikes"])
        self.assertEqual(sorted(os.listdir(os.path.join(directory, "checkpoint"))),
                         ["t000016000000.h5", "t000028000000.h5"], "checkpoints outlive the run")

    def test_a_log_of_many_changes_survives_a_kill(self):
        scenario = self.write("changes.yaml", CHANGES)
        words = ("run", scenario, "--quiet", "-o")
        process = start(*words, self.path("killed"), "--threads", "1")
        while process.poll() is None and not os.path.exists(self.path("killed", "checkpoint", "B.h5")):
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertEqual(process.returncode, -signal.SIGKILL)
        for done in (rewire(*words, self.path("killed"), "--threads", "2", "--resume"), rewire(*words, self.path("whole"))):
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(run_json(self.path("killed"))["resumed_from_step"], 0)
        self.same(self.path("whole"), self.path("killed"))
        with h5py.File(self.path("whole", "edge_events.h5")) as file:
            self.assertGreater(len(file["edge_events/all/step"]), 3 * file["edge_events/all/step"].chunks[0])

    def test_the_time_limit_stops_a_run_and_what_is_done_stays_done(self):
        directory = self.path("run")
        long = ("--set", "time.until=1000000 s", "--set", "record={spikes: all}")
        done = rewire("run", self.scenario, "-o", directory, *long, "--time-limit", "0:04", "--checkpoint-every", "0.2 s")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertRegex(done.stderr, r"stopped by the time limit at .*--resume")
        self.assertGreater(run_json(directory)["checkpoints"], 1, "no checkpoint by the wall clock")
        self.simulate("done")
        again = rewire("run", self.scenario, "-o", self.path("done"), *SHORT, "--resume")
        self.assertEqual(again.returncode, 0)
        self.assertIn("nothing to resume", again.stderr)

    def test_a_second_interrupt_ends_the_run_at_once_without_damage(self):
        directory, slow = self.stopped("stopped")
        shutil.copytree(directory, self.path("copy"))
        process = start("run", self.scenario, "-o", directory, "--quiet", *SHORT, *slow, "--resume")
        process.send_signal(signal.SIGSTOP)  # so that both signals find it before it can act on the first
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertIn(process.returncode, (-signal.SIGINT, 5))
        self.simulate("stopped", *slow, "--resume")
        self.simulate("copy", *slow, "--resume")
        self.same(self.path("copy"), directory)

    def test_a_run_in_progress_is_not_resumed_beside_itself(self):
        directory = self.path("run")
        process = start("run", self.scenario, "-o", directory, "--quiet", "--set", "time.until=10000000 s")
        while not os.path.exists(os.path.join(directory, "run.json")):
            self.assertIsNone(process.poll(), "the run ended too early")
            time.sleep(0.01)
        self.fails(2, "another rewire is writing", "run", self.scenario, "-o", directory, "--resume", "--set",
                   "time.until=10000000 s")
        process.kill()
        process.communicate()

    def test_another_scenario_is_not_resumed(self):
        directory, slow = self.stopped("stopped")
        self.fails(2, r"another scenario.*(?s:.)*seed: 20(?s:.)*seed: 21(?s:.)*rewire branch", "run", self.scenario, "-o",
                   directory, *SHORT, *slow, "--resume", "--set", "seed=21")
        self.fails(2, "without checkpoints", "run", self.scenario, "-o", directory, *SHORT, *slow, "--resume", "--set",
                   "checkpoint=none")


class Damage(Resume):
    def damaged(self, name, harm):
        """Stops a run, does harm to its newest checkpoint, and returns the directory and what it was made with."""
        directory, slow = self.stopped(name)
        harm(self.newest(directory)[0])
        return directory, slow

    def check_older_is_used(self, name, harm):
        directory, slow = self.damaged(name, harm)
        done = self.works("run", self.scenario, "-o", directory, *SHORT, *slow, "--resume", "--set", EVERY)
        self.assertRegex(done.stderr, r"warning: .*checkpoint/[AB]\.h5 is damaged; the other checkpoint")
        self.same(self.simulate("whole", *slow), directory)

    def test_the_next_checkpoint_replaces_the_damaged_one(self):
        directory, slow = self.damaged("cut", lambda path: os.truncate(path, 1000))
        words = ("run", self.scenario, "-o", directory, *SHORT, *slow, "--resume")
        done = rewire(*words, "--time-limit", "1 ms")  # it goes on, saves its state at once, and stops
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("is damaged", done.stderr)
        self.assertNotIn("is damaged", self.works(*words).stderr)

    def test_a_truncated_checkpoint_is_told_and_the_older_one_used(self):
        self.check_older_is_used("cut", lambda path: os.truncate(path, os.path.getsize(path) // 2))

    def test_a_flipped_bit_is_told_and_the_older_one_used(self):
        self.check_older_is_used("flipped", lambda path: harm(path, os.path.getsize(path) * 2 // 3))
        directory, slow = self.stopped("both")
        for path, place in zip(self.newest(directory), (40, 1000)):  # in the head, in HDF5's metadata
            harm(path, place)
        self.fails(2, "A.h5 is damaged; .*B.h5 is damaged, and there is no other", "run", self.scenario, "-o", directory, *SHORT, *slow, "--resume")

    def test_a_checkpoint_of_another_rewire_is_refused_by_name(self):
        import zlib
        directory, slow = self.stopped("newer")
        path, was = self.newest(directory)[0], b"format 2\n"
        for other in (7, 1):
            with open(path, "r+b") as file:
                data = file.read()
                head = data[:data.index(b"crc32 ")].replace(was, b"format %d\n" % other).replace(b"engine 0", b"engine 9")
                file.seek(0)
                file.write((head + b"crc32 %08x\n" % zlib.crc32(data[512:], zlib.crc32(head))).ljust(512, b"\0"))
            was = b"format %d\n" % other
            self.fails(2, rf"was written by rewire 9\S* in format {other}; this is rewire 0\S*, which reads format 2; use that one", "run",
                       self.scenario, "-o", directory, *SHORT, *slow, "--resume")

    def test_a_journal_damaged_since_the_older_checkpoint_is_told_and_that_one_used(self):
        directory, slow = self.stopped("journal", by=signal.SIGKILL)  # a request might save a state right after the other
        journal = os.path.join(directory, "checkpoint", "reports.vm.h5.rows")
        before = self.lengths(self.newest(directory)[1])["reports/vm.h5"]
        self.assertLess(before + 40, os.path.getsize(journal))
        harm(journal, before + 40)
        done = self.works("run", self.scenario, "-o", directory, *SHORT, *slow, "--resume", "--set", EVERY)
        self.assertRegex(done.stderr, r"warning: .*vm\.h5\.rows is damaged at byte \d+; the other checkpoint, of step")
        self.same(self.simulate("whole", *slow), directory)

    @staticmethod
    def lengths(state):
        """How long each journal was when the state was saved."""
        found = {}
        with h5py.File(state, "r") as file:
            file["journals"].visititems(lambda name, item: found.update({name: int(item[0])})
                                        if isinstance(item, h5py.Dataset) else None)
        return found

    def test_whatever_file_is_damaged_the_run_goes_on_to_the_same_result_or_says_what_to_do(self):
        stopped, slow = self.stopped("stopped")
        whole = self.simulate("whole", *slow)
        chance = random.Random(int(time.time()))
        others = sorted(glob.glob(os.path.join(stopped, "checkpoint", "*.rows")) +
                        glob.glob(os.path.join(stopped, "edges", "edges.t*.h5")))
        files = sorted(glob.glob(os.path.join(stopped, "checkpoint", "[AB].h5"))) + chance.sample(others, HARMED)
        outcomes = []
        for path in [None, *files]:
            directory = self.path("copy")
            shutil.copytree(stopped, directory)
            place, how = None, "untouched"
            if path is not None:
                copy = os.path.join(directory, os.path.relpath(path, stopped))
                place, how = chance.randrange(os.path.getsize(copy)), chance.choice(("cut", "flip"))
                os.truncate(copy, place) if how == "cut" else harm(copy, place)
            case = f"{path} {how} at {place}"
            done = rewire("run", self.scenario, "-o", directory, *SHORT, *slow, "--resume", "--set", EVERY)
            outcomes.append(done.returncode)
            if done.returncode == 0:
                self.same(whole, directory)
            else:
                self.assertEqual(done.returncode, 2, f"{case}: {done.stderr}")
                self.assertRegex(done.stderr, "there is no other checkpoint.*start it again, in another directory", case)
            if path is None:
                self.assertNotIn("damaged", done.stderr)
            elif path in files[:2]:
                self.assertRegex(done.stderr, r"warning: .*the other checkpoint, of step \d+, is used", case)
            shutil.rmtree(directory)
        snapshot = os.path.join(stopped, "edges", "edges.t000000000000.h5")
        harm(snapshot, os.path.getsize(snapshot) // 2)
        self.fails(2, r"error: \S*edges\.t000000000000\.h5 is damaged, and there is no other checkpoint", "run", self.scenario,
                   "-o", stopped, *SHORT, *slow, "--resume", "--set", EVERY)
        self.assertEqual(outcomes[:3], [0, 0, 0], "one damaged checkpoint of two is no loss")


class FullDisk(Resume):
    def test_a_run_that_met_a_full_disk_goes_on_when_there_is_room(self):
        disk = self.path("disk")
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", disk], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("this machine lets nobody mount a file system")
        try:
            slow = ("--set", "record.reports.0.every=0.1 ms", "--set", "record.reports.0.targets=all")
            words = (self.scenario, "-o", os.path.join(disk, "run"), "--quiet", *SHORT, *slow, "--set",
                     "checkpoint.every=100 s")
            for size in ("1700k", "2300k", "3000k"):  # it fails again and again, further and further
                done = rewire("run", *words, "--resume")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertRegex(done.stderr, "No space left on device; free space")
                subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
            subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
            self.works("run", *words, "--resume")
            self.same(self.simulate("whole", *slow), os.path.join(disk, "run"))
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_a_limit_on_file_sizes_loses_nothing(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        directory = self.path("run")
        words = ("run", self.scenario, "-o", directory, "--quiet", *SHORT, "--set", EVERY)
        done = rewire(*words, preexec_fn=limit)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.works(*words, "--resume")
        self.same(self.simulate("whole"), directory)


class Branches(Resume):
    AT = ("--set", "checkpoint.at=[1200 s, 2000 s]")

    def test_a_branch_that_changes_nothing_goes_on_as_its_parent(self):
        parent = self.simulate("parent", *self.AT)
        self.works("branch", parent, "--at", "1200 s", "-o", self.path("branch"), "--quiet")
        with h5py.File(self.path("branch", "series.h5")) as file:
            begun = file["clock/network_time"][0] + 1e-5
        with h5py.File(os.path.join(parent, "spikes.h5")) as a, h5py.File(self.path("branch", "spikes.h5")) as b:
            for name in a["spikes"]:
                times = a[f"spikes/{name}/timestamps"][:]
                later = times > begun
                numpy.testing.assert_array_equal(times[later], b[f"spikes/{name}/timestamps"])
                numpy.testing.assert_array_equal(a[f"spikes/{name}/node_ids"][:][later], b[f"spikes/{name}/node_ids"])
        last = [sorted(glob.glob(os.path.join(path, "edges", "edges.t*.h5")))[-1] for path in (parent, self.path("branch"))]
        self.same(*last)
        with h5py.File(self.path("branch", "series.h5")) as file:
            self.assertEqual(file["time"][0], 1.2e6, "a branch begins with a sample")
        self.assertRegex(run_json(self.path("branch"))["branched_from"], r"checkpoint/t000012000000\.h5")
        self.same(os.path.join(parent, "checkpoint", "t000020000000.h5"),
                  self.path("branch", "checkpoint", "t000020000000.h5"))

    def test_branches_differ_by_what_they_set(self):
        parent = self.simulate("parent", *self.AT)
        late = ("drugs.later={compound: ketamine, model: concentration, level: {steps: [[0 min, 0 uM], [50 min, 1 uM]]}, "
                "action: competitive, on: pyr}")
        blocked = ("--set", late, "--set", "blockade.2.factor=0.1", "--set", "inputs.0.rate=3000 Hz", "--set", "time.until=2500 s")
        self.works("branch", parent, "--at", "2000 s", *blocked, "-o", self.path("branch"), "--quiet")
        with h5py.File(self.path("branch", "series.h5")) as file:
            self.assertEqual(set(file["blockade/2/factor"][:]), {0.1})
            self.assertEqual(file["time"][-1], 2.5e6)

    def test_a_killed_branch_is_resumed(self):
        parent = self.simulate("parent", *self.AT)
        words = ("branch", parent, "--at", "1200 s", "--set", "blockade.2.factor=0.3", "--quiet")
        self.works(*words, "-o", self.path("whole"))
        for moment in (0.0, 0.1, 0.2, 0.3):
            process = start(*words, "-o", self.path("killed"), "--resume")
            time.sleep(moment)
            process.kill()
            process.communicate()
        self.works(*words, "-o", self.path("killed"), "--resume")
        self.same(self.path("whole"), self.path("killed"))

    def test_what_is_state_may_not_change(self):
        parent = self.simulate("parent", *self.AT)
        for change, reason in (("populations.pv.count=60", "population 'pv' has other cells"),
                               ("populations.simple.model=adex", "no populations/simple/adex|wrong|port"),
                               ("seed=21", "population 'pyr' has other cells or other places.*seed"),
                               ("projections.slow.weight=0.2 nS", "projection 'slow' has other synapses"),
                               ("projections.pyr_pyr.delay=2 ms", "numbers in .*in_flight|other delays"),
                               ("drugs.esketamine.doses.0.dose=14 mg", "drug 'esketamine' had another course"),
                               ("time.step=0.05 ms", "another time.step")):
            directory = self.path(change.split("=")[0])
            self.fails(2, reason, "branch", parent, "--at", "1200 s", "--set", change, "-o", directory)
            self.assertFalse(os.path.exists(directory), "a branch that cannot be leaves nothing")
        self.fails(2, r"holds no whole state of 1.3e\+06 ms; there are those of .*1.2e\+06|holds no whole state of 1300000 ms; there are those of .*1200000 ms", "branch", parent, "--at", "1300 s",
                   "-o", self.path("none"))
        self.fails(2, "nothing would be left", "branch", parent, "--at", "3000 s", "-o", self.path("end"))

    def test_what_cannot_act_any_more_is_refused_by_name(self):
        parent, directory = self.simulate("parent", *self.AT), self.path("branch")
        start, behind, past = "acts at the start of a run only", "lies behind the branch", "only in what lies behind"
        for change, reason in (
                ("populations.pyr.set.V_m=-60 mV", f"populations.pyr.set.V_m: {start}"),
                ("populations.alpha.set.I_syn_ex=1 pA", f"populations.alpha.set.I_syn_ex: {start}: leave it at 0 pA"),
                ("populations.pyr.receptors.nmda.g=1 nS", f"populations.pyr.receptors.nmda.g: {start}"),
                ("projections.0.plasticity.stp.x=0.5", f"projections.0.plasticity.stp.x: {start}: leave it at 1"),
                ("signals.surge.B=0.1", f"signals.surge.B: {start}"),
                ("signals.surge.drive.base=3 Hz", f"signals.surge.drive.base: {start}"),
                ("drugs.memantine.action.B=0.1", f"drugs.memantine.action.B: {start}"),
                ("projections.1.weight=1 nS", f"projections.1.weight: {start}"),
                ("projections.1.connect.p=0.4", f"projections.1.connect.p: {start}: leave it at 0.5"),
                ("projections.1.connect.sigma=40 um", f"projections.1.connect.sigma: {start}"),
                ("growth.0.initial=3", f"growth.0.initial: {start}: leave it at 2, or start a run with it .*2000000 ms"),
                ("growth.1.initial=3", f"growth.1.initial: {start}"),
                ("lesions.0.at=1800 s", f"lesions.0: {behind}"),
                ("lesions.0.at=2800 s", f"lesions.0: {behind}.*as the parent's"),
                ("lesions=[]", f"lesions.0: {behind}"),
                ("lesions.1.at=2000 s", f"lesions.1: {behind}.*2000000 ms.*later time"),
                ("projections.0.rewire.stress={from: 1000 s, until: 2000 s, fraction: 0.2}",
                 f"projections.0.rewire.stress: {behind}"),
                ("inputs.6.at=[100 ms, 150 ms, 2500 s]", f"inputs.6.at.1: 150 ms {behind}"),
                ("inputs.6.at=[200 ms]", "inputs.6.at: .*cannot be undone"),
                ("inputs.6.at=[200 ms, 2500 s]", "inputs.6.at: 100 ms .*cannot be undone"),
                ("inputs.1.rate={steps: [[0 s, 1 kHz], [1500 s, 900 Hz], [3000 s, 1300 Hz]]}", f"inputs.1.rate: .*{past}"),
                ("blockade.0.factor={table: [[0 ms, 0.5], [2000 s, 1], [3000 s, 0.4], [5000 s, 1]]}",
                 f"blockade.0.factor: .*{past}"),
                ("growth.0.target_factor={steps: [[0 s, 0.5], [2000 s, 1], [2500 s, 0.8]]}",
                 f"growth.0.target_factor: .*{past}"),
                ("signals.surge.blocked={steps: [[0 s, 0.2], [10 min, 0], [70 min, 0.5]]}",
                 f"signals.surge.blocked: .*{past}"),
                ("drugs.ap5.level={steps: [[0 min, 0 uM], [5 min, 0.1 uM], [50 min, 0 uM]]}", f"drugs.ap5.level: .*{past}"),
                ("record.measures.lost_since=1800 s", f"record.measures.lost_since: 1800000 ms {behind}"),
                ("checkpoint.at=[800 s]", f"checkpoint.at.0: 800000 ms {behind}")):
            self.fails(2, reason, "branch", parent, "--at", "2000 s", "--set", change, "-o", directory)
            self.assertFalse(os.path.exists(directory), "a branch that cannot be leaves nothing")

    def test_what_is_still_to_come_may_change_where_its_past_may_not(self):
        parent = self.simulate("parent", *self.AT)
        changes = ("lesions.1.at=2110 s", "projections.0.rewire.weight=1 nS", "inputs.6.at=[100 ms, 200 ms, 2500 s]",
                   "projections.0.rewire.stress={from: 1000 s, until: 2001 s, fraction: 0.2}", "inputs.1.rate=1 kHz",
                   "projections.1.rewire.stress={from: 2000 s, until: 2000.5 s, fraction: 0.2}",
                   "growth.0.target_factor={steps: [[0 s, 1], [2500 s, 0.7]]}", "record.measures.lost_since=2800 s",
                   "checkpoint.at=[2400 s]", "record.survival=[400 s, 800 s]", "populations.pyr.set.E_L=-71 mV", "time.until=2510 s")
        self.works("branch", parent, "--at", "2000 s", *(word for change in changes for word in ("--set", change)), "-o",
                   self.path("branch"), "--quiet")

    def test_kept_states_do_not_depend_on_threads(self):
        one, three = self.simulate("one", *self.AT, "--threads", "1"), self.simulate("three", *self.AT)
        self.same(one, three)
        self.assertTrue(os.path.exists(os.path.join(one, "checkpoint", "t000012000000.h5")))


if __name__ == "__main__":
    main()
