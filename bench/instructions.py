#!/usr/bin/env python3
"""Counts the instructions of four small scenarios and compares them with gate/expected.json.

    bench/instructions.py build/count/rewire [--update]

Only instructions of rewire's own code count, not those of the C library, which has other versions for other processors.
The build is for one thread and one kind of processor, so a count depends on the source and the compiler alone: callgrind
finds the same one every time."""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

GATE = Path(__file__).resolve().parent / "gate"
EXPECTED = GATE / "expected.json"
TOLERANCE = 0.02


def tools(rewire):
    """What the counts depend on."""
    version = json.loads(subprocess.run([rewire, "version", "--json"], capture_output=True, text=True, check=True).stdout)
    valgrind = subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {"compiler": version["compiler"], "flags": version["flags"], "build_type": version["build_type"]}, valgrind


def self_counts(profile):
    """Instructions by object file, from callgrind's output; calls are followed by a line that repeats what was spent in
    the function called, which is left out."""
    names, counts, current, skip = {}, {}, None, False
    for line in profile.splitlines():
        found = re.match(r"(c?)ob=\((\d+)\)(?: (.+))?", line)  # a name is given once, be it of a caller or a callee
        if found:
            name = names.setdefault(found[2], found[3])
            current = current if found[1] else name
        elif line.startswith("calls="):
            skip = True
        elif re.match(r"[+\-*\d]", line):
            if not skip:
                counts[current] = counts.get(current, 0) + int(line.split()[1])
            skip = False
    return counts


def count(rewire, scenario):
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "callgrind.out"
        words = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", "--compress-pos=no", "--error-exitcode=99",
                 rewire, "profile", scenario, "--threads", "1", "--quiet"]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"instructions: {' '.join(map(str, words))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        counts = self_counts(output.read_text(encoding="utf-8"))
    own = [n for name, n in counts.items() if name and Path(name).name == Path(rewire).name]
    if not own:
        sys.exit("instructions: callgrind's output names no function of rewire")
    return sum(own)


def compare(found, expected):
    """Whether all counts are as expected; prints each."""
    good = set(found) == set(expected)
    for name, n in found.items():
        change = n / expected[name] - 1 if name in expected else float("nan")
        within = abs(change) <= TOLERANCE
        good = good and within
        print(f"{'ok  ' if within else 'FAIL'} {name}: {n:,} instructions, {100 * change:+.2f} % of {expected.get(name, 0):,}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewire", type=Path)
    parser.add_argument("--update", action="store_true", help="write what is found as what is expected")
    options = parser.parse_args()
    built, valgrind = tools(options.rewire.resolve())
    found = {path.stem: count(options.rewire.resolve(), path) for path in sorted(GATE.glob("*.yaml"))}
    if options.update:
        EXPECTED.write_text(json.dumps({"tools": built, "valgrind": valgrind, "instructions": found}, indent=1) + "\n",
                            encoding="utf-8")
        print(f"instructions: wrote {EXPECTED}")
        return
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    if expected["tools"] != built:
        print(f"instructions: not compared, because the expected counts are for {expected['tools']} and this is {built}")
        return
    if not compare(found, expected["instructions"]):
        sys.exit(f"instructions: a count changed by more than {100 * TOLERANCE:g} %. If that was not meant, find the cause (callgrind_annotate). If it "
                 "was, say in the commit what changed it and by how much, and take the new counts with\n"
                 "    ./dev bench instructions --update")


if __name__ == "__main__":
    main()
