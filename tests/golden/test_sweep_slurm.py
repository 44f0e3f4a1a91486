"""A sweep on a real Slurm of one node: failing tasks stop nobody, a requeued task goes on, and collection comes last."""
import csv
import os
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main, patience, run_json  # noqa: E402

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={d}/munge/munge.socket
CryptoType=crypto/munge
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldPidFile={d}/slurmctld.pid
SlurmdPidFile={d}/slurmd.pid
SlurmctldLogFile={d}/slurmctld.log
SlurmdLogFile={d}/slurmd.log
StateSaveLocation={d}/state
SlurmdSpoolDir={d}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

SCENARIO = """\
rewire: 1
stop: {rate_above: 400 Hz}
time: {step: 0.1 ms, until: 2 s}
populations: {cells: {model: lif_cond, count: 100}}
inputs:
  - {to: cells, kind: poisson, rate: 500 Hz, weight: 2 nS, receptors: {nmda: 1}}
  - {to: cells, kind: current, amplitude: 0 pA}
blockade: [{receptor: nmda, factor: 1}]
record: {spikes: none, series: {every: 10 ms}, snapshots: none}
"""

SWEEP = """\
sweep: 1
scenario: base.yaml
parameters: {current: {set: inputs.1.amplitude, values: [300 pA, 400 pA, 900000 pA]}}
arms: {none: {}, block: {blockade.0.factor: {steps: [[0 s, 1], [1 s, 0.2]]}}}
replicates: 4
"""


class Slurm(Case):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("this machine gives no root, whom Slurm's daemons need")
        self.needs(all(map(shutil.which, PROGRAMS)), "Slurm (Debian: slurm-wlm munge) is")
        os.chmod(self.folder, 0o755)
        for name in ("state", "spool", "munge"):
            os.mkdir(self.path(name), 0o755)
        with open(self.path("key"), "wb") as file:
            file.write(os.urandom(1024))
        os.chmod(self.path("key"), 0o400)
        host = socket.gethostname().split(".")[0]
        os.environ["SLURM_CONF"] = self.write("slurm.conf", CONFIGURATION.format(host=host, d=self.folder, cores=os.cpu_count()))
        self.call("munged", "--force", f"--key-file={self.path('key')}", f"--socket={self.path('munge', 'munge.socket')}",
                  f"--pid-file={self.path('munged.pid')}", f"--log-file={self.path('munged.log')}", f"--seed-file={self.path('seed')}")
        self.addCleanup(self.stop)
        self.call("slurmctld", "-c", "-i")
        self.call("slurmd")
        self.wait(lambda: "idle" in self.call("sinfo", "-h", "-o", "%T"))

    def stop(self):
        subprocess.run(["scontrol", "shutdown"], capture_output=True, check=False)
        with open(self.path("munged.pid"), encoding="utf-8") as file:
            os.kill(int(file.read()), 15)
        time.sleep(1)

    def call(self, *words):
        return subprocess.run(words, capture_output=True, text=True, check=words[0] != "sinfo").stdout

    def wait(self, condition, seconds=120):
        end = time.time() + patience(seconds)
        while not condition():
            self.assertLess(time.time(), end, "Slurm did not come so far")
            time.sleep(0.3)

    def release(self):
        """Whether the queue is empty; a requeued task would wait for two minutes, unless it is told to begin."""
        for line in self.call("squeue", "-h", "-r", "-t", "PD", "-o", "%A %r").splitlines():
            if "BeginTime" in line:
                subprocess.run(["scontrol", "update", f"jobid={line.split()[0]}", "StartTime=now"], capture_output=True, check=False)
        return not self.call("squeue", "-h").strip()

    def test_failures_a_requeue_and_a_dependency(self):
        self.write("base.yaml", SCENARIO)
        out = self.path("out")
        self.works("sweep", "plan", self.write("sweep.yaml", SWEEP), "-o", out)
        script = self.works("sweep", "slurm", out, "--per-task", "2", "--time", "00:05:00").stdout
        self.call("bash", self.write("submit.sh", script))
        self.wait(lambda: self.call("squeue", "-h", "-r", "-t", "R"))
        running = self.call("squeue", "-h", "-r", "-t", "R", "-o", "%A").split()
        subprocess.run(["scontrol", "requeue", running[0]], check=False, capture_output=True)
        self.wait(self.release)
        with open(os.path.join(out, "results.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["status"] for row in rows], ["done"] * 16 + ["failed"] * 8)
        # beginnings that tasks share, and a requeue, change no number
        calm = self.path("calm")
        own = self.write("own.yaml", SWEEP.replace("replicates: 4", "replicates: 4\nrun: {baselines: own}"))
        self.fails(3, "8 of 24 points failed", "sweep", "run", own, "-o", calm, "--quiet")
        with open(os.path.join(calm, "results.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual(list(csv.DictReader(file)), rows)
        resumed = [run_json(os.path.join(out, "points", "000", f"{i:06d}"))["resumed_from_step"] for i in range(16)]
        self.assertTrue(all(step is not None for step in resumed), resumed)


main()
