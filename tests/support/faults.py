"""Lets one call to the operating system fail in a run, a sweep or another command, by the library of faults.c, and checks
what is promised: exit code 3, or a result as if nothing had been; one message that names a file or the memory and says what
to do; neither crash nor hang nor leak; and afterwards the command, given again, comes to the result without faults.
Used by tests/repro/test_faults.py and bench/faults.py."""
import concurrent.futures
import hashlib
import itertools
import os
import random
import re
import shutil
import subprocess
import threading
import time

from kills import write_everything
from program import patience

HERE = os.path.dirname(os.path.abspath(__file__))

# Kinds of calls that fail, as faults.c names them; with +, all later calls fail, too, as on a full disk.
KINDS = ("memory", "read", "write", "write+", "fsync", "rename", "open", "open+", "close", "mkdir", "thread")

# Small, with every feature: it builds, saves its state twice, and takes a quarter of a second.
SETTINGS = [word for setting in (
    "time={step: 0.1 ms, until: 120 s, clock: {factor: 10000, real_time: [{from: 50 s, until: 50.001 s}]}}",
    "checkpoint={every: 40 s, at: [80 s]}",
    "structure={every: 40 s, growth_every: 2 ms, tau_Ca: 200 ms, beta_Ca: 0.1, vacant_decay: 0.1}",
    "populations.pyr.count=60", "inputs.6.at=[5 ms]", "record.snapshots={every: 40 s}", "record.series.every=40 s", "record.survival=[40 s, 80 s]",
    "lesions=[{at: 50 s, on: pyr, what: cells, targets: {first: 5}}, {at: 60 s, on: exp, what: inputs, targets: {first: 3}}]",
    "projections.1.rewire.stress={from: 50 s, until: 100 s, fraction: 20 %}",
    "record.measures={which: [turnover, degrees, distances, groups, clustering, modularity], every: 40 s, lost_since: 40 s, "
    "graphs: {circuit: [pyr_pyr, pv_pyr]}, groups: {some: {of: pv, targets: {first: 20}}}}") for word in ("--set", setting)]

SWEEP = """\
sweep: 1
title: faults
scenario: everything.yaml
set: {time: {step: 0.1 ms, until: 120 s, clock: {factor: 10000}}, record: {spikes: all, series: {every: 40 s}}, populations.pyr.count: 40,
  inputs.6.at: [5 ms], populations.train.file: "FOLDER/train.h5", lesions: [], checkpoint: {every: 40 s}, structure.every: 40 s}
arms:
  plain: {}
  drive: {populations.pv.set.I_e: 250 pA}
replicates: 1
measure: {windows: {late: [40 s, 120 s]}}
"""

CRASH = re.compile(r"AddressSanitizer|runtime error:|LeakSanitizer|bug at |core dumped|Assertion")


class Finding(Exception):
    """What a failing call did that it may not do."""


NO_BOX = 99  # exit code of fault_walk.c
COPY_S = patience(60)  # a copy that takes longer hangs
WALK_S = patience(300)  # and so does the process that goes on


def read_walk(path):
    """The copies of a walk, as fault_walk.h says."""
    with open(path, "rb") as file:
        while line := file.readline():
            n, _, _, status, kept, length = line.split()
            said = file.read(int(length)).decode(errors="replace")
            file.readline()
            yield int(n), int(status), kept == b"1", said


def digests(top):
    """The sum of each file below a folder; of a run.json, of the status, because the rest tells of times and of the failure."""
    sums = {}
    for folder, _, names in os.walk(top):
        sums[os.path.relpath(folder, top)] = None
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                content = file.read()
            if name == "run.json":
                content = b" ".join(re.findall(rb'"status": "\w*"', content))
            sums[os.path.relpath(os.path.join(folder, name), top)] = hashlib.sha256(content).hexdigest()
    return sums


class Subject:
    """A command under faults. `words` is the command with {out} for what it writes; `again` leads to the whole result
    afterwards; `prepare` fills {out} before; `compare` says how it differs from the reference, or None."""

    def __init__(self, name, words, again=(), prepare=None, compare=None, code=0):
        self.name, self.words, self.again = name, words, again
        self.prepare, self.compare, self.code = prepare, compare, code


class FaultTest:
    """Subjects, their results without faults, and how many faults were injected into what."""

    def __init__(self, rewire, library, folder, seed=1):
        self.rewire, self.folder, self.random = rewire, folder, random.Random(seed)
        sanitizer = re.search(r"/\S*libasan\S*", subprocess.run(["ldd", rewire], capture_output=True, text=True, check=True).stdout)
        self.is_sanitized = sanitizer is not None
        self.environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "LD_PRELOAD": library}
        if sanitizer:
            self.environment["LD_PRELOAD"] += ":" + sanitizer[0]
            self.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0:allocator_may_return_null=1"
        self.scenario = write_everything(folder)
        self.number = itertools.count()
        self.lock = threading.Lock()
        self.injected, self.survived, self.checked = {}, {}, {}
        self.subjects = {subject.name: subject for subject in self.make_subjects()}
        self.references = {}
        self.led_on = set()

    # ---- what is run ----

    def execute(self, words, fault=None, own=True, count=None, walk=None, limit_s=patience(120)):
        environment = {**self.environment, **(walk or {})}
        if fault is not None:
            environment["REWIRE_FAULT"] = fault
        if own:
            environment["REWIRE_FAULT_OWN"] = "1"
        if count is not None:
            environment["REWIRE_FAULT_COUNT"] = count
        return subprocess.run([self.rewire, *words], env=environment, capture_output=True, text=True, timeout=limit_s,
                              stdin=subprocess.DEVNULL, cwd=self.folder, errors="replace")

    def plain(self, *words):
        done = subprocess.run([self.rewire, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=self.folder,
                              errors="replace")
        if done.returncode != 0:
            raise Finding(f"without faults, `{' '.join(words)}` ends with {done.returncode}: {done.stderr}")
        return done.stdout

    def differs(self, a, b):
        done = subprocess.run([self.rewire, "diff", a, b], capture_output=True, text=True)
        return None if done.returncode == 0 else done.stdout + done.stderr

    def make_subjects(self):
        run = ["run", "everything.yaml", "--quiet", "--threads", "1", *SETTINGS, "-o", "{out}"]
        team = ["run", "everything.yaml", "--quiet", "--threads", "3", *SETTINGS, "-o", "{out}"]
        whole, short = os.path.join(self.folder, "whole"), os.path.join(self.folder, "short")
        self.plain(*self.fill(run, whole))
        stopped = os.path.join(self.folder, "stopped")
        done = subprocess.run([self.rewire, *self.fill(run, stopped), "--time-limit", "1 ms"],
                              capture_output=True, text=True, cwd=self.folder)
        assert done.returncode == 5, done.stderr
        with open(os.path.join(self.folder, "sweep.yaml"), "w", encoding="utf-8") as file:
            file.write(SWEEP.replace("FOLDER", self.folder))  # a sweep wants whole paths
        self.plain("sweep", "run", "sweep.yaml", "-o", short, "--quiet", "--jobs", "1")
        branch = ["branch", "whole", "--at", "80 s", "--quiet", "--threads", "1", "--set", "blockade.0.factor=0.5",
                  "-o", "{out}"]
        sweep = ["sweep", "run", "sweep.yaml", "-o", "{out}", "--quiet", "--jobs", "1", "--threads", "1"]
        point = ["sweep", "point", "short", "1", "--into", "{out}"]

        def table(out, reference):
            if not os.path.exists(os.path.join(out, "results.csv")):
                return "there is no results.csv"
            with open(os.path.join(out, "results.csv"), encoding="utf-8") as a, open(
                    os.path.join(reference, "results.csv"), encoding="utf-8") as b:
                return None if a.read() == b.read() else "results.csv differs"

        def files(out, reference):
            there, wanted = (digests(top) for top in (out, reference))
            differing = sorted(name for name in {*there, *wanted} if there.get(name) != wanted.get(name))
            return f"files differ: {differing}" if differing else None
        return [
            Subject("run", run, [[*run, "--resume"]], None, self.differs),
            Subject("team", team, [[*team, "--resume"]], None, self.differs),
            Subject("resume", [*run, "--resume"], [[*run, "--resume"]], lambda out: shutil.copytree(stopped, out), self.differs),
            Subject("branch", branch, [[*branch, "--resume"]], None, self.differs),
            Subject("check", ["check", "everything.yaml", *SETTINGS]),
            Subject("plan", ["sweep", "plan", "sweep.yaml", "-o", "{out}", "--quiet"],
                    [["sweep", "plan", "sweep.yaml", "-o", "{out}", "--quiet"]], None, files),
            Subject("sweep", sweep, [sweep], None, table),
            Subject("collect", ["sweep", "collect", "{out}", "--quiet"], [["sweep", "collect", "{out}", "--quiet"]],
                    lambda out: shutil.copytree(short, out), table),
            Subject("compare", ["compare", "short", "-o", "{out}", "--quiet"], [["compare", "short", "-o", "{out}", "--quiet"]], None,
                    files),
            Subject("report", ["report", "whole", "-o", "{out}", "--quiet"], [["report", "whole", "-o", "{out}", "--quiet"]], None, files),
            Subject("report_sweep", ["report", "short", "-o", "{out}", "--quiet"], [["report", "short", "-o", "{out}", "--quiet"]],
                    None, files),
            Subject("diff", ["diff", "whole", "whole"]),
            Subject("watch", ["watch", "whole", "--once"]),
            Subject("point", point, [point], None, self.differs),
        ]

    # ---- what is checked ----

    @staticmethod
    def fill(words, out):
        return [word.replace("{out}", out) for word in words]

    def count(self, name, own=True):
        """How many calls of each kind the subject makes; keeps its result as the reference."""
        subject, out = self.subjects[name], os.path.join(self.folder, f"reference_{name}")
        shutil.rmtree(out, ignore_errors=True)
        if subject.prepare is not None:
            subject.prepare(out)
        path = os.path.join(self.folder, f"count_{name}")
        done = self.execute(self.fill(subject.words, out), own=own, count=path)
        if done.returncode != subject.code:
            raise Finding(f"{name} without faults: {done.returncode}: {done.stderr}")
        self.references[name] = out
        with open(path, encoding="ascii") as file:
            return {line.split()[0]: int(line.split()[1]) for line in file}

    def check_message(self, said, kind):
        lines = [line for line in said.splitlines() if line.startswith("rewire: error: ")]
        if len(lines) != 1:
            raise Finding(f"{len(lines)} messages of errors instead of one")
        message = said[said.index("rewire: error: "):]
        if ";" not in message and ". " not in message:
            raise Finding("the message has no remedy")
        if kind not in ("memory", "thread") and not re.search(r"/|\.(yaml|xml|h5|json|csv)", message):
            raise Finding("the message names no file")

    def check_end(self, subject, kind, code, said):
        """Exit code and messages of a command in which a call failed."""
        if code < 0 or code > 127 or CRASH.search(said):
            raise Finding("it crashed")
        if code not in (3, subject.code):
            raise Finding(f"exit code {code}")
        if code == 3:
            self.check_message(said, kind.rstrip("+"))

    def check_what_is_left(self, subject, code, out):
        """What a command in which a call failed has left leads to the whole result."""
        if code == 3:
            if not os.path.exists(out):
                return  # it wrote nothing, so nothing is to be continued
            for words in subject.again:
                if subject.name == "sweep" and os.path.exists(os.path.join(out, "plan.json")):
                    self.plain("sweep", "retry", out, "--quiet")
                self.plain(*self.fill(words, out))
                if subject.name == "sweep" and not os.path.exists(os.path.join(out, "results.csv")):
                    time.sleep(11)  # a claim that could not be noted is respected for 10 s
                    self.plain(*self.fill(words, out))
        difference = subject.compare(out, self.references[subject.name]) if subject.compare is not None else None
        if difference is not None:
            raise Finding(f"after exit code {code}, the result differs: {difference}")

    def explain(self, error, name, fault, own, code, said):
        return Finding(f"{name} {fault}{'' if own else ' (with libraries)'}: {error}\n  exit code {code}\n  {said.strip()[-1500:]}")

    def inject(self, name, kind, n, own=True):
        """One fault; raises Finding."""
        subject, number = self.subjects[name], next(self.number)
        out = os.path.join(self.folder, f"out{number}")
        fault = f"{kind.rstrip('+')}:{n}{'+' if kind.endswith('+') else ''}"
        if subject.prepare is not None:
            subject.prepare(out)
        done = None
        try:
            done = self.execute(self.fill(subject.words, out), fault, own)
            self.check_end(subject, kind, done.returncode, done.stderr)
            self.check_what_is_left(subject, done.returncode, out)
        except subprocess.TimeoutExpired as error:
            raise Finding(f"{name} {fault}: it hangs") from error
        except Finding as error:
            raise self.explain(error, name, fault, own, *(("none", "") if done is None else (done.returncode, done.stderr))) from error
        finally:
            shutil.rmtree(out, ignore_errors=True)
        self.keep(name, kind, done.returncode)

    # ---- every call, in one run ----

    def walk(self, name, kind, own=True, tell=None, limit_s=WALK_S):
        """Lets each call of a subject fail once, those of libraries by their call stacks (fault_walk.h), and returns the
        findings. Exit code and messages are checked for all, what is left for the first of each call stack; what has been
        left in the same files before is not tried again."""
        subject, number, findings = self.subjects[name], next(self.number), []
        if name not in self.references:
            self.count(name, own)
        box, log = os.path.join(self.folder, f"box{number}"), os.path.join(self.folder, f"log{number}")
        out, plus = os.path.join(box, "out"), "+" if kind.endswith("+") else ""
        os.mkdir(box)
        if subject.prepare is not None:
            subject.prepare(out)
        walk = {"REWIRE_FAULT_LOG": log, "REWIRE_FAULT_BOX": box, "REWIRE_FAULT_LIMIT_S": str(COPY_S),
                **({} if own else {"REWIRE_FAULT_STACKS": "1"})}
        try:
            done = self.execute(self.fill(subject.words, out), f"{kind.rstrip('+')}:0{plus}", own, walk=walk, limit_s=limit_s)
        except subprocess.TimeoutExpired as error:
            raise Finding(f"{name} {kind}: the process that goes on has not ended after {limit_s:.0f} s") from error
        if done.returncode != subject.code:
            raise Finding(f"{name} {kind}: the process that goes on ends with {done.returncode}: {done.stderr}")
        for n, status, kept, said in read_walk(log):
            code = os.waitstatus_to_exitcode(status)
            left = f"{box}.{n}"
            try:
                if code == -9:
                    raise Finding("it hangs")
                if code == NO_BOX:
                    raise RuntimeError("a walk needs the right to make a mount namespace: run it as root")
                self.check_end(subject, kind, code, said)
                if kept:
                    shutil.rmtree(box)
                    os.rename(left, box)
                    self.checked[name, kind] = self.checked.get((name, kind), 0) + 1
                    before = (name, code, frozenset(digests(box).items()))
                    if before not in self.led_on:
                        self.check_what_is_left(subject, code, out)
                        self.led_on.add(before)
            except Finding as error:
                findings.append(str(self.explain(error, name, f"{kind.rstrip('+')}:{n}{plus}", own, code, said)))
                if tell is not None:
                    tell(findings[-1])
            shutil.rmtree(left, ignore_errors=True)
            self.keep(name, kind, code)
        shutil.rmtree(box)
        os.remove(log)
        return findings

    def keep(self, name, kind, code):
        with self.lock:
            self.injected[name, kind] = self.injected.get((name, kind), 0) + 1
            self.survived[name, kind] = self.survived.get((name, kind), 0) + (code != 3)

    def run(self, cases, workers=2, tell=None):
        """Injects all faults (subject, kind, n, own) and returns the findings."""
        findings = []

        def one(case):
            try:
                self.inject(*case)
            except Finding as error:
                with self.lock:
                    findings.append(str(error))
                    if tell is not None:
                        tell(str(error))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(one, cases))
        return findings

    def cases(self, name, kinds, own=True, limit=None):
        """The faults of a subject: all, or so many of each kind, drawn at random; kinds is a map if limits differ."""
        counts = self.count(name, own)
        for kind in kinds:
            total, most = counts[kind.rstrip("+")], kinds[kind] if isinstance(kinds, dict) else limit
            chosen = range(1, total + 1) if most is None or most >= total else self.random.sample(range(1, total + 1), most)
            for n in sorted(chosen):
                yield name, kind, n, own

    def summary(self):
        """What was injected, in one line for each command."""
        lines = []
        for name in self.subjects:
            counts = {kind: n for (subject, kind), n in self.injected.items() if subject == name}
            if counts:
                kinds = ", ".join(f"{n} {kind}" for kind, n in counts.items())
                whole = sum(n for (subject, _), n in self.survived.items() if subject == name)
                lines.append(f"{name}: {sum(counts.values())} faults ({kinds}); {whole} changed nothing")
        return "\n".join(lines)
