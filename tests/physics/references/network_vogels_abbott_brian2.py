"""Writes network_vogels_abbott.json: rates and irregularity of the network of configs/vogels_abbott.yaml in Brian2.

Run as: /usr/bin/python3 network_vogels_abbott_brian2.py (a few minutes). The equations and parameters are written out
here anew, from the scenario's sources, so that a mistake in the scenario shows as a difference."""
import json
from pathlib import Path

import brian2
import numpy as np
from brian2 import Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, nS, pA, pF, prefs

from network_runs import mean_cv

END_MS, START_MS, SEEDS = 2000, 500, range(5)
EQUATIONS = """
dv/dt = (g_L*(E_L - v) - g_e*v - g_i*(v - E_i) + I)/C : volt (unless refractory)
dg_e/dt = -g_e/(5*ms) : siemens
dg_i/dt = -g_i/(10*ms) : siemens
"""
CONSTANTS = {"C": 200 * pF, "g_L": 10 * nS, "E_L": -60 * mV, "E_i": -80 * mV, "I": 200 * pA}


def simulate(seed):
    brian2.start_scope()
    brian2.seed(seed)
    defaultclock.dt = 0.1 * ms
    cells = NeuronGroup(4000, EQUATIONS, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms,
                        method="rk4", namespace=CONSTANTS)
    cells.v = "-60*mV + 10*mV*rand()"
    exc = Synapses(cells[:3200], cells, on_pre="g_e += 4*nS", delay=0.8 * ms)
    exc.connect(p=0.02, condition="i != j")
    inh = Synapses(cells[3200:], cells, on_pre="g_i += 51*nS", delay=0.8 * ms)
    inh.connect(p=0.02, condition="i + 3200 != j")
    spikes = SpikeMonitor(cells)
    Network(cells, exc, inh, spikes).run(END_MS * ms)
    times, ids = np.asarray(spikes.t / ms), np.asarray(spikes.i)
    late = times > START_MS
    seconds = 1e-3 * (END_MS - START_MS)
    is_exc = ids < 3200
    return {"seed": seed, "exc_hz": float((late & is_exc).sum() / 3200 / seconds),
            "inh_hz": float((late & ~is_exc).sum() / 800 / seconds),
            "exc_cv": mean_cv(times[late & is_exc], ids[late & is_exc])}


def main():
    prefs.codegen.target = "numpy"
    runs = [simulate(seed) for seed in SEEDS]
    summary = {"simulator": f"Brian2 {brian2.__version__}, rk4, step 0.1 ms",
               "window_ms": [START_MS, END_MS], "runs": runs}
    text = json.dumps(summary, indent=1)
    Path(__file__).with_name("network_vogels_abbott.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
