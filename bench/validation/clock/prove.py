#!/usr/bin/env python3
"""Shows what the clock costs on a chain that can be solved, and that its tolerance is kept.

    bench/validation/clock/prove.py [build/release/rewire] [-o docs/clock] [--seeds 100]

Writes clock_sources.svg (each source of error against the factor or the interval: runs, theory, and what the runs
estimated) and clock_tolerance.svg (true errors of many seeds against the tolerance), with the numbers of each as CSV. The
chain is in chain.py; nothing of rewire is used to solve it. 100 seeds take some ten minutes of one core.
"""
import argparse
import csv
import dataclasses
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np

from chain import Chain, scenario, scheme, solve

ROOT = pathlib.Path(__file__).resolve().parents[3]
SETTLED_H = 6.0  # noise of earlier times still grows


class Runs:
    """Runs of chains in a folder that vanishes."""

    def __init__(self, rewire):
        self.rewire = str(rewire)
        self.folder = tempfile.TemporaryDirectory()
        self.n = 0

    def run(self, chain, clock, seed=1, threads=1):
        """The series of one run as a dict of arrays; the sample at time 0 is left out."""
        self.n += 1
        path = pathlib.Path(self.folder.name) / f"{self.n}.yaml"
        path.write_text(scenario(chain, clock, seed))
        out = path.with_suffix("")
        done = subprocess.run(
            [self.rewire, "run", str(path), "-o", str(out), "--threads", str(threads), "--quiet"], capture_output=True, text=True
        )
        if done.returncode != 0:
            sys.exit(done.stderr)
        with h5py.File(out / "series.h5") as file:
            series = {"S": file["clock/factor"][1:], "network_s": 1e-3 * file["clock/network_time"][-1]}
            series["f"] = file["signals/signal/formation"][1:]
            for name in file["clock/error"]:
                series[name] = file[f"clock/error/{name}"][1:]
        return series


def settled(chain):
    return round(SETTLED_H / chain.interval)


def lag(runs, factors, seeds):
    """Cells whose spikes arrive 100 ms late: the error of that delay, from pairs of runs with the same spikes, and from
    the equations. Many cells, so that noise of the pairs is smaller than that."""
    chain = Chain(cells=4000, delay_ms=100.0)
    prompt = dataclasses.replace(chain, delay_ms=1.0)
    exact = solve(chain)[0]
    for S in factors:
        late = [runs.run(chain, f"{{factor: {S}}}", seed) for seed in range(1, seeds + 1)]
        early = [runs.run(prompt, f"{{factor: {S}}}", seed) for seed in range(1, seeds + 1)]
        seen = np.mean([a["f"] / b["f"] for a, b in zip(late, early)], axis=0) - 1.0
        theory = solve(chain, S * (chain.delay_ms - prompt.delay_ms) / 3.6e6)[0] / exact - 1.0
        share = np.sum(seen * theory) / np.sum(theory * theory)  # of that course; its largest value alone would be noise
        estimate = np.mean([run["signals_lag"].max() for run in late])
        yield {"source": "lag", "at": S, "error": share * np.abs(theory).max(), "theory": np.abs(theory).max(), "estimate": estimate}


def sampling(runs, factors, seeds):
    """Cells that fire by chance: the standard deviation over seeds, and that of the scheme in 2000 other draws."""
    chain = Chain()
    for S in factors:
        several = [runs.run(chain, f"{{factor: {S}}}", seed) for seed in range(1, seeds + 1)]
        f = np.array([run["f"] for run in several])[:, settled(chain) :]
        theory = scheme(chain, S, 2000)[:, settled(chain) :]
        estimate = np.array([run["signals_sampling"] for run in several])[:, settled(chain) :]
        yield {
            "source": "sampling",
            "at": S,
            "error": root_mean_square(f.std(0, ddof=1) / f.mean(0)),
            "theory": root_mean_square(theory.std(0) / theory.mean(0)),
            "estimate": root_mean_square(estimate),
        }


def steps(runs, intervals_min):
    """Regular cells, an interval that gets shorter: the largest difference from the equations."""
    for minutes in intervals_min:
        chain = Chain(noisy=False, step_ms=0.1, interval=minutes / 60.0)
        run = runs.run(chain, "{factor: 100}")
        exact, theory = solve(chain)[0], scheme(chain, 1.0)[0]
        yield {
            "source": "steps",
            "at": minutes,
            "error": np.abs(run["f"] / exact - 1.0).max(),
            "theory": np.abs(theory / exact - 1.0).max(),
            "estimate": run["signals_steps"].max(),
        }


def root_mean_square(x):
    return float(np.sqrt(np.mean(np.square(x))))


def tolerance(runs, values, seeds):
    """Many seeds under a tolerance: true errors against the equations."""
    chain = Chain(interval=1.0 / 24.0)
    exact = solve(chain)[0]
    for value in values:
        clock = f"{{tolerance: {value}, of: signals}}"
        several = [runs.run(chain, clock, seed) for seed in range(1, seeds + 1)]
        error = np.abs(np.array([run["f"] for run in several]) / exact - 1.0)
        yield {
            "tolerance": value,
            "at_any_time": float(np.mean(error <= value)),
            "worst_time": float(np.mean(error <= value, axis=0).min()),
            "whole_run": float(np.mean(error.max(1) <= value)),
            "error_95": float(np.quantile(error, 0.95, axis=0).max()),
            "estimate": float(np.mean([run["signals_total"].max() for run in several])),
            "network_s": float(np.mean([run["network_s"] for run in several])),
            "errors": error,
            "S": np.array([run["S"] for run in several]),
        }


def draw_sources(rows, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    labels = {"lag": "factor S", "sampling": "factor S", "steps": "interval (min)"}
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.6))
    for axis, (source, label) in zip(axes, labels.items()):
        own = [row for row in rows if row["source"] == source]
        at = [row["at"] for row in own]
        axis.loglog(at, [row["theory"] for row in own], "-", color="0.6", label="equations")
        axis.loglog(at, [row["error"] for row in own], "o", label="runs")
        axis.loglog(at, [row["estimate"] for row in own], "x", label="estimated by the runs")
        axis.set(xlabel=label, title=source)
    axes[0].set_ylabel("relative error of formation")
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(path)


def draw_tolerance(rows, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6))
    for row in rows:
        hours = np.arange(1, row["errors"].shape[1] + 1) * 24.0 / row["errors"].shape[1]
        axes[0].semilogy(hours, np.quantile(row["errors"], 0.95, axis=0), label=f"{100 * row['tolerance']:g} %")
        axes[0].axhline(row["tolerance"], color="0.7", linewidth=0.8)
        axes[1].semilogy(hours, np.median(row["S"], axis=0))
    axes[0].set(xlabel="time (h)", ylabel="true error, 95 of 100 runs below", title="error")
    axes[0].legend(title="tolerance")
    axes[1].set(xlabel="time (h)", ylabel="factor S, median", title="factor")
    figure.tight_layout()
    figure.savefig(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewire", nargs="?", default=ROOT / "build/release/rewire")
    parser.add_argument("-o", "--output", type=pathlib.Path, default=ROOT / "docs/clock")
    parser.add_argument("--seeds", type=int, default=100)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    runs = Runs(arguments.rewire)
    rows = list(lag(runs, [300, 1000, 3000, 10000, 20000], 2))
    rows += sampling(runs, [1], min(arguments.seeds, 4))  # a day in real time, again and again
    rows += sampling(runs, [10, 100, 1000, 5000, 20000], min(arguments.seeds, 20))
    rows += steps(runs, [30, 20, 10, 5, 2.5])
    with open(arguments.output / "clock_sources.csv", "w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    for row in rows:
        print(f"{row['source']:9} at {row['at']:7g}: runs {row['error']:.3g}, equations {row['theory']:.3g}, estimated {row['estimate']:.3g}")
    draw_sources(rows, arguments.output / "clock_sources.svg")
    kept = list(tolerance(runs, [0.2, 0.1, 0.05], arguments.seeds))
    draw_tolerance(kept, arguments.output / "clock_tolerance.svg")
    columns = [name for name in kept[0] if name not in ("errors", "S")]
    with open(arguments.output / "clock_tolerance.csv", "w", newline="") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows(kept)
    for row in kept:
        print(", ".join(f"{name} {row[name]:.4g}" for name in columns))


if __name__ == "__main__":
    main()
