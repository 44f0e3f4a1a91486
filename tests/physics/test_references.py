"""The reference tables of single cells are what their scripts give today, where what they need is installed."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import REQUIRE_TOOLS  # noqa: E402

REFERENCES = pathlib.Path(__file__).resolve().parent / "references"
NEEDS = {"adex": "scipy", "conductances": "brian2", "glif": "scipy", "intfire1": "neuron", "two_exponential": "neuron"}
TOLERANCE = 1e-6  # relative to the largest number of the column: other versions round otherwise


def interpreter_with(module):
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None


def numbers(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return [[float(word) for word in line.split()] for line in lines]


def largest_difference(old, new):
    assert len(old) == len(new) and len(old) > 100, f"{len(new)} rows instead of {len(old)}"
    worst = 0.0
    for column in range(len(old[0])):
        scale = max(abs(row[column]) for row in old)
        worst = max(worst, max(abs(a[column] - b[column]) for a, b in zip(old, new, strict=True)) / scale)
    return worst


def main():
    failures = 0
    for name, module in sorted(NEEDS.items()):
        header = (REFERENCES / f"{name}.txt").read_text().splitlines()[:2]
        assert "step" in header[0] and f"references/{name}.py" in header[1], f"{name}.txt does not say how it was made"
        python = interpreter_with(module)
        if python is None:
            print(f"{name}: not compared, because {module} is not installed")
            failures += REQUIRE_TOOLS
            continue
        with tempfile.TemporaryDirectory() as folder:
            script = [python, str(REFERENCES / f"{name}.py"), folder]
            subprocess.run(script, check=True, capture_output=True, cwd=folder)
            again = numbers(pathlib.Path(folder) / f"{name}.txt")
            worst = largest_difference(numbers(REFERENCES / f"{name}.txt"), again)
        print(f"{name}: largest difference {worst:.1e}")
        failures += worst > TOLERANCE
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
