"""Writes network_setpoint.json: calcium, rates and synapses of configs/structural_setpoint.yaml over time, from the
rules of NEST's structural plasticity written out plainly: one list of synapses, one loop over steps.

Run as: /usr/bin/python3 network_setpoint.py (a quarter of an hour for each seed). It shares no code with rewire."""
import json
from pathlib import Path

import numpy as np
from scipy.linalg import expm

SEEDS, SECONDS, STEP_MS, N = (1, 2), 300, 0.1, 1000
IS_EXC = np.arange(N) < 800
TAU_MS, C_PF, TAU_SYN_MS, THRESHOLD_MV, REFRACTORY, DELAY = 10.0, 250.0, 2.0, 15.0, 20, 10
PROPAGATOR = expm(STEP_MS * np.array([[-1 / TAU_SYN_MS, 0, 0], [1, -1 / TAU_SYN_MS, 0], [0, 1 / C_PF, -1 / TAU_MS]]))
PEAK = np.e / TAU_SYN_MS
EPSILON = np.where(IS_EXC, 0.05, 0.2)
NU = {"axon": 1e-4, "exc": np.where(IS_EXC, 1e-4, 4e-4), "inh": 1e-4}


class Wiring:
    """Elements z, how many of them are connected, and the synapses (source, target) of both kinds."""

    def __init__(self, rng):
        self.rng = rng
        self.z = {kind: np.zeros(N) for kind in NU}
        self.connected = {kind: np.zeros(N, int) for kind in NU}
        self.synapses = {"exc": [], "inh": []}
        self.list_targets()

    def list_targets(self):
        targets = [[] for _ in range(N)]
        for synapses in self.synapses.values():
            for source, target in synapses:
                targets[source].append(target)
        self.targets = [np.array(one, int) for one in targets]

    def grow(self, calcium, ms):
        inverse_width = 2 * np.sqrt(np.log(2)) / EPSILON
        shape = 2 * np.exp(-((calcium - EPSILON / 2) * inverse_width) ** 2) - 1
        for kind, nu in NU.items():
            self.z[kind] = np.maximum(self.z[kind] + ms * nu * shape, 0)

    def vacant(self, kind):
        return np.floor(self.z[kind]).astype(int) - self.connected[kind]

    def delete(self, side, position, element):
        """Removes synapses at random from cells with more connected than grown elements."""
        surplus = -self.vacant(element)
        for cell in np.flatnonzero(surplus > 0):
            own = [k for k, synapse in enumerate(self.synapses[side]) if synapse[position] == cell]
            lost = self.rng.choice(np.array(own, int), min(len(own), surplus[cell]), replace=False)
            for k in sorted(lost, reverse=True):
                source, target = self.synapses[side].pop(k)
                self.connected["axon"][source] -= 1
                self.connected[side][target] -= 1

    def update(self):
        for side in ("exc", "inh"):
            sources = IS_EXC if side == "exc" else ~IS_EXC
            self.delete(side, 0, "axon")
            self.delete(side, 1, side)
            axons = np.repeat(np.arange(N), np.maximum(self.vacant("axon"), 0) * sources)
            dendrites = np.repeat(np.arange(N), np.maximum(self.vacant(side), 0))
            if len(axons) > len(dendrites):
                axons = self.rng.permutation(axons)
            else:
                dendrites = self.rng.permutation(dendrites)
            for source, target in zip(axons, dendrites):
                if source != target:
                    self.synapses[side].append((source, target))
                    self.connected["axon"][source] += 1
                    self.connected[side][target] += 1
        for kind in NU:
            self.z[kind] -= 0.1 * np.maximum(self.vacant(kind), 0)
        self.list_targets()

    def count(self):
        return {f"{side}_to_{name}": sum(1 for _, target in synapses if IS_EXC[target] == (name == "exc"))
                for side, synapses in self.synapses.items() for name in ("exc", "inh")}


def simulate(seed):
    rng = np.random.default_rng(seed)
    wiring = Wiring(rng)
    source, current, voltage, calcium = (np.zeros(N) for _ in range(4))
    refractory = np.zeros(N, int)
    arrivals = np.zeros((DELAY + 1, N))
    history, spikes = [], np.zeros(2)
    for step in range(1, round(SECONDS * 1e3 / STEP_MS) + 1):
        free = refractory == 0
        voltage = np.where(free, PROPAGATOR[2, 0] * source + PROPAGATOR[2, 1] * current + PROPAGATOR[2, 2] * voltage, 0)
        refractory = np.where(free, 0, refractory - 1)
        current = PROPAGATOR[1, 0] * source + PROPAGATOR[1, 1] * current
        slot = arrivals[step % (DELAY + 1)]
        source = PROPAGATOR[0, 0] * source + slot + 6.2 * PEAK * rng.poisson(10000 * 1e-3 * STEP_MS, N)
        slot[:] = 0
        calcium *= np.exp(-STEP_MS / 10000)
        for cell in np.flatnonzero(voltage >= THRESHOLD_MV):
            voltage[cell], refractory[cell] = 0, REFRACTORY
            calcium[cell] += 0.001
            spikes[0 if IS_EXC[cell] else 1] += 1
            later = arrivals[(step + DELAY) % (DELAY + 1)]
            np.add.at(later, wiring.targets[cell], (585 if IS_EXC[cell] else -585) * PEAK)
        if step % 100 == 0:
            wiring.grow(calcium, 100 * STEP_MS)
        if step % 10000 == 0:
            wiring.update()
        if step % 100000 == 0:
            history.append({"s": step // 10000,
                            "calcium": {"exc": round(calcium[IS_EXC].mean(), 5),
                                        "inh": round(calcium[~IS_EXC].mean(), 5)},
                            "rate_hz": {"exc": round(spikes[0] / 8000, 3), "inh": round(spikes[1] / 2000, 3)},
                            "synapses": wiring.count()})
            print(history[-1], flush=True)
            spikes[:] = 0
    return history


def main():
    runs = []
    for seed in SEEDS:
        points = ",\n  ".join(json.dumps(point) for point in simulate(seed))
        runs.append(f'{{"seed": {seed}, "history": [\n  {points}]}}')
    text = '{"interval_s": 10, "runs": [\n' + ",\n".join(runs) + "]}\n"
    Path(__file__).with_name("network_setpoint.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
