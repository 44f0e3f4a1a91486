#!/usr/bin/env python3
"""What a drug costs: instructions of the step loop with each way of acting, relative to the same network without a drug;
and what keeping the charge through every receptor costs, which series under a blockade do.

    python3 bench/drug_cost.py build/count/rewire

The network is gate/conductance.yaml with one GluN2 subunit. Building and starting are left out by counting runs of two
lengths. Build the preset `count` first: `./dev bench instructions`."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SCENARIO = Path(__file__).resolve().parent / "gate" / "conductance.yaml"
ACTIONS = ["none", "hill", "mg_competitive", "woodhull", "trapping", "hill, charge"]
SHORT_MS, LONG_MS = 50, 150


def scenario(action):
    text = SCENARIO.read_text().replace("gaba_a: {}}}", "gaba_a: {}}, glun2: {A: 1}}")
    action, *charge = action.split(", ")
    if charge:
        text = text.replace("series: none", "series: {every: 1 s}")  # samples at both ends of a run alone
    drug = f"\ndrugs:\n  ketamine: {{model: concentration, level: 1 uM, action: {action}}}\n"
    return text if action == "none" else text + drug


def instructions(rewire, folder, action, until_ms):
    path = Path(folder) / f"{action}.yaml"
    path.write_text(scenario(action))
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", rewire, "run", path, "-o",
                           Path(folder) / f"{action}_{until_ms}", "--quiet", "--threads", "1", "--set",
                           f"time.until={until_ms} ms"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    rewire = Path(sys.argv[1] if len(sys.argv) > 1 else "build/count/rewire").resolve()
    with tempfile.TemporaryDirectory() as folder:
        cost = {action: instructions(rewire, folder, action, LONG_MS) - instructions(rewire, folder, action, SHORT_MS)
                for action in ACTIONS}
    for action, count in cost.items():
        print(f"{action:16}{count:>14,} {100 * (count / cost['none'] - 1):+6.1f} %")


if __name__ == "__main__":
    main()
