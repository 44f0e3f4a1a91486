"""A chain that can be solved: a population whose rate is known, a growth signal, and synapses that form and vanish.

    rate r(t)  ->  running mean  ->  drive u  ->  B  ->  G  ->  formation f = 1 + a G  ->  synapses K

The same equations three times, none of which uses code of rewire:
  solve    the ordinary differential equations for a network that settles at once and never fires by chance, to 1e-10;
  scheme   what a clock with factor S makes of them: intervals, late rates, counts of few spikes;
  scenario the same as a scenario of rewire.
Times in hours, rates in Hz.
"""
import dataclasses

import numpy as np
import scipy.integrate


@dataclasses.dataclass
class Chain:
    cells: int = 40
    until: float = 24.0
    interval: float = 1.0 / 6.0
    delay_ms: float = 0.0  # the network's lag: the population shows the rate of that long ago
    step_ms: float = 1.0
    noisy: bool = True  # cells fire as Poisson processes; false: regularly
    low_hz: float = 5.0
    surge: float = 0.5  # relative height
    at: float = 12.0
    width: float = 2.0
    tau_r: float = 1.0
    base_hz: float = 4.0
    tau_B: float = 0.5
    tau_G: float = 6.0
    k_u: float = 0.5
    n: float = 4.0
    k: float = 1.0
    a: float = 4.0
    loss_per_d: float = 0.05
    nodes: int = 97

    def table(self):
        """Nodes of the course of the rate, between which it is linear."""
        t = np.linspace(0.0, self.until, self.nodes)
        return t, self.low_hz * (1.0 + self.surge * np.exp(-0.5 * ((t - self.at) / self.width) ** 2))

    def rate(self, t):
        return np.interp(t, *self.table())

    def hill(self, u):
        u = np.maximum(u, 0.0)
        return u**self.n / (u**self.n + self.k_u**self.n)


def times(chain):
    return np.arange(1, round(chain.until / chain.interval) + 1) * chain.interval


def solve(chain, lag_h=0.0):
    """f and the relative number of synapses formed per unit of growth at the ends of intervals; the rate lag_h late."""

    def slope(t, y):
        r, B, G, Z = y
        return [
            (chain.rate(max(t - lag_h, 0.0)) - r) / chain.tau_r,
            (chain.hill(r / chain.base_hz - 1.0) - B) / chain.tau_B,
            (chain.k * B - G) / chain.tau_G,
            1.0 + chain.a * G - chain.loss_per_d / 24.0 * Z,
        ]

    nodes, t = chain.table()[0], times(chain)
    y, out = [chain.rate(0.0), 0.0, 0.0, 0.0], np.zeros((len(t), 4))
    edges = np.unique(np.concatenate([nodes, t, nodes + lag_h]))
    edges = edges[(edges >= 0.0) & (edges <= chain.until)]
    for begin, end in zip(edges[:-1], edges[1:]):  # the rate bends at nodes: no step goes over one
        if end - begin < 1e-12:
            continue
        y = scipy.integrate.solve_ivp(slope, (begin, end), y, method="DOP853", rtol=1e-12, atol=1e-13).y[:, -1]
        out[np.abs(t - end) < 1e-9] = y
    return 1.0 + chain.a * out[:, 2], out[:, 3]


def mean_rates(chain, lag_h=0.0):
    """The mean rate in each interval, exactly, as a linear course has it."""
    fine = np.linspace(0.0, chain.until, len(times(chain)) * 200 + 1)
    values = chain.rate(np.maximum(fine - lag_h, 0.0))
    integral = np.concatenate([[0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(fine))])
    return np.diff(integral[::200]) / chain.interval


def scheme(chain, S, replicates=1, seed=0):
    """f [replicates, intervals] as the clock of factor S (a number, or one for each interval) makes it."""
    t = times(chain)
    S = np.broadcast_to(np.asarray(S, float), len(t))
    rng = np.random.default_rng(seed)
    keep_r, keep_B, keep_G = (np.exp(-chain.interval / tau) for tau in (chain.tau_r, chain.tau_B, chain.tau_G))
    r, seen = np.zeros(replicates), 0.0
    B, G = np.zeros(replicates), np.zeros(replicates)
    f = np.zeros((replicates, len(t)))
    for j in range(len(t)):
        lag_h = S[j] * chain.delay_ms / 3.6e6
        rate = mean_rate(chain, t[j] - chain.interval - lag_h, t[j] - lag_h)
        cell_s = chain.cells * chain.interval * 3600.0 / S[j]
        seen_rate = rng.poisson(rate * cell_s, replicates) / cell_s if chain.noisy else np.full(replicates, rate)
        seen = keep_r * seen + (1.0 - keep_r)
        r += (1.0 - keep_r) / seen * (seen_rate - r)
        target = chain.hill(r / chain.base_hz - 1.0)
        # B goes exponentially to the target; what is left of the way adds to G
        way = B - target
        shared = (keep_G - keep_B) / (1.0 / chain.tau_B - 1.0 / chain.tau_G) / chain.tau_G
        G = keep_G * G + chain.k * ((1.0 - keep_G) * target + shared * way)
        B = target + keep_B * way
        f[:, j] = 1.0 + chain.a * G
    return f


def mean_rate(chain, begin, end):
    """Mean of the course over [begin, end], which is linear between nodes; before 0 it is as at 0."""
    nodes = chain.table()[0]
    at = np.unique(np.concatenate([[begin, end], nodes[(nodes > begin) & (nodes < end)]]))
    values = chain.rate(np.maximum(at, 0.0))
    return float(np.sum(0.5 * (values[1:] + values[:-1]) * np.diff(at)) / (end - begin))


def current_pA(rate_hz):
    """The constant current at which a leaky cell (10 ms, 250 pF, 15 mV from reset to threshold) fires so often."""
    tau, capacity, distance = 10.0, 250.0, 15.0
    return distance * capacity / tau / (1.0 - np.exp(-1e3 / (rate_hz * tau)))


def scenario(chain, clock, seed=1):
    """The chain as a scenario; `clock` is what stands under time.clock."""
    t, r = chain.table()
    if chain.noisy:
        # in a step a cell fires once or not at all: with the probability 1 - exp(-x) at x arrivals in the mean
        x = -np.log1p(-r * chain.step_ms * 1e-3) / (chain.step_ms * 1e-3)
        drive = f"kind: poisson, rate: {{table: [{points(t, x, 'Hz')}]}}, weight: 100 mV, receptors: {{delta: 1}}"
    else:
        drive = f"kind: current, amplitude: {{table: [{points(t, current_pA(r), 'pA')}]}}"
    delayed = chain.delay_ms > 0
    of = "relay" if delayed else "cells"
    relay = f"  relay: {{model: lif_psc_delta, count: {chain.cells}, set: {{t_ref: 0 ms}}}}\n" if delayed else ""
    to_relay = (
        f"  - {{from: cells, to: relay, connect: {{rule: one_to_one}}, weight: 100 mV, delay: {chain.delay_ms} ms, receptors: {{delta: 1}}}}\n"
        if delayed
        else ""
    )
    return f"""rewire: 1
seed: {seed}
time: {{step: {chain.step_ms} ms, until: {chain.until} h, clock: {clock}}}
space: {{size: [1000 um, 1000 um], periodic: true}}
populations:
  cells: {{model: lif_psc_delta, count: {chain.cells}, set: {{t_ref: 0 ms, V_m: {{uniform: [-70 mV, -55 mV]}}}}}}
{relay}projections:
  - {{name: recurrent, from: {of}, to: {of}, connect: {{rule: distance, kernel: gaussian, sigma: 200 um, p: 0.3}},
     weight: 1e-9 mV, delay: 1 ms, receptors: {{delta: 1}},
     rewire: {{kernel: gaussian, sigma: 200 um, weight: 1e-9 mV, loss: {{rate: {chain.loss_per_d} /day, weight: 1 mV}}}}}}
{to_relay}inputs:
  - {{to: cells, {drive}}}
signals:
  signal: {{of: {of}, drive: {{model: disinhibition, tau_r: {chain.tau_r} h, r_base: {chain.base_hz} Hz, tau_base: 1 h}},
    model: bdnf_mtor, k_u: {chain.k_u}, n: {chain.n}, tau_B: {chain.tau_B} h, tau_G: {chain.tau_G} h, lag: 0 h,
    k: {chain.k}, a: {chain.a}}}
growth:
  - {{on: {of}.axon, model: constant, nu: 0 /day, initial: 50}}
  - {{on: {of}.dendrite_exc, model: constant, nu: 1 /day, initial: {{uniform: [0, 1]}}, signal: signal}}
structure: {{every: {chain.interval * 60:g} min, growth_every: 8 ms, vacant_decay: 0}}
record: {{series: {{every: {chain.interval * 60:g} min}}}}
"""


def points(t, values, unit):
    return ", ".join(f"[{60.0 * a:.10g} min, {b:.12g} {unit}]" for a, b in zip(t, values))
