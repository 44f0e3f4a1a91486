#!/usr/bin/env python3
"""Measures every workload, here and in other simulators, and writes the table of results.

    bench/suite.py [--quick] [--only NAME]... [--rounds N] [--build FOLDER] [--output FILE]

Rounds of one workload take all programs in turn, so that other load of the machine affects them equally. A peer that
fails is reported in the table and stops nothing. Other simulators' programs stay in build/bench/ for the next time."""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import results  # noqa: E402
from workloads import WORKLOADS  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, which has Brian2 and NEURON
TIMEOUT_S = 900
NEURON_STRETCH_MS, NEURON_SKIP_MS, SILENT_MS = 60, 150, 300


class Failed(Exception):
    """A program failed; the text says how."""


def call(words, what):
    """Standard output of a program."""
    try:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, cwd=ROOT, timeout=TIMEOUT_S,
                              check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{what}: {error}") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise Failed(f"{what}: {lines[-1][:200]}")
    return done.stdout


class Progress:
    """Says what is being measured, and how long the rest will take if it goes on like this."""

    def __init__(self, total):
        self.total, self.done, self.started = total, 0.0, time.monotonic()

    def say(self, text):
        gone = time.monotonic() - self.started
        left = f", about {gone * (self.total / self.done - 1) / 60:.0f} min left" if self.done > 0 else ""
        print(f"bench: {100 * self.done / self.total:3.0f} %, {gone / 60:.1f} min{left}: {text}", flush=True)

    def add(self, cost):
        self.done += cost


class Suite:
    """Everything that is measured, as plain data in `data`."""

    def __init__(self, options):
        self.options = options
        self.build = ROOT / options.build
        self.rewire = self.build / "rewire"
        self.rounds = options.rounds or (2 if options.quick else 5)
        self.shrink = 0.3 if options.quick else 1.0
        chosen = [w for w in WORKLOADS if not options.only or w.name in options.only]
        self.workloads = [w for w in chosen if not (options.quick and w.once and not options.only)]
        self.data = {"rounds": self.rounds, "quick": options.quick, "workloads": {}}
        self.progress = Progress(sum(map(self.cost, self.workloads)) + 10)

    def cost(self, w):
        """Seconds to expect, roughly."""
        rewire = self.rounds * (len(w.threads) + bool(w.arithmetic)) * (2 + 0.5 * w.structural * w.timed_ms / 10000)
        return 60 if w.once else rewire + self.rounds * 12 * ("Brian2" in w.peers) + 60 * len(w.peers)

    def check_build(self):
        try:
            version = json.loads(call([self.rewire, "version", "--json"], "rewire version"))
        except Failed as failed:
            sys.exit(f"bench: {failed}")
        if version["build_type"] != "Release":
            sys.exit(f"bench: {self.rewire} is a {version['build_type']} build: its times mean nothing. Build the preset "
                     "release: ./dev build")
        self.data["version"] = version
        self.data["machine"] = {
            "processor": next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                               if line.startswith("model name")), platform.processor()),
            "cores": len(os.sched_getaffinity(0)), "system": platform.platform(),
            "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE") / 1e9, 1),
            "caches": call(["lscpu", "-C=NAME,ALL-SIZE"], "lscpu").split()[2:], "load": os.getloadavg()[0],
            "date": time.strftime("%Y-%m-%d")}

    def profile(self, w, threads, seed, settings=(), timed_ms=None):
        """One run of rewire."""
        timed = timed_ms or w.timed_ms * (self.shrink if not w.once else 1)
        words = [self.rewire, "profile", w.scenario, "--threads", threads, "--json", "--set", f"seed={seed}",
                 "--set", f"time.until={w.skip_ms + round(timed)} ms"]
        words += ["--skip", f"{w.skip_ms} ms"] if w.skip_ms else []
        for setting in [*w.settings, *settings]:
            words += ["--set", setting]
        return json.loads(call(words, f"rewire profile {w.scenario}"))

    def brian2(self, w, threads):
        folder = self.build.parent / "bench" / f"brian2_{w.name.lower()}_{threads}"
        words = [SYSTEM_PYTHON, PEERS / "brian2_peer.py", self.rewire, w.scenario, folder, threads, 200,
                 round(w.peer_ms * self.shrink)]
        done = json.loads(call(words, "Brian2"))
        done["biological_s"] = 1e-3 * round(w.peer_ms * self.shrink)
        return done

    def neuron(self, w):
        """All rounds at once, because building takes so long; and rewire on the network that NEURON got."""
        stretch = NEURON_STRETCH_MS * (5 if w.neuron_scale == 1 else 1)
        folder = self.build.parent / "bench" / "neuron_cells"
        found = json.loads(call([SYSTEM_PYTHON, PEERS / "neuron_peer.py", self.rewire, w.scenario, folder, 1, NEURON_SKIP_MS,
                                 stretch, max(self.rounds, 5), w.neuron_scale], "NEURON"))
        scenario = json.loads(call([self.rewire, "check", w.scenario, "--json"], "rewire check"))["scenario"]
        small = results.with_fewer_cells(scenario, w.neuron_scale)
        ours = [self.profile(w, 1, 1 + r, small) for r in range(self.rounds)]
        return {"stretches": found["stretches"], "biological_s": 1e-3 * stretch, "rate_hz": found["rate_hz"],
                "cells": found["cells"], "build_s": found["build_s"], "rewire": ours}

    def attempt(self, entry, peer, measure):
        """A peer that fails once is not asked again."""
        if peer in entry["failed"]:
            return None
        try:
            return measure()
        except (Failed, ValueError, KeyError) as failed:
            entry["failed"][peer] = str(failed)
            print(f"bench: {peer} failed: {failed}", flush=True)
            return None

    def measure(self, w):
        entry = {"rewire": {t: [] for t in w.threads}, "Brian2": {t: [] for t in w.threads}, "silent": [], "failed": {}}
        self.data["workloads"][w.name] = entry
        if "Brian2" in w.peers:
            self.progress.say(f"{w.name}: building Brian2's programs, unless they are there")
            for threads in w.threads:
                self.attempt(entry, f"Brian2 {threads}", lambda t=threads: self.brian2(w, t))
        if "NEURON" in w.peers:
            self.progress.say(f"{w.name}: NEURON")
            entry["NEURON"] = self.attempt(entry, "NEURON", lambda: self.neuron(w))
        for r in range(1 if w.once else self.rounds):
            self.progress.say(f"{w.name}: round {r + 1} of {1 if w.once else self.rounds}")
            self.measure_round(w, entry, r)
        self.progress.add(self.cost(w))

    def measure_round(self, w, entry, r):
        for threads in w.threads:
            found = self.attempt(entry, "rewire", lambda t=threads: self.profile(w, t, r + 1))
            entry["rewire"][threads] += [found] if found else []
            if "Brian2" in w.peers:
                found = self.attempt(entry, f"Brian2 {threads}", lambda t=threads: self.brian2(w, t))
                entry["Brian2"][threads] += [found] if found else []
        if w.arithmetic:
            found = self.attempt(entry, "silent", lambda: self.profile(w, 1, r + 1, ["inputs=[]"], SILENT_MS))
            entry["silent"] += [found] if found else []

    def floors(self):
        """Medians of bench_floor."""
        runs = [dict(line.split()[:2] for line in call([self.build / "bench_floor"], "bench_floor").splitlines())
                for _ in range(min(3, self.rounds))]
        return {name: statistics.median(float(run[name]) for run in runs) for name in runs[0]}

    def run(self):
        self.check_build()
        self.progress.say("the machine's limits")
        self.data["floors"] = self.floors()
        self.progress.add(10)
        for w in self.workloads:
            self.measure(w)
        self.data["minutes"] = (time.monotonic() - self.progress.started) / 60
        self.data["machine"]["load_after"] = os.getloadavg()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two short rounds, without W6")
    parser.add_argument("--only", action="append", choices=[w.name for w in WORKLOADS], help="one workload, or several")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--output", help="default: bench/RESULTS.md; build/bench/RESULTS.md of a part or a quick one")
    options = parser.parse_args()
    suite = Suite(options)
    suite.run()
    folder = suite.build.parent / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(suite.data, indent=1), encoding="utf-8")
    part = options.quick or options.only
    output = Path(options.output) if options.output else (folder if part else ROOT / "bench") / "RESULTS.md"
    output.write_text(results.page(suite.data, WORKLOADS), encoding="utf-8")
    print(f"bench: {output} after {suite.data['minutes']:.1f} min")


if __name__ == "__main__":
    main()
