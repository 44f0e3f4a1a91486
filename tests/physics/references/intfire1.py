"""Reference for IntFire1: NEURON's own cell under spikes of several weights, each at a whole step of 0.1 ms.

Writes intfire1.txt beside this file, or into argv[1].
"""
import pathlib
import sys

import neuron
from neuron import h

TAU, REFRAC, STEP, UNTIL = 12.0, 2.03, 0.1, 300.0  # refrac is not a whole number of steps: no spike arrives at its end
WEIGHTS = [0.15, 0.3, -0.1, 0.45]


def arrives(k, step):
    """Whether a spike of weight k arrives at a step; never two at once, since NEURON would take one after the other."""
    return (step ** 3 + 5 * step) % 1009 % 23 == k


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    h.load_file("stdrun.hoc")
    cell = h.IntFire1()
    cell.tau, cell.refrac = TAU, REFRAC
    ends = []
    for k, weight in enumerate(WEIGHTS):
        for step in (step for step in range(1, round(UNTIL / STEP)) if arrives(k, step)):
            stim = h.NetStim()
            stim.start, stim.number = step * STEP, 1
            ends += [stim, h.NetCon(stim, cell, 0.0, 0.0, weight)]
    spikes, recorder = h.Vector(), h.NetCon(cell, None)
    recorder.record(spikes)
    h.dt = 0.025
    h.finitialize()
    rows = []
    for sample in range(1, round(UNTIL) + 1):
        h.continuerun(sample + 0.05)  # between two steps: what arrives at the sample itself has acted
        decayed = cell.M()
        rows.append((sample + 0.05, decayed if decayed < 1.5 and decayed >= -0.9 else 0.0, len(spikes)))
    with open(folder / "intfire1.txt", "w") as out:
        out.write(f"# NEURON {neuron.__version__}, IntFire1, event by event; spikes arrive at steps of {STEP} ms\n")
        out.write("# command: python3 tests/physics/references/intfire1.py\n")
        out.write("# t_ms m spikes\n")
        for row in rows:
            out.write("%.2f %.12f %d\n" % row)


main()
