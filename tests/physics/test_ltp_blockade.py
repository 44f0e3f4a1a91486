#!/usr/bin/env python3
"""configs/ltp_blockade.yaml: a blockade moves the rate above which synapses gain weight to where the model, simulated
plainly, has it: there calcium, a shot noise, spends as much time above the threshold of potentiation, times gamma_p, as
above that of depression, times gamma_d (Graupner & Brunel 2012)."""
import os
import sys

import h5py
import numpy
from scipy import signal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main

CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "ltp_blockade.yaml")
SECONDS, CELLS, STEP = 20, 300, 0.2e-3


def drift(rate, C_pre, seconds=500, tau=0.020, C_post=0.9, post_rate=1.0):
    """(gain - loss) / (gain + loss) of a synapse between Poisson cells; spikes of a step count together."""
    draw, step = numpy.random.default_rng(1), 0.5e-3
    n = int(seconds / step)
    calcium = C_pre * draw.poisson(rate * step, n) + C_post * draw.poisson(post_rate * step, n)
    calcium = signal.lfilter([1.0], [1.0, -numpy.exp(-step / tau)], calcium)
    gain, loss = 550 * (calcium > 1.3).mean(), 250 * (calcium > 1.0).mean()
    return (gain - loss) / (gain + loss)


def crossover(rates, values):
    """Where the cubic through the values is zero, the last time that it rises."""
    fit = numpy.poly1d(numpy.polyfit(rates, values, 3))
    return max(r.real for r in fit.roots if abs(r.imag) < 1e-9 and 5 < r.real < 85 and fit.deriv()(r.real) > 0)


class Blockade(Case):
    def measured(self, out, name):
        """The crossover in the result, from the change of each cell's weights."""
        with h5py.File(f"{out}/spikes.h5") as file:
            rate = numpy.bincount(file["spikes/pre/node_ids"][:].astype(int), minlength=CELLS) / SECONDS
        weights = []
        for step in (0, round(SECONDS / STEP)):
            with h5py.File(f"{out}/edges/edges.t{step:012d}.h5") as file:
                edges = file[f"edges/{name}"]
                weights.append(numpy.bincount(edges["source_node_id"][:].astype(int), edges["0/syn_weight"][:], CELLS))
        some = (rate > 10) & (rate < 85)
        return crossover(rate[some], (weights[1] / weights[0])[some] - 1)

    def test_the_rate_that_divides_loss_from_gain_moves_up_as_predicted(self):
        out = self.path("out")
        self.works("run", CONFIG, "-o", out, "--quiet", "--threads", "1")
        rates = numpy.arange(10, 86, 5.0)
        for name, C_pre in (("to_free", 0.75), ("to_blocked", 0.7 * 0.75)):
            predicted = crossover(rates, numpy.array([drift(rate, C_pre) for rate in rates]))
            print(name, "measured", self.measured(out, name), "Hz, predicted", predicted, "Hz")
            self.assertAlmostEqual(self.measured(out, name), predicted, delta=6)
        self.assertGreater(self.measured(out, "to_blocked"), self.measured(out, "to_free") + 20)


if __name__ == "__main__":
    main()
