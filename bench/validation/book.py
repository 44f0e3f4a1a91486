#!/usr/bin/env python3
"""Writes the validation book: a page for each claim with what was measured here and now, and a table of them all.

    bench/validation/book.py [--all] [--build build/release] [-o docs/validation] [NAME...]

`./dev validate` builds the tests and calls it. Without names it measures all claims but long ones. Other pages stay as they are,
and so do their rows. Exit code 1 if a claim does not hold. Numbers come from the tests themselves, which print each comparison."""
import argparse
import datetime
import functools
import json
import math
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import python3  # noqa: E402

python3.need("matplotlib", "numpy")
from book_figures import draw  # noqa: E402
from claims import CLAIMS  # noqa: E402

BEGAN = re.compile(r"\[ RUN +\] (\w+)")
ENDED = re.compile(r"\[ +(OK|FAILED) +\] (\w+)")


class Comparison:
    """One number against the bounds between which it is accepted."""

    def __init__(self, test, fields):
        self.test, self.what = test, fields[1]
        self.value, self.reference, self.low, self.high = (float(field) for field in fields[2:6])

    @property
    def holds(self):
        return self.low <= self.value <= self.high

    @property
    def deviation(self):
        """From the middle of the bounds, as a share of the way to them."""
        half = 0.5 * (self.high - self.low)
        distance = self.value - 0.5 * (self.high + self.low)
        return distance / half if half > 0.0 else 0.0 if distance == 0.0 else math.copysign(math.inf, distance)


@functools.cache
def run_program(name, build):
    """What a test program prints, whether it succeeds, and how long it took."""
    began = time.monotonic()
    if name.endswith(".py"):
        command = [sys.executable, str(ROOT / "tests" / "physics" / name), str(build / "rewire")]
    else:
        command = [str(build / "tests" / name)]
    environment = {**os.environ, "REWIRE_CHECKS": "1", "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT / "tests")
    return done.stdout + "\n" + done.stderr, done.returncode == 0, time.monotonic() - began


def run_test(name, chosen, build):
    """Runs one test program: the sentences of its tests with whether each holds, their comparisons, and the seconds it took."""
    printed, succeeded, seconds = run_program(name, build)
    outcomes, comparisons, test = {}, [], ""
    for line in printed.splitlines():
        if match := BEGAN.search(line):
            test = match[1]
        elif match := ENDED.search(line):
            outcomes[match[2]] = match[1] == "OK"
        elif line.startswith("check\t"):
            comparisons.append(Comparison(test, line.split("\t")))
    if name.endswith(".py"):
        outcomes = {name: succeeded}
        for comparison in comparisons:
            comparison.test = name
    elif chosen is not None:
        missing = set(chosen) - set(outcomes)
        if missing:
            sys.exit(f"book.py: {name} has not run {', '.join(sorted(missing))}:\n{printed[-2000:]}")
        outcomes = {test: outcomes[test] for test in chosen}
        comparisons = [comparison for comparison in comparisons if comparison.test in outcomes]
    if not outcomes or not comparisons:
        sys.exit(f"book.py: {name} has compared nothing:\n{printed[-2000:]}")
    return outcomes, comparisons, seconds


def number(value):
    return f"{value:.4g}"


def sentence(test):
    return test.replace("_", " ") if not test.endswith(".py") else f"`tests/physics/{test}`"


def widest(comparisons):
    """The widest bounds, relative to a reference other than 0 where there is one."""
    shares = [0.5 * (c.high - c.low) / abs(c.reference) for c in comparisons if c.reference and math.isfinite(c.reference)]
    if not shares:
        return "bounds"
    return f"at most {100 * max(shares):.3g} %" if max(shares) > 0.0 else "none"


def table_of_tests(outcomes, comparisons):
    lines = ["| what holds | comparisons | largest deviation, as a share of the tolerance | holds |", "|---|---|---|---|"]
    for test, holds in outcomes.items():
        own = [abs(comparison.deviation) for comparison in comparisons if comparison.test == test]
        largest = f"{100 * max(own):.3g} %" if own else "no number: yes or no"
        lines.append(f"| {sentence(test)} | {len(own)} | {largest} | {'yes' if holds else '**no**'} |")
    return lines


def table_of_numbers(comparisons):
    lines = ["| what | measured | reference | accepted | holds |", "|---|---|---|---|---|"]
    for c in comparisons:
        reference = number(c.reference) if math.isfinite(c.reference) else ""
        lines.append(f"| {c.what} | {number(c.value)} | {reference} | {number(c.low)} to {number(c.high)} | {'yes' if c.holds else '**no**'} |")
    return lines


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def revision(build):
    facts = json.loads(subprocess.run([build / "rewire", "version", "--json"], check=True, capture_output=True, text=True).stdout)
    return f"{facts['version']} ({facts['revision']})"


def write_page(name, entry, outcomes, comparisons, row, folder):
    named = [comparison for comparison in comparisons if comparison.what]
    lines = [f"# {entry['title']}", "", f"**Claim.** {entry['claim']}", "", f"**Source.** {entry['source']}", "",
             f"**Result.** {'It holds' if row['holds'] else '**It does not hold**'}: {row['measured']}.", "",
             f"![Measured against reference]({name}.svg)", ""]
    lines += ["Each dot is a comparison: where it lies between the bounds (shaded) within which it is accepted."
              + (" Above, the values (dots) and their references (line), in the order of the test." if entry.get("curve") else ""), ""]
    lines += table_of_tests(outcomes, comparisons) if not named else table_of_numbers(named)
    lines += ["", f"Measured by `./dev validate {name}` with rewire {row['revision']} on {row['machine']}, {row['date']}, "
              f"in {row['seconds']:.0f} s. The program of the measurement: "
              + ", ".join(f"`{test}`" for test, _ in entry["tests"]) + ".", ""]
    (folder / f"{name}.md").write_text("\n".join(lines), encoding="utf-8")


def measure(name, entry, build, folder):
    """Runs the tests of a claim, writes its page and figure, and returns its row of the table."""
    outcomes, comparisons, seconds = {}, [], 0.0
    for test, chosen in entry["tests"]:
        own_outcomes, own_comparisons, own_seconds = run_test(test, chosen, build)
        seconds += own_seconds
        outcomes.update(own_outcomes)
        comparisons += own_comparisons
    holds = all(outcomes.values()) and all(comparison.holds for comparison in comparisons)
    largest = max(abs(comparison.deviation) for comparison in comparisons)
    row = {"holds": holds, "tolerance": widest(comparisons), "revision": revision(build), "machine": processor(),
           "measured": f"{len(comparisons)} comparison{'s' if len(comparisons) > 1 else ''}, the farthest at {100 * largest:.3g} % of its tolerance",
           "date": datetime.date.today().isoformat(), "seconds": seconds}
    draw(comparisons, entry.get("curve"), folder / f"{name}.svg")
    write_page(name, entry, outcomes, comparisons, row, folder)
    return row


def write_index(rows, folder):
    lines = ["# Validation book", "",
             "What rewire claims to compute, against published numbers, closed forms and other programs. `./dev validate NAME` measures a claim "
             "again and writes its page; `./dev validate` all that take seconds to minutes, `./dev validate --all` every one.", "",
             "| claim | tolerance | measured | holds |", "|---|---|---|---|"]
    names = [name for name in CLAIMS if name in rows]
    for name in names:
        row = rows[name]
        lines.append(f"| [{CLAIMS[name]['title']}]({name}.md) | {row['tolerance']} | {row['measured']} | {'yes' if row['holds'] else '**no**'} |")
    lines += ["", "A tolerance is half the width of the bounds of a comparison, relative to its reference; the widest is given. Where a page "
              "has bounds alone, the reference gives a direction and no number.", "",
              "```{toctree}", ":hidden:", "", *names, "```", ""]
    (folder / "index.md").write_text("\n".join(lines), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="claims: " + ", ".join(CLAIMS))
    parser.add_argument("--all", action="store_true", help="long ones, too")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "validation")
    words = parser.parse_args()
    unknown = [name for name in words.names if name not in CLAIMS]
    if unknown:
        parser.error(f"there is no claim {', '.join(unknown)}; there are {', '.join(CLAIMS)}")
    build, folder = words.build.resolve(), words.output
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "results.json"
    rows = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    chosen = words.names or [name for name, entry in CLAIMS.items() if words.all or not entry.get("long")]
    for name in chosen:
        rows[name] = measure(name, CLAIMS[name], build, folder)
        print(f"{'holds         ' if rows[name]['holds'] else 'DOES NOT HOLD '} {name}: {rows[name]['measured']}", flush=True)
        kept.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        write_index(rows, folder)
    sys.exit(0 if all(rows[name]["holds"] for name in chosen) else 1)


if __name__ == "__main__":
    main()
