"""What the measurements of saving share: a network of 10^7 synapses, and what a disk can do at best."""
import os
import sys
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")

NETWORK = """\
rewire: 1
time: {{step: 0.1 ms, until: {until}}}
populations:
  cells: {{model: lif_psc_exp, count: 10000}}
projections:
  - name: all
    from: cells
    to: cells
    connect: {{rule: fixed_indegree, n: 1000}}
    weight: {weight}
    delay: {delay}
    receptors: {{exc: 1}}
{rewire}
"""
# What goes at {rewire}, so that synapses can form and vanish; none does in the time measured.
GROWS = """\
    rewire: {kernel: none}
growth:
  - {on: cells.axon, model: linear}
  - {on: cells.dendrite_exc, model: linear}
structure: {every: 1 s, growth_every: 10 ms, tau_Ca: 1 s, beta_Ca: 0.1}
"""


def binary():
    """The program under test: the first argument, or the release build's."""
    return os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release", "rewire"))


def folder():
    """Where files are to go: the second argument; None: the system's folder for temporary files."""
    return sys.argv[2] if len(sys.argv) > 2 else None


def disk_rate(directory, size, repeats=5):
    """Bytes/s at which a file of that size is written with one write per MiB, and brought to the disk; the median."""
    block, rates = os.urandom(1 << 20), []
    for _ in range(repeats):
        path = os.path.join(directory, "plain")
        began = time.monotonic()
        with open(path, "wb", buffering=0) as file:
            for at in range(0, size, len(block)):
                file.write(block[:min(len(block), size - at)])
            os.fsync(file.fileno())
        rates.append(size / (time.monotonic() - began))
        os.remove(path)
    return sorted(rates)[repeats // 2]
