#!/usr/bin/python3
"""Size and write time of checkpoints at 10^7 synapses, static and structural, against what the same disk takes:
`bench/checkpoint.py [REWIRE [FOLDER]]`; FOLDER is where the files go (default: the system's folder for temporary files)."""
import glob
import json
import os
import subprocess
import tempfile

from saving import GROWS, NETWORK, binary, disk_rate, folder

KEEPS = """\
record: {spikes: none, snapshots: none, series: none}
checkpoint: {wall: none, at: [1 ms, 2 ms, 3 ms, 4 ms, 5 ms]}
"""


def measure(rewire, place, name, extra):
    """Prints what five states of the network cost."""
    scenario, directory = os.path.join(place, f"{name}.yaml"), os.path.join(place, name)
    with open(scenario, "w", encoding="utf-8") as file:
        file.write(NETWORK.format(until="10 ms", weight="1 pA", delay="1.5 ms", rewire=extra) + KEEPS)
    subprocess.run([rewire, "run", scenario, "-o", directory, "--quiet"], check=True)
    with open(os.path.join(directory, "run.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    sizes = [os.path.getsize(path) for path in glob.glob(os.path.join(directory, "checkpoint", "t*.h5"))]
    size, seconds = sum(sizes) / len(sizes), manifest["checkpoint_s"] / manifest["checkpoints"]
    plain = disk_rate(place, int(size))
    print(f"{name:10}  {size / 1e6:8.1f} MB  {1e3 * seconds:8.0f} ms  {size / seconds / 1e6:8.0f} MB/s; "
          f"plain write and fsync {plain / 1e6:8.0f} MB/s")


with tempfile.TemporaryDirectory(dir=folder()) as temporary:
    print("10^7 synapses    size per state   time        rate")
    measure(binary(), temporary, "static", "")
    measure(binary(), temporary, "structural", GROWS)
