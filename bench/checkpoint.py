#!/usr/bin/python3
"""Size and write time of checkpoints at 10^7 synapses, static and structural, against what the same disk takes:
`bench/checkpoint.py [REWIRE [FOLDER]]`; FOLDER is where the files go (default: the system's folder for temporary files)."""
import glob
import json
import os
import subprocess
import sys
import tempfile

from disk import disk_rate

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SCENARIO = """\
rewire: 1
time: {{step: 0.1 ms, until: 10 ms}}
populations:
  cells: {{model: lif_psc_exp, count: 10000}}
projections:
  - name: all
    from: cells
    to: cells
    connect: {{rule: fixed_indegree, n: 1000}}
    weight: 1 pA
    delay: 1.5 ms
    receptors: {{exc: 1}}
{rewire}
record: {{spikes: none, snapshots: none, series: none}}
checkpoint: {{wall: none, at: [1 ms, 2 ms, 3 ms, 4 ms, 5 ms]}}
"""
STRUCTURAL = """\
    rewire: {kernel: none}
growth:
  - {on: cells.axon, model: linear}
  - {on: cells.dendrite_exc, model: linear}
structure: {every: 1 s, growth_every: 10 ms, tau_Ca: 1 s, beta_Ca: 0.1}
"""


def measure(rewire, folder, name, extra):
    """Prints what five states of the network cost."""
    scenario, directory = os.path.join(folder, f"{name}.yaml"), os.path.join(folder, name)
    with open(scenario, "w", encoding="utf-8") as file:
        file.write(SCENARIO.format(rewire=extra))
    subprocess.run([rewire, "run", scenario, "-o", directory, "--quiet"], check=True)
    with open(os.path.join(directory, "run.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    sizes = [os.path.getsize(path) for path in glob.glob(os.path.join(directory, "checkpoint", "t*.h5"))]
    size, seconds = sum(sizes) / len(sizes), manifest["checkpoint_s"] / manifest["checkpoints"]
    plain = disk_rate(folder, int(size))
    print(f"{name:10}  {size / 1e6:8.1f} MB  {1e3 * seconds:8.0f} ms  {size / seconds / 1e6:8.0f} MB/s; "
          f"plain write and fsync {plain / 1e6:8.0f} MB/s")


binary = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release", "rewire"))
with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as temporary:
    print("10^7 synapses    size per state   time        rate")
    measure(binary, temporary, "static", "")
    measure(binary, temporary, "structural", STRUCTURAL)
