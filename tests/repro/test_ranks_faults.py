"""A rank that fails, waits or dies: the others end, or wait, and the run goes on to the same result. Needs a build with MPI."""
import glob
import os
import random
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from faults import SETTINGS  # noqa: E402
from kills import MPI, children, write_everything  # noqa: E402
from program import REWIRE, Case, main, patience  # noqa: E402

ALLOCATIONS = 6  # that fail, of rank 1 and of rank 0 in turn
PAUSE_S = patience(float(os.environ.get("REWIRE_TEST_PAUSE_S", "5")))
ATTEMPTS = 3  # at each moment
END_S = patience(30)  # from the death of a rank to the end of all

# Where a rank dies: what is there by then, and how much later, as a share of a run.
MOMENTS = (("the build", "", 0.05), ("its first files", "run.json", 0), ("a step or an exchange", "series.h5.part", 0.1),
           ("rewiring", "edges/*", 0.15), ("a checkpoint", "checkpoint/*.part", 0), ("a snapshot", "edges/*.h5.part", 0),
           ("a later snapshot", "edges/*80000*.h5*", 0), ("the end", "spikes.h5", 0))


class RankFaults(Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(int(time.time()))
        self.words = ["run", write_everything(self.folder), "--quiet", "--threads", "1", *SETTINGS]
        self.whole = self.path("whole")
        began = time.monotonic()
        self.works(*self.words, "-o", self.whole)
        self.duration = time.monotonic() - began

    def start(self, out, first=(), second=()):
        """Two ranks; `first` and `second` stand before the program of rank 0 and of rank 1."""
        command = [REWIRE, *self.words, "-o", self.path(out)]
        return subprocess.Popen(["mpirun", "-n", "1", *first, *command, ":", "-n", "1", *second, *command],
                                env={**os.environ, **MPI, "OMPI_MCA_btl_vader_backing_directory": self.folder},
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)

    def end(self, process):
        """Its exit code and messages; the test fails if it hangs."""
        try:
            messages = process.communicate(timeout=patience(60))[1]
        except subprocess.TimeoutExpired:
            for rank in children(process.pid):
                os.kill(rank, signal.SIGKILL)
            process.kill()
            process.communicate()
            self.fail("the ranks hang")
        return process.returncode, messages

    def goes_on(self, out):
        """Given again, the run ends with the uninterrupted result."""
        self.works(*self.words, "-o", self.path(out), "--resume")
        self.works("diff", self.whole, self.path(out))

    def test_a_rank_without_memory_ends_all_of_them_with_its_message(self):
        count = self.path("count")
        fault = ["env", f"LD_PRELOAD={os.environ['REWIRE_FAULTS']}", "REWIRE_FAULT_OWN=1"]
        code, messages = self.end(self.start("counted", second=[*fault, f"REWIRE_FAULT_COUNT={count}"]))
        self.assertEqual(code, 0, messages)
        with open(count, encoding="ascii") as file:
            allocations = int(file.readline().split()[1])
        self.assertGreater(allocations, 100)
        for k, n in enumerate(sorted(self.random.sample(range(1, allocations + 1), ALLOCATIONS))):
            out, fails = f"memory{n}", [*fault, f"REWIRE_FAULT=memory:{n}"]
            code, messages = self.end(self.start(out, **{("second", "first")[k % 2]: fails}))
            if code != 0:
                self.assertEqual(code, 3, f"allocation {n}: {messages}")
                self.assertEqual(messages.count("rewire: error: "), 1, f"allocation {n}: {messages}")
                self.assertRegex(messages, "memory|GB", n)
            self.goes_on(out)

    def test_a_rank_that_is_stopped_for_a_while_is_waited_for(self):
        process = self.start("stopped")
        time.sleep(self.duration / 2)
        ranks = children(process.pid)
        for rank in ranks[-1:]:
            os.kill(rank, signal.SIGSTOP)
            time.sleep(PAUSE_S)
            os.kill(rank, signal.SIGCONT)
        code, messages = self.end(process)
        self.assertEqual(code, 0, messages)
        self.works("diff", self.whole, self.path("stopped"))

    def test_a_rank_that_dies_ends_the_others_whatever_they_do(self):
        """In each of MOMENTS one rank is killed. A run may be over before; three such runs miss the moment, and more than half of
        the moments must not be missed."""
        caught = [moment for k, (moment, there, pause_s) in enumerate(MOMENTS)
                  if any(self.dies(f"died{k}_{attempt}", k, there, pause_s) for attempt in range(ATTEMPTS))]
        print("a rank died at:", ", ".join(caught))
        self.assertGreater(len(caught), len(MOMENTS) / 2)

    def dies(self, out, rank, there, pause_s):
        """Kills a rank when the file is there, and whether the run was not over by then."""
        process = self.start(out)
        ranks = self.wait_for(process, self.path(out, there))
        time.sleep(pause_s * self.duration)
        killed = bool(ranks) and process.poll() is None
        if killed:
            os.kill(ranks[rank % len(ranks)], signal.SIGKILL)
        began = time.monotonic()
        self.end(process)
        self.assertLess(time.monotonic() - began, END_S, out)
        self.goes_on(out)
        return killed

    @staticmethod
    def wait_for(process, pattern):
        """The ranks, once there are two and a file that the pattern names; fewer if the run ended before."""
        ranks = []
        while process.poll() is None and (len(ranks) < 2 or not glob.glob(pattern)):
            ranks = children(process.pid)
            time.sleep(0.002)
        return ranks


if __name__ == "__main__":
    main()
