#!/usr/bin/env python3
"""Writes the cortical microcircuit of Potjans & Diesmann (2014) as a scenario, at any size.

    bench/microcircuit.py [--cells SHARE] [--inputs SHARE] [--direct] [--until TIME] > SCENARIO

--cells is the share of the cells, --inputs the share of the synapses onto each cell, from the network and from outside.
With fewer inputs, weights grow by 1 / sqrt(share), and a constant current replaces the mean that is lost, so that mean and
variance of the input stay what they are at the published rates (van Albada et al. 2015, PLoS Comput Biol 11:e1004490,
as in microcircuit-PD14-model). --direct replaces the Poisson input by its mean. configs/microcircuit.yaml and
bench/gate/microcircuit.yaml are written by it, which tests/golden/test_documents.py checks."""
import argparse
import math

POPULATIONS = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
CELLS = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
# Probability that a pair is connected at least once: a row per target, a column per source. Table 5 of the paper.
PROBABILITY = [[0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
               [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
               [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0],
               [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
               [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
               [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0],
               [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
               [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443]]
OUTSIDE_INPUTS = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]
OUTSIDE_HZ = 8.0
START_MV = [(-68.28, 5.36), (-63.16, 4.57), (-63.33, 4.74), (-63.45, 4.94),
            (-63.11, 4.94), (-61.66, 4.55), (-66.72, 5.46), (-61.43, 4.48)]  # microcircuit-PD14-model
RATE_HZ = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]  # likewise; needed to replace inputs
THALAMUS, THALAMUS_PROBABILITY = 902, [0.0, 0.0, 0.0983, 0.0619, 0.0, 0.0, 0.0512, 0.0196]
WEIGHT_PA, INHIBITION, SPREAD, TAU_SYN_MS = 87.81, -4.0, 0.1, 0.5  # 87.81 pA: a potential of 0.15 mV
DELAY_MS = {"E": (1.5, 0.75), "I": (0.8, 0.4)}


def synapses(probability, n_sources, n_targets):
    """So many, drawn with replacement, connect a pair at least once with this probability."""
    pairs = n_sources * n_targets
    return round(math.log(1 - probability) / math.log(1 - 1 / pairs)) if probability > 0 else 0


def mean_weight(source, target):
    """pA; the connection from L4E to L23E is twice as strong."""
    strength = INHIBITION if POPULATIONS[source][-1] == "I" else 2.0 if (source, target) == (2, 0) else 1.0
    return WEIGHT_PA * strength


def scaled(count, share):
    return max(1, round(count * share))


def constant_pa(target, inputs, direct):
    """What replaces the mean of missing inputs, and of all from outside if they are direct. pA"""
    recurrent = sum(synapses(PROBABILITY[target][s], CELLS[s], CELLS[target]) / CELLS[target] * mean_weight(s, target) * RATE_HZ[s]
                    for s in range(8))
    outside = OUTSIDE_INPUTS[target] * WEIGHT_PA * OUTSIDE_HZ
    missing = 1 - math.sqrt(inputs)
    return 1e-3 * TAU_SYN_MS * (missing * recurrent + (1.0 if direct else missing) * outside)


def population_lines(cells, inputs, direct):
    for p, name in enumerate(POPULATIONS):
        constant = constant_pa(p, inputs, direct)
        mean, std = START_MV[p]
        yield f"  {name}:\n    model: lif_psc_exp\n    count: {scaled(CELLS[p], cells)}"
        yield "    set: {C_m: 250 pF, tau_m: 10 ms, tau_syn_ex: 0.5 ms, tau_syn_in: 0.5 ms, E_L: -65 mV, V_th: -50 mV,"
        current = f" I_e: {constant:.6g} pA," if constant != 0.0 else ""
        yield f"      V_reset: -65 mV, t_ref: 2 ms,{current} V_m: {{normal: [{mean} mV, {std} mV]}}}}"
    yield "  thalamus:   # each spike of its input makes a cell fire once\n    model: lif_psc_delta"
    yield f"    count: {scaled(THALAMUS, cells)}\n    set: {{t_ref: 0 ms}}"


def projection(source, target, number, weight, kind):
    delay, spread = DELAY_MS[kind]
    bound = "max: 0 pA" if weight < 0 else "min: 0 pA"
    return (f"  - {{from: {source}, to: {target}, connect: {{rule: fixed_total_number, n: {number}, multapses: true, autapses: true}},\n"
            f"     weight: {{normal: [{weight:.6g} pA, {SPREAD * abs(weight):.6g} pA], {bound}}},\n"
            f"     delay: {{normal: [{delay} ms, {spread} ms], min: 0.1 ms}}, receptors: {{{'inh' if kind == 'I' else 'exc'}: 1}}}}")


def projection_lines(cells, inputs):
    share, gain = cells * inputs, 1 / math.sqrt(inputs)
    for s, source in enumerate(POPULATIONS):
        for t, target in enumerate(POPULATIONS):
            if PROBABILITY[t][s] > 0:
                number = scaled(synapses(PROBABILITY[t][s], CELLS[s], CELLS[t]), share)
                yield projection(source, target, number, gain * mean_weight(s, t), source[-1])
    for t, target in enumerate(POPULATIONS):
        if THALAMUS_PROBABILITY[t] > 0:
            number = scaled(synapses(THALAMUS_PROBABILITY[t], THALAMUS, CELLS[t]), share)
            yield projection("thalamus", target, number, gain * WEIGHT_PA, "E")


def input_lines(inputs, direct):
    if not direct:
        for p, name in enumerate(POPULATIONS):
            rate, weight = OUTSIDE_INPUTS[p] * OUTSIDE_HZ * inputs, WEIGHT_PA / math.sqrt(inputs)
            yield f"  - {{to: {name}, kind: poisson, rate: {rate:.6g} Hz, weight: {weight:.6g} pA, receptors: {{exc: 1}}}}"
    yield "  - {to: thalamus, kind: poisson, rate: 0 Hz, weight: 100 mV, receptors: {delta: 1}}"


def scenario(cells=1.0, inputs=1.0, direct=False, until="1 s"):
    return "\n".join(["rewire: 1", "title: The cortical microcircuit of Potjans and Diesmann 2014", "seed: 1",
                      f"time: {{step: 0.1 ms, until: {until}}}", "populations:", *population_lines(cells, inputs, direct), "projections:",
                      *projection_lines(cells, inputs), "inputs:", *input_lines(inputs, direct), "record:", "  spikes: all", "  snapshots: none",
                      "  series: {every: 10 ms}", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=float, default=1.0)
    parser.add_argument("--inputs", type=float, default=1.0)
    parser.add_argument("--direct", action="store_true")
    parser.add_argument("--until", default="1 s")
    print(scenario(**vars(parser.parse_args())), end="")


if __name__ == "__main__":
    main()
