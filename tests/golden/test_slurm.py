"""On a real Slurm: a job that comes to its time limit saves its state, goes back into the queue, and ends with the result
of an uninterrupted run. With MPI the job runs on two nodes (both of them this machine)."""
import glob
import json
import os
import re
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import REWIRE, Case, main, rewire, run_json  # noqa: E402
from slurm import Slurm, installed  # noqa: E402

SCRIPT = os.path.join(HERE, "..", "..", "configs", "slurm", "run.sbatch")
HAS_RANKS = json.loads(rewire("version", "--json").stdout)["mpi"] is not None
SCENARIO = """\
rewire: 1
time: {step: 0.1 ms, until: 1000 s}
seed: 3
populations:
  cells: {model: lif_psc_exp, count: 40, set: {V_m: {uniform: [-70 mV, -56 mV]}}}
projections:
  - {from: cells, to: cells, connect: {rule: fixed_indegree, n: 5}, weight: 10 pA, delay: 1.5 ms, receptors: {exc: 1}}
inputs:
  - {to: cells, kind: noise, mean: 380 pA, std: 60 pA, hold: 1 ms}
record: {spikes: all, series: {every: 1 s}, snapshots: none}
"""


class Queue(Case):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("this machine gives no root, whom Slurm's daemons need")
        self.needs(installed(), "Slurm (Debian: slurm-wlm munge) is")
        self.scenario = self.write("scenario.yaml", SCENARIO)
        try:
            os.makedirs(self.path("slurm"))
            self.slurm = Slurm(self.path("slurm"), mpi="pmix" if HAS_RANKS else "none")
        except TimeoutError as problem:
            self.skipTest(f"this machine does not start Slurm: {problem}")
        self.addCleanup(self.slurm.stop)

    def submit(self, until, *options):
        """Submits configs/slurm/run.sbatch as a user would, but for a smaller machine."""
        self.slurm.environment["REWIRE"] = REWIRE
        return int(self.slurm.command("sbatch", "--parsable", "--cpus-per-task=1", *options,
                                      f"--output={self.path('job.log')}", SCRIPT, self.scenario, self.path("out"),
                                      "--quiet", "--set", f"time.until={until}", cwd=self.folder))

    def log(self):
        with open(self.path("job.log"), encoding="utf-8") as file:
            return file.read()

    def ended(self, job):
        """Whether the job has come to its end. A requeued one waits two minutes unless someone asks for it, but Slurm may
        take one that starts in the second in which it was killed for dead."""
        state = self.slurm.job(job).get("JobState")
        if state == "PENDING":
            time.sleep(3)
            self.slurm.command("scontrol", "update", f"jobid={job}", "StartTime=now", check=False)
        return state in ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED")

    def process(self):
        """The number of the job's rewire; None if there is none."""
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue  # it ended meanwhile
            if words[0] == REWIRE.encode() and self.path("out").encode() in words:
                return int(path.split("/")[2])
        return None

    def has_pending(self, process, number):
        with open(f"/proc/{process}/status", encoding="ascii") as file:
            pending = re.search(r"ShdPnd:\s*(\w+)", file.read()).group(1)
        return int(pending, 16) >> (number - 1) & 1 == 1

    def test_a_job_outlives_its_time_limit(self):
        # Slurm counts limits in minutes and looks at them every half minute: the signal that is due 60 s before the end
        # comes within the first 30 s of the job. Until then the run is held, which makes it a slow one.
        nodes = ("--nodes=2", "--ntasks=2") if HAS_RANKS else ()
        job = self.submit("20 s", "--time=1", "--signal=B:USR1@60", *nodes)
        self.slurm.wait(lambda: os.path.exists(self.path("out", "spikes.h5.part")), "the run")
        process = self.process()
        os.kill(process, signal.SIGSTOP)
        self.slurm.wait(lambda: self.has_pending(process, signal.SIGUSR1), "Slurm's signal")
        os.kill(process, signal.SIGCONT)
        self.slurm.wait(lambda: self.ended(job), "the job", 120)
        state = self.slurm.job(job)
        self.assertEqual(state["JobState"], "COMPLETED", f"{self.log()}\n{self.slurm.logs()}")
        self.assertGreaterEqual(int(state["Restarts"]), 1, self.log())  # on a slow machine the rest takes another limit
        self.assertRegex(self.log(), r"stopped by SIGUSR1 at .*(?s:.)*not done yet; requeueing")
        manifest = run_json(self.path("out"))
        self.assertEqual(manifest["status"], "done")
        self.assertGreater(manifest["resumed_from_step"], 0)
        self.assertEqual(manifest["slurm_job_id"], str(job))
        self.assertEqual(manifest["n_ranks"], 2 if HAS_RANKS else 1)
        self.works("run", self.scenario, "-o", self.path("whole"), "--quiet", "--set", "time.until=20 s")
        done = rewire("diff", self.path("whole"), self.path("out"))
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    main()
