#!/usr/bin/python3
"""The long fault test: calls to the system fail, one at a time, in the commands of tests/support/faults.py, or in those named.
It prints what was not as promised, then what was injected, and exits with 1 if there was anything.

Every call of rewire itself fails once, in one run of each command (tests/support/fault_walk.h), which takes the right to make
mount namespaces, so root; with --libraries, those of libraries, too, by their call stacks. With --sample N at most N of each kind
fail, drawn at random, each in a run of its own, for which nobody needs to be root and the sanitizers may look on. What a log
holds already is not done again. Needs a build with tests, which makes librewire_faults.so."""
import argparse
import json
import os
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from faults import KINDS, FaultTest  # noqa: E402

WALK_S = 24 * 3600  # every allocation of a run takes hours


def read_log(path):
    if path is None or not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def walk(test, arguments, rows):
    """A row of the log for each command and kind."""
    done = {(row["command"], row["kind"], row["libraries"]) for row in rows}
    names = arguments.commands or [name for name in test.subjects if name != "team"]
    for kind in arguments.kinds or [kind for kind in KINDS if kind != "thread"]:
        for name in names:
            if (name, kind, arguments.libraries) in done:
                continue
            began = time.monotonic()
            found = test.walk(name, kind, not arguments.libraries, tell=lambda text: print(text, flush=True),
                              limit_s=WALK_S)
            row = {"command": name, "kind": kind, "libraries": arguments.libraries, "faults": test.injected.get((name, kind), 0),
                   "changed_nothing": test.survived.get((name, kind), 0), "checked": test.checked.get((name, kind), 0),
                   "findings": found, "seconds": round(time.monotonic() - began, 1)}
            rows.append(row)
            if arguments.log:
                with open(arguments.log, "a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")


def tell(rows):
    """A table of commands and kinds."""
    kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in rows)]
    print("| command | " + " | ".join(kinds) + " | changed nothing | led on | findings |\n|---|" + "--:|" * (len(kinds) + 3))
    for name in dict.fromkeys(row["command"] for row in rows):
        mine = [row for row in rows if row["command"] == name]
        counts = [sum(row["faults"] for row in mine if row["kind"] == kind) for kind in kinds]
        sums = [sum(row[what] for row in mine) for what in ("changed_nothing", "checked")]
        print("| " + " | ".join(map(str, [name, *counts, *sums, sum(len(row["findings"]) for row in mine)])) + " |")
    print(f"{sum(row['faults'] for row in rows)} faults, {sum(len(row['findings']) for row in rows)} findings, "
          f"{sum(row['seconds'] for row in rows):.0f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="*", metavar="COMMAND")
    parser.add_argument("--rewire", default=os.path.join(ROOT, "build", "release", "rewire"))
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--libraries", action="store_true")
    parser.add_argument("--kinds", nargs="+", choices=KINDS)
    parser.add_argument("--log", metavar="FILE")
    arguments = parser.parse_args()
    rewire = os.path.abspath(arguments.rewire)
    library = os.path.join(os.path.dirname(rewire), "tests", "librewire_faults.so")
    rows = read_log(arguments.log)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        test = FaultTest(rewire, library, folder, seed=int(time.time()))
        if arguments.sample is None:
            walk(test, arguments, rows)
            tell(rows)
            return any(row["findings"] for row in rows)
        findings = 0
        for name in arguments.commands or test.subjects:
            kinds = ("thread",) if name == "team" else arguments.kinds or KINDS
            findings += len(test.run(test.cases(name, kinds, not arguments.libraries and name != "team", arguments.sample),
                                     os.cpu_count() or 1, tell=lambda text: print(text, flush=True)))
            print(test.summary(), file=sys.stderr, flush=True)  # an interrupted test has a result, too
        print(f"{test.summary()}\n{sum(test.injected.values())} faults, {findings} findings")
        return findings > 0


sys.exit(main())
