"""Kills a run with SIGKILL again and again, resumes it on other numbers of threads, and compares what it leaves with an
uninterrupted run. Used by tests/repro/test_resume.py and bench/kills.py."""
import glob
import os
import random
import shutil
import signal
import subprocess
import time

from train import write_train

HERE = os.path.dirname(os.path.abspath(__file__))

# When to kill: at any time; in the middle of writing the file that the pattern names.
MOMENTS = {"any": None, "checkpoint": "checkpoint/*.h5.part", "snapshot": "edges/*.h5.part"}


def write_everything(folder):
    """Puts the scenario that uses every feature, and the spikes it replays, into a folder; returns the scenario."""
    write_train(os.path.join(folder, "train.h5"))
    return shutil.copy(os.path.join(HERE, "..", "repro", "everything.yaml"), folder)


# Open MPI wants to be asked before it runs as root, or more ranks than cores.
MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
       "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}


def children(process):
    """Process ids of what a process has started."""
    try:
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


class KillTest:
    """One scenario, its uninterrupted result, and what happened to the runs that were killed. Ranks beyond 1 need a rewire
    with MPI."""

    def __init__(self, rewire, folder, seed=1, ranks=(1,), threads=(1, 2, 3), until="3000 s", checkpoint="60 s"):
        self.rewire, self.folder, self.ranks, self.threads = rewire, folder, ranks, threads
        self.seed, self.random = seed, random.Random(seed)
        scenario = write_everything(folder)
        self.words = [rewire, "run", scenario, "--quiet", "--set", f"time.until={until}", "--set", f"checkpoint.every={checkpoint}",
                      "--set", "checkpoint.at=[1600 s, 2800 s]",
                      "--set", "record.snapshots={every: 200 s}"]
        self.reference = os.path.join(folder, "reference")
        began = time.monotonic()
        subprocess.run([*self.words, "-o", self.reference], check=True)
        self.duration = time.monotonic() - began
        self.kills = {moment: 0 for moment in MOMENTS}
        self.caught = {moment: 0 for moment in MOMENTS}  # kills that left a half-written file of that kind
        self.runs = self.too_late = 0

    def start(self, directory, *words):
        """Starts or resumes the run in `directory` on random numbers of ranks and threads."""
        ranks, threads = self.random.choice(self.ranks), self.random.choice(self.threads)
        launcher = ["mpirun", "-n", str(ranks)] if ranks > 1 else []
        return subprocess.Popen([*launcher, *self.words, "-o", directory, "--resume", "--threads", str(threads), *words],
                                env={**os.environ, **MPI, "OMPI_MCA_btl_vader_backing_directory": self.folder}, stderr=subprocess.DEVNULL if launcher else None,
                                stdin=subprocess.DEVNULL)

    @staticmethod
    def kill(process):
        """Kills the process and, if it is a launcher, its ranks; whether it was still there."""
        alive = process.poll() is None
        ranks = children(process.pid)
        for rank in [*ranks, process.pid] if alive else []:
            try:
                os.kill(rank, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended meanwhile
        status = process.wait()
        while any(os.path.exists(f"/proc/{rank}") for rank in ranks):
            time.sleep(0.001)
        return status == -signal.SIGKILL

    def kill_once(self, directory, moment):
        """Kills the run once; False if it ended first."""
        process = self.start(directory)
        pattern = MOMENTS[moment]
        if pattern is None:
            time.sleep(self.random.uniform(0.0, 0.8 * self.duration))
        else:
            after = time.monotonic() + self.random.uniform(0.0, 0.5 * self.duration)
            while process.poll() is None and (time.monotonic() < after or
                                              not glob.glob(os.path.join(directory, pattern))):
                time.sleep(0.0002)
        killed = self.kill(process)
        if killed:
            self.kills[moment] += 1
            for kind, part in MOMENTS.items():
                self.caught[kind] += part is not None and bool(glob.glob(os.path.join(directory, part)))
        return killed

    def run(self, n_kills, kills_per_run=6, tell=None):
        """Kills runs until there were n_kills kills; raises AssertionError when a result differs or is lost. `tell` gets
        the summary after each run."""
        while sum(self.kills.values()) < n_kills:
            directory = os.path.join(self.folder, f"killed{self.runs}")
            self.runs += 1
            for _ in range(kills_per_run):
                if not self.kill_once(directory, self.random.choice(list(MOMENTS))):
                    self.too_late += 1
                    break
            status = self.start(directory).wait()
            assert status == 0, f"{directory}: resuming failed with {status}"
            done = subprocess.run([self.rewire, "diff", self.reference, directory], capture_output=True, text=True)
            assert done.returncode == 0, f"{directory}: {done.stdout}{done.stderr}"
            shutil.rmtree(directory)
            if tell is not None:
                tell(self.summary())

    def summary(self):
        """What happened, in one line."""
        kinds = ", ".join(f"{self.kills[moment]} {moment}" for moment in MOMENTS)
        return (f"{sum(self.kills.values())} kills ({kinds}) of {self.runs} runs; {self.caught['checkpoint']} left half a "
                f"checkpoint, {self.caught['snapshot']} half a snapshot; {self.too_late} came after the end; every "
                "result equals the uninterrupted one")
