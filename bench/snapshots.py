#!/usr/bin/python3
"""What snapshots of 10^7 synapses and the log of 10^6 changes cost, against what the same disk takes:
`bench/snapshots.py [REWIRE [FOLDER [THREADS]]]`; FOLDER is where the files go (default: the system's folder for temporary
files), THREADS those of the run (default: 2). On a busy machine run it with `chrt -f 50`."""
import glob
import json
import os
import subprocess
import sys
import tempfile

from saving import GROWS, NETWORK, binary, disk_rate, folder

REPEATS = 3
RECORD = "record: {spikes: none, series: none, snapshots: {every: 1 ms}}\n"
NETWORKS = {"fixed": {"delay": "1.5 ms", "rewire": ""},
            "delays that differ": {"delay": "{uniform: [0.5 ms, 3 ms]}", "rewire": ""},
            "growing": {"delay": "1.5 ms", "rewire": GROWS}}
# A million synapses form at the first update; each of the others loses two fifths of those that are left.
CHANGES = """\
rewire: 1
time: {step: 0.1 ms, until: 60 ms}
populations:
  cells: {model: lif_psc_exp, count: 100000}
projections:
  - name: all
    from: cells
    to: cells
    connect: {rule: none}
    weight: {normal: [10 pA, 1 pA]}
    delay: 1.5 ms
    receptors: {exc: 1}
    rewire: {kernel: none, loss: {rate: 50 Hz}}
growth:
  - {on: cells.axon, model: linear, target: 1 Hz, nu: 0 /ms, initial: 11}
  - {on: cells.dendrite_exc, model: linear, target: 1 Hz, nu: 0 /ms, initial: 11}
structure: {every: 10 ms, growth_every: 10 ms, tau_Ca: 1 s, beta_Ca: 0.1}
record: {spikes: none, snapshots: none, series: none}
"""
LOGGED_BYTES = 42  # of an event, in the eight columns of edge_events.h5


def run(place, text, *words):
    """Runs a scenario; returns its run.json, its directory and the most memory it had, bytes."""
    scenario, directory = os.path.join(place, "scenario.yaml"), os.path.join(place, "out")
    subprocess.run(["rm", "-rf", directory], check=True)
    with open(scenario, "w", encoding="utf-8") as file:
        file.write(text)
    process = subprocess.Popen([BINARY, "run", scenario, "-o", directory, "--quiet", "--threads", THREADS, *words])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{BINARY} failed")
    with open(os.path.join(directory, "run.json"), encoding="utf-8") as file:
        return json.load(file), directory, usage.ru_maxrss * 1024


def middle(values):
    """The median."""
    return sorted(values)[len(values) // 2]


def measure_snapshot(place, name, parts):
    """Prints what a snapshot costs: a run of a few steps takes two, and does little else."""
    text = NETWORK.format(until="1 ms", weight="{normal: [50 pA, 5 pA]}", **parts) + RECORD
    seconds, memory = [], []
    for _ in range(REPEATS):
        record, directory, most = run(place, text)
        seconds.append(record["phases_s"]["observe"] / 2)
        memory.append(most)
    size = os.path.getsize(glob.glob(os.path.join(directory, "edges", "*.h5"))[0])
    without = middle([run(place, text, "--set", "record.snapshots=none")[2] for _ in range(REPEATS)])
    plain = disk_rate(place, size)
    print(f"{name:20} {middle(seconds):6.2f} s  {size / 1e6:6.1f} MB  {size / middle(seconds) / 1e6:6.0f} MB/s; a plain "
          f"write and fsync {plain / 1e6:6.0f} MB/s; memory {(middle(memory) - without) / 1e6:4.0f} MB above that of the "
          f"network, {without / 1e6:.0f} MB")


def measure_log(place):
    """Prints what logging a change costs, beside the change itself."""
    logged, changed = [], []
    for _ in range(REPEATS):
        record, directory, _ = run(place, CHANGES)
        phases = record["phases_s"]
        logged.append(phases["observe"])
        changed.append(phases["rewire"])
    n, size = record["synapses_created"] + record["synapses_deleted"], os.path.getsize(os.path.join(directory, "edge_events.h5"))
    print(f"{n} changes: {n / middle(logged) / 1e6:.1f} million/s, {1e9 * middle(logged) / n:.0f} ns to log one that takes "
          f"{1e9 * middle(changed) / n:.0f} ns; {size / n:.1f} bytes each in the file, {LOGGED_BYTES} in the journal while "
          "the run lasts")


BINARY = binary()
THREADS = sys.argv[3] if len(sys.argv) > 3 else "2"
with tempfile.TemporaryDirectory(dir=folder()) as temporary:
    print(f"snapshots of 10^7 synapses, {THREADS} threads, median of {REPEATS}")
    for network, what in NETWORKS.items():
        measure_snapshot(temporary, network, what)
    measure_log(temporary)
