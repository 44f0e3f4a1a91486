"""Weights that plasticity rules reach on given spike trains, by Brian2.

Every synapse has a delay of its own, which is dendritic: presynaptic spikes act when they are fired, postsynaptic ones
after the delay. No two spikes meet at a synapse at the same time. The calcium rule has no noise here and is integrated
in steps of STEP_CA_MS, its double well acting only below both thresholds, as in the model.
Writes plasticity.txt beside this file, or into the folder argv[1]. Its rows: 0 cell stamp 0 0 (a presynaptic spike),
1 cell stamp 0 0 (a postsynaptic one), then for each rule its number, source, target, delay in steps, final weight;
number 2 is what the weights were at first. Stamps are in steps of STEP_MS.
"""
import pathlib
import sys

import brian2
import numpy
from brian2 import ms, second

STEP_MS, STEP_CA_MS, UNTIL_MS, N_PRE, N_POST = 0.1, 0.005, 2000.0, 8, 5

TRACES = "dx/dt = -x / tau_x_ : 1 (event-driven)\ndy/dt = -y / tau_y_ : 1 (event-driven)\n"
SLOW = "dx2/dt = -x2 / tau_x2_ : 1 (event-driven)\ndy2/dt = -y2 / tau_y2_ : 1 (event-driven)\n"
RULES = [
    # number, time constants, rule at pre, rule at post, nearest
    (3, (17, 34), "w = clip(w - 0.05 * 1.6 * y, 0, 1.6)", "w = clip(w + 0.06 * 1.6 * x, 0, 1.6)", False),
    (4, (20, 20), "w = clip(w - 0.1 * 2 * (w / 2) * y, 0, 2)", "w = clip(w + 0.1 * 2 * (1 - w / 2)**0.5 * x, 0, 2)", True),
    (5, (20, 30), "w = clip(w - 0.05 * 0.9 * w * y, 0, inf)", "w = w + 0.05 * w**0.4 * x", False),
    (6, (16.8, 33.7, 101, 125), "w = clip(w - y * (0.07 + 0.023 * x2), 0, 2)", "w = clip(w + x * (0.05 + 0.062 * y2), 0, 2)", False),
    (7, (16.8, 33.7, 101, 125), "w = clip(w - y * (0.07 + 0.023 * x2), 0, 2)", "w = clip(w + x * (0.05 + 0.062 * y2), 0, 2)", True),
    (8, (20, 20), "w = clip(w + 0.05 * (y - 2 * 0.008 * 20), 0, 3)", "w = clip(w + 0.05 * x, 0, 3)", False),
]
CALCIUM = """
dc/dt = -c / (20*ms) : 1 (clock-driven)
up = int(c > 1.3) : 1
down = int(c > 1.0) : 1
drho/dt = (321.808 * (1 - rho) * up - 200 * rho * down - int(c <= 1.0) * rho * (1 - rho) * (0.5 - rho)) / (5*second) : 1 (clock-driven)
"""


def trains(random):
    """Pre- and postsynaptic stamps (cell, stamp), 3 ms or more apart in a cell."""
    def train(n, rate_hz):
        events = []
        for cell in range(n):
            times = numpy.cumsum(3.0 + random.exponential(1000.0 / rate_hz, 200))
            events += [(cell, int(round(t / STEP_MS))) for t in times if t < UNTIL_MS - 20]
        return sorted(events, key=lambda event: event[1])
    return train(N_PRE, 14.0), train(N_POST, 17.0)


def meets(pre, post, delay):
    """Whether two spikes meet at a synapse."""
    stamps = {}
    for cell, stamp in pre:
        stamps.setdefault(cell, set()).add(stamp)
    return any(stamp + delay[i, cell] in stamps[i] for cell, stamp in post for i in range(N_PRE))


def network(step_ms, pre, post, delay, weight, model, on_pre, on_post):
    brian2.start_scope()
    brian2.defaultclock.dt = step_ms * ms
    groups = [brian2.SpikeGeneratorGroup(n, [c for c, _ in events], [s * STEP_MS for _, s in events] * ms)
              for n, events in ((N_PRE, pre), (N_POST, post))]
    synapses = brian2.Synapses(*groups, model="w : 1\n" + model, on_pre=on_pre, on_post=on_post, method="euler")
    synapses.connect(True)
    i, j = numpy.array(synapses.i), numpy.array(synapses.j)
    synapses.post.delay = delay[i, j] * STEP_MS * ms
    synapses.w = weight[i, j]
    net = brian2.Network(*groups, synapses)
    return net, synapses, i, j


def pair_rule(rule, pre, post, delay, weight):
    number, taus, on_pre, on_post, nearest = rule
    names = ("tau_x_", "tau_y_", "tau_x2_", "tau_y2_")
    slow = len(taus) == 4
    jump = "{0} = 1" if nearest else "{0} += 1"
    after_pre = [jump.format(t) for t in (("x", "x2") if slow else ("x",))]
    after_post = [jump.format(t) for t in (("y", "y2") if slow else ("y",))]
    net, synapses, i, j = network(STEP_MS, pre, post, delay, weight, TRACES + (SLOW if slow else ""),
                                  "\n".join([on_pre] + after_pre), "\n".join([on_post] + after_post))
    net.run(UNTIL_MS * ms, namespace={name: tau * ms for name, tau in zip(names, taus)})
    return [(number, a, b, delay[a, b], w) for a, b, w in zip(i, j, synapses.w[:])]


def calcium(pre, post, delay, weight):
    """Rule 9; the presynaptic calcium comes 13.7 ms late."""
    net, synapses, i, j = network(STEP_CA_MS, pre, post, delay, weight, CALCIUM, "c += 1", "c += 2")
    synapses.pre.delay = 13.7 * ms
    synapses.rho = 0.4
    net.run(UNTIL_MS * ms)
    return [(9, a, b, delay[a, b], w * (1 + 4 * rho)) for a, b, w, rho in zip(i, j, weight[i, j], synapses.rho[:])]


def main():
    brian2.prefs.codegen.target = "numpy"
    random = numpy.random.default_rng(5)
    while True:
        pre, post = trains(random)
        delay = random.integers(5, 60, (N_PRE, N_POST))
        if not meets(pre, post, delay):
            break
    weight = random.uniform(0.5, 1.5, (N_PRE, N_POST)).round(6)
    weight += 1 - weight.mean()
    rows = [(0, c, s, 0, 0) for c, s in pre] + [(1, c, s, 0, 0) for c, s in post]
    rows += [(2, a, b, delay[a, b], weight[a, b]) for a in range(N_PRE) for b in range(N_POST)]
    for rule in RULES:
        rows += pair_rule(rule, pre, post, delay, weight)
    rows += calcium(pre, post, delay, weight)
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent
    with open(folder / "plasticity.txt", "w") as file:
        file.write(f"# Brian2 {brian2.__version__}, step {STEP_MS} ms, calcium {STEP_CA_MS} ms, seed 5\n"
                   "# command: python3 tests/physics/references/plasticity.py\n"
                   "# rule source target delay_steps weight; see the script\n")
        for row in rows:
            file.write("%d %d %d %d %.12g\n" % row)


main()
