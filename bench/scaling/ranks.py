#!/usr/bin/env python3
"""Measures one rank of N of a scenario that is too large for one machine, and prints a Markdown table.

    bench/scaling/ranks.py [--threads T] [--seconds S] REWIRE [SCENARIO] [N ...]

Memory, building and simulating are those of a rank played by `rewire run --pretend-ranks N`, whose spikes from other
ranks are random at 5 Hz per cell; so is the number of bytes that it receives, which on average is what a rank sends. The
time that the network takes is not measured but estimated on paper by `rewire check --ranks N`, with the constants that it
prints. The time of a step is the processor's, of all threads, so that other programs on the machine do not count."""
import argparse
import json
import os
import resource
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def output(*words):
    """Runs the words and reads the JSON they print; also the processor time they took, s."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(text), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def play(rewire, scenario, ranks, threads, seconds):
    return output(rewire, "run", scenario, "--pretend-ranks", str(ranks), "--threads", str(threads), "--quiet", "--json",
                  "--set", f"time.until={seconds} s")


def measure(rewire, scenario, ranks, threads, seconds):
    """One row of the table: a long run less a short one leaves the time of steps, without building."""
    short, short_s = play(rewire, scenario, ranks, threads, seconds / 10)
    long, long_s = play(rewire, scenario, ranks, threads, seconds)
    predicted = output(rewire, "check", scenario, "--ranks", str(ranks), "--threads", str(threads), "--json",
                       "--set", f"time.until={seconds} s")[0]["predicted"]
    return {"ranks": ranks, "synapses": long["synapses"], "memory": long["memory_bytes"], "build": short_s,
            "predicted": predicted["memory_bytes"],
            "step": (long_s - short_s) / (0.9 * seconds),
            "received": long["received_bytes"] / long["exchanges"],
            "network": predicted["exchange_wall_s"] / seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewire")
    parser.add_argument("scenario", nargs="?", default=os.path.join(HERE, "million.yaml"))
    parser.add_argument("ranks", nargs="*", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.2, help="biological time of the longer of two runs")
    given = parser.parse_args()
    print("| ranks | synapses | memory, MB | predicted, MB | build, CPU s | CPU s per biological s | received per "
          "exchange, kB | network on paper, s per biological s |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for ranks in given.ranks or [64, 256, 1024, 4096]:
        row = measure(given.rewire, given.scenario, ranks, given.threads, given.seconds)
        print(f"| {row['ranks']} x {given.threads} | {row['synapses']:.3g} | {row['memory'] / 1e6:.0f} | "
              f"{row['predicted'] / 1e6:.0f} | {row['build']:.2f} | {row['step']:.2f} | "
              f"{row['received'] / 1e3:.1f} | {row['network']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
