"""A Slurm of one's own on this machine: munged, slurmctld and one slurmd per node, without systemd, all below one folder.
Needs root and the Debian packages slurm-wlm and munge."""
import glob
import os
import re
import shutil
import socket
import subprocess
import time

from program import patience

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/munge.socket
CryptoType=crypto/munge
SlurmctldPort={port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
TmpFS={folder}/tmp.%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault={mpi}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=2
{nodes}
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def installed():
    """Whether the programs are there."""
    return all(map(shutil.which, ("munged", "slurmctld", "slurmd", "sbatch", "scontrol")))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Slurm:
    """Daemons that run until stop(); commands run with this cluster's configuration."""

    def __init__(self, folder, n_nodes=2, cpus=1, mpi="none"):
        self.folder, self.daemons = folder, []
        host = socket.gethostname().split(".")[0]
        for name in ("munge", "state", *(f"{kind}.n{k + 1}" for kind in ("spool", "tmp") for k in range(n_nodes))):
            os.makedirs(os.path.join(folder, name))
        os.chmod(folder, 0o755)  # munge trusts no path that others can write to
        nodes = "\n".join(f"NodeName=n{k + 1} NodeHostname={host} NodeAddr=127.0.0.1 Port={free_port()} CPUs={cpus} "
                          "State=UNKNOWN" for k in range(n_nodes))
        configuration = os.path.join(folder, "slurm.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(host=host, folder=folder, port=free_port(), nodes=nodes, mpi=mpi))
        self.environment = {**os.environ, "SLURM_CONF": configuration}
        with open(os.path.join(folder, "munge.key"), "wb") as file:
            file.write(os.urandom(1024))
        os.chmod(os.path.join(folder, "munge.key"), 0o400)
        self.start("munged", "--foreground", "--force", *(f"--{key}={os.path.join(folder, name)}" for key, name in (
            ("key-file", "munge.key"), ("socket", "munge/munge.socket"), ("pid-file", "munged.pid"),
            ("log-file", "munged.log"), ("seed-file", "munge.seed"))))
        self.wait(lambda: os.path.exists(os.path.join(folder, "munge", "munge.socket")), "munged")
        self.start("slurmctld", "-D", "-c", "-i")
        for k in range(n_nodes):
            self.start("slurmd", "-D", "-N", f"n{k + 1}")
        self.wait(lambda: self.command("sinfo", "-h", "-N", "-o", "%T", check=False).split() == ["idle"] * n_nodes,
                  "Slurm's nodes")

    def start(self, *words):
        log = open(os.path.join(self.folder, f"{words[0]}.out"), "ab")
        self.daemons.append(subprocess.Popen(words, env=self.environment, stdout=log, stderr=log, cwd=self.folder))
        log.close()

    def wait(self, condition, what, seconds=90):
        """Waits until condition(); raises TimeoutError."""
        end = time.monotonic() + patience(seconds)
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{what} not ready after {seconds} s; its logs are in {self.folder}")
            time.sleep(0.1)

    def command(self, *words, check=True, cwd=None):
        """Standard output of one of Slurm's commands."""
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=check, cwd=cwd).stdout

    def job(self, number):
        """What Slurm says of a job: a map of its fields."""
        return dict(re.findall(r"(\w+)=(\S*)", self.command("scontrol", "show", "job", str(number), check=False)))

    def logs(self, lines=12):
        """The last lines of every daemon's log."""
        text = ""
        for path in sorted(glob.glob(os.path.join(self.folder, "slurm*.log"))):
            with open(path, encoding="utf-8", errors="replace") as file:
                text += f"{os.path.basename(path)}:\n" + "".join(file.readlines()[-lines:])
        return text

    def stop(self):
        """Ends all jobs and daemons."""
        self.command("scancel", "--user=root", check=False)
        self.command("scontrol", "shutdown", check=False)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(patience(10))
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
