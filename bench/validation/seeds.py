#!/usr/bin/env python3
"""Asks on several seeds what the tests ask on one: recovery, engram and lesion, in the scenarios of configs/ as they are.

    bench/validation/seeds.py [build/release/rewire] [--of recovery engram lesion] [--seeds 1 2 3] [-o out/seeds.md]

Writes a table for each, a line for every claim: what was asked, what each seed gave, mean and standard error, and in how
many seeds it holds. Exits with 1 if a claim fails on a seed. The parameters of recovery were chosen with seeds 1 to 5 in
view, so it is asked of 6 to 10 unless others are named. Five seeds of each take some 12 min of one core.
"""
import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "physics"))
import test_growth_recovery as recovery  # noqa: E402
import test_network_engram as engram  # noqa: E402
import test_network_lesion as lesion  # noqa: E402
from network_runs import np  # noqa: E402

HEAD = """# What holds on other seeds

Written by `bench/validation/seeds.py`. The bounds are those of the tests, tests/physics/test_growth_recovery.py,
test_network_engram.py and test_network_lesion.py; the sizes that are asked for are assumptions.
"""
STUDIES = {
    "recovery": ("Order of events from blockade to spines (`stress_ketamine_recovery.yaml` and its arms)",
                 recovery.check_full, range(6, 11)),
    "engram": ("An engram (`engram.yaml`)", engram.check, range(1, 6)),
    "lesion": ("A patch that loses its drive (`lesion.yaml`)", lesion.check, range(1, 6)),
}


class Claims:
    """What a test asks, collected over seeds instead of judged."""

    def __init__(self):
        self.asked, self.values = {}, {}

    def within(self, what, value, low, high):
        self.asked[what] = (low, high)
        self.values.setdefault(what, []).append(float(value))

    def near(self, what, value, wanted, tolerance):
        self.within(what, value, wanted - tolerance, wanted + tolerance)

    def holds(self, what):
        low, high = self.asked[what]
        return sum(low <= value <= high for value in self.values[what])

    def table(self, seeds):
        lines = [f"| measured | asked | {' | '.join(f'seed {seed}' for seed in seeds)} | mean ± SEM | holds |",
                 f"|---|---|{'--:|' * len(seeds)}--:|--:|"]
        for what, values in self.values.items():
            low, high = self.asked[what]
            sem = np.std(values, ddof=1) / len(values) ** 0.5 if len(values) > 1 else np.nan
            lines.append(f"| {what} | {low:.4g} to {high:.4g} | {' | '.join(f'{value:.4g}' for value in values)} | "
                         f"{np.mean(values):.4g} ± {sem:.2g} | {self.holds(what)} of {len(values)} |")
        return "\n".join(lines)


def revision(rewire):
    told = json.loads(subprocess.run([rewire, "version", "--json"], capture_output=True, text=True, check=True).stdout)
    return f"rewire {told['version']} ({told['revision']})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rewire", nargs="?", default=str(ROOT / "build/release/rewire"))
    parser.add_argument("--of", nargs="+", choices=STUDIES, default=list(STUDIES))
    parser.add_argument("--seeds", nargs="+", type=int, help="the same for all; default: each its own")
    parser.add_argument("-o", type=pathlib.Path, default="out/seeds.md")
    options = parser.parse_args()
    options.o.parent.mkdir(parents=True, exist_ok=True)
    finished, failed = HEAD, 0
    for name in options.of:
        title, check, seeds = STUDIES[name]
        seeds, claims = options.seeds or seeds, Claims()
        for n, seed in enumerate(seeds, 1):
            print(f"{name}, seed {seed}", flush=True)
            check(claims, options.rewire, {"seed": seed})
            options.o.write_text(f"{finished}\n## {title}\n{revision(options.rewire)}\n\n{claims.table(seeds[:n])}\n",
                                 encoding="utf-8")
        failed += sum(claims.holds(what) < len(seeds) for what in claims.asked)
        finished = options.o.read_text(encoding="utf-8")
    print(finished)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
