"""Writes network_wang.json: rates of the circuit of configs/wang_decision.yaml in Brian2, with the NMDA gate solved as
the two differential equations of the paper.

Run as: /usr/bin/python3 network_wang_brian2.py (about ten minutes). The equations are written out here anew."""
import json
from pathlib import Path

import brian2
import numpy as np
from brian2 import (Hz, Network, NeuronGroup, PoissonGroup, PoissonInput, SpikeMonitor, Synapses, TimedArray,
                    defaultclock, ms, mV, nS, pF, prefs)

SEEDS = range(3)
END_MS, OFF_MS = 2000, 1500
COHERENCE = 51.2
W_PLUS = 1.7
W_MINUS = 1.0 - 0.15 * (W_PLUS - 1.0) / (1.0 - 0.15)
STATES = """
dv/dt = (-g_L*(v - E_L) - (g_a + g_x)*v - g_n*block*v - g_g*(v + 70*mV))/C : volt (unless refractory)
block = 1/(1 + exp(-0.062*v/mV)/3.57) : 1
dg_a/dt = -g_a/(2*ms) : siemens
dg_x/dt = -g_x/(2*ms) : siemens
dg_g/dt = -g_g/(5*ms) : siemens
g_n : siemens
"""
GATE = """
ds/dt = -s/(100*ms) + 0.5/ms*x*(1 - s) : 1
dx/dt = -x/(2*ms) : 1
"""
E_CELL = {"C": 500 * pF, "g_L": 25 * nS, "E_L": -70 * mV}
I_CELL = {"C": 200 * pF, "g_L": 20 * nS, "E_L": -70 * mV}
POOL = {"a": slice(0, 240), "b": slice(240, 480), "rest": slice(480, 1600)}


def all_to_all(source, target, variable, weights):
    synapses = Synapses(source, target, "w : siemens", on_pre=f"{variable} += w", delay=0.5 * ms)
    synapses.connect()
    synapses.w = weights
    return synapses


def simulate(seed, with_stimulus):
    brian2.start_scope()
    brian2.seed(seed)
    defaultclock.dt = 0.1 * ms
    exc = NeuronGroup(1600, STATES + GATE, threshold="v > -50*mV", reset="v = -55*mV", refractory=2 * ms, method="rk2",
                      namespace=E_CELL)
    inh = NeuronGroup(400, STATES, threshold="v > -50*mV", reset="v = -55*mV", refractory=1 * ms, method="rk2",
                      namespace=I_CELL)
    exc.v = "-56*mV + 6*mV*rand()"
    inh.v = "-56*mV + 6*mV*rand()"
    potentiation = np.ones((1600, 1600))
    for target in "ab":
        potentiation[:, POOL[target]] = W_MINUS
        potentiation[POOL[target], POOL[target]] = W_PLUS
    gates = Synapses(exc, exc, on_pre="x_post += 1", delay=0.5 * ms)
    gates.connect(j="i")

    def share_gates():
        sums = {name: np.sum(exc.s[piece]) for name, piece in POOL.items()}
        total = sum(sums.values())
        g_n = np.full(1600, 0.165 * total)
        for name in "ab":
            g_n[POOL[name]] = 0.165 * (W_PLUS * sums[name] + W_MINUS * (total - sums[name]))
        exc.g_n = g_n * nS
        inh.g_n = 0.13 * total * nS

    parts = [exc, inh, gates, brian2.NetworkOperation(share_gates, dt=0.1 * ms),
             all_to_all(exc, exc, "g_a", 0.05 * potentiation.ravel() * nS), all_to_all(exc, inh, "g_a", 0.04 * nS),
             all_to_all(inh, exc, "g_g", 1.3 * nS), all_to_all(inh, inh, "g_g", 1.0 * nS),
             PoissonInput(exc, "g_x", 1000, 2.4 * Hz, 2.1 * nS), PoissonInput(inh, "g_x", 1000, 2.4 * Hz, 1.62 * nS)]
    for name, sign in (("a", 1), ("b", -1)) if with_stimulus else ():
        rate = 40 * (1 + sign * COHERENCE / 100)
        drive_hz = TimedArray([0, rate, rate, 0] * Hz, dt=500 * ms)
        source = PoissonGroup(240, rates="drive_hz(t)", namespace={"drive_hz": drive_hz})
        drive = Synapses(source, exc[POOL[name]], on_pre="g_x += 2.1*nS")
        drive.connect(j="i")
        parts += [source, drive]
    exc_spikes, inh_spikes = SpikeMonitor(exc), SpikeMonitor(inh)
    Network(*parts, exc_spikes, inh_spikes).run(END_MS * ms)
    return (np.asarray(exc_spikes.t / ms), np.asarray(exc_spikes.i)), (np.asarray(inh_spikes.t / ms), None)


def rate(spikes, start_ms, end_ms, piece=None, count=400):
    times, ids = spikes
    inside = (times > start_ms) & (times <= end_ms)
    if piece is not None:
        inside &= (ids >= piece.start) & (ids < piece.stop)
        count = piece.stop - piece.start
    return float(inside.sum() / count / (1e-3 * (end_ms - start_ms)))


def main():
    prefs.codegen.target = "numpy"
    runs = []
    for seed in SEEDS:
        exc, inh = simulate(seed, False)
        one = {"seed": seed, "silent": {name: rate(exc, 500, END_MS, piece) for name, piece in POOL.items()}}
        one["silent"]["inh"] = rate(inh, 500, END_MS)
        exc, inh = simulate(seed, True)
        one["stimulus"] = {name: rate(exc, 1100, OFF_MS, piece) for name, piece in POOL.items()}
        one["stimulus"]["inh"] = rate(inh, 1100, OFF_MS)
        one["after"] = {name: rate(exc, 1700, END_MS, piece) for name, piece in POOL.items()}
        runs.append(one)
        print(one, flush=True)
    summary = {"simulator": f"Brian2 {brian2.__version__}, rk2, step 0.1 ms", "coherence": COHERENCE,
               "windows_ms": {"silent": [500, END_MS], "stimulus": [1100, OFF_MS], "after": [1700, END_MS]},
               "runs": runs}
    Path(__file__).with_name("network_wang.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
