#!/usr/bin/env python3
"""The four states of Brunel's network have the rates, irregularity and rhythms of an independent simulation, and the
asynchronous one the rate of mean-field theory."""
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "references"))
from network_runs import Checks, mean_cv, np, peak_frequency_hz, rate_hz, run  # noqa: E402

N_EXC, N_INH, C_EXC, J_MV, TAU_MS, V_TH, V_RESET, T_REF_MS = 10000, 2500, 1000, 0.1, 20.0, 20.0, 10.0, 2.0


def siegert_hz(mean, deviation):
    """Rate of a leaky cell under white noise: 1/r = t_ref + tau sqrt(pi) int exp(u^2) (1 + erf u) du."""
    u = np.linspace((V_RESET - mean) / deviation, (V_TH - mean) / deviation, 4001)
    values = np.array([math.exp(x * x) * math.erfc(-x) for x in u])
    integral = np.sum((values[1:] + values[:-1]) / 2.0) * (u[1] - u[0])
    return 1e3 / (T_REF_MS + TAU_MS * math.sqrt(math.pi) * integral)


def theory_hz(g, drive_hz):
    """Self-consistent rate: the recurrent input has a quarter as many inhibitory as excitatory synapses."""
    low, high = 0.0, 1e3 / T_REF_MS
    for _ in range(60):
        rate = 0.5 * (low + high)
        tau = 1e-3 * TAU_MS
        mean = J_MV * tau * (drive_hz + C_EXC * rate * (1.0 - 0.25 * g))
        variance = J_MV**2 * tau * (drive_hz + C_EXC * rate * (1.0 + 0.25 * g * g))
        if siegert_hz(mean, math.sqrt(variance)) > rate:
            low = rate
        else:
            high = rate
    return rate


SEEDS = (1, 2, 3)  # one network's CV strays by 0.03 from another's


def simulate(binary, g, drive_khz, end_s, seed=1):
    return run(binary, "brunel.yaml", {"projections.inh_to_exc.weight": f"{-0.1 * g:g} mV",
                                       "projections.inh_to_inh.weight": f"{-0.1 * g:g} mV",
                                       "inputs.0.rate": f"{drive_khz:g} kHz",
                                       "inputs.1.rate": f"{drive_khz:g} kHz",
                                       "time.until": f"{end_s:g} s", "seed": str(seed)})


def measure(result, start_ms, end_ms, lowest_hz):
    times, ids = result.spikes("exc", start_ms)
    some = ids < 1000
    return (rate_hz(times, N_EXC, start_ms, end_ms), mean_cv(times[some], ids[some]),
            peak_frequency_hz(times, start_ms, end_ms, lowest_hz))


def measure_mean(binary, g, drive_khz, end_s, lowest_hz):
    """Mean over the seeds of excitatory rate, CV and rhythm after the first half second."""
    results = [simulate(binary, g, drive_khz, end_s, seed) for seed in SEEDS]
    return np.mean([measure(result, 500, 1000 * end_s, lowest_hz) for result in results], axis=0)


def main(binary):
    checks = Checks()

    rate, cv, _ = measure(simulate(binary, 3, 20, 0.8), 400, 800, 50)
    checks.near("A: excitatory rate (Hz)", rate, 333.3, 0.02 * 333.3)
    checks.within("A: CV", cv, 0.0, 0.05)

    rate, cv, peak = measure_mean(binary, 6, 40, 1.5, 50)
    checks.near("B: excitatory rate (Hz)", rate, 58.5, 0.05 * 58.5)
    checks.near("B: CV", cv, 0.80, 0.05)
    checks.near("B: rhythm (Hz)", peak, 179, 10)

    result = simulate(binary, 5, 20, 1.5)
    rate, cv, _ = measure(result, 500, 1500, 50)
    checks.near("C: Siegert rate of state C (Hz), against its published value", theory_hz(5, 20000), 37.95, 0.01)
    checks.near("C: excitatory rate (Hz)", rate, 37.6, 0.03 * 37.6)
    checks.near("C: excitatory rate (Hz), against Siegert", rate, theory_hz(5, 20000), 0.03 * 37.95)
    checks.near("C: inhibitory rate (Hz)", rate_hz(result.spikes("inh")[0], N_INH, 500, 1500), 37.7, 0.03 * 37.7)
    checks.near("C: CV", cv, 0.43, 0.04)

    rate, cv, peak = measure_mean(binary, 4.5, 9, 3.5, 8)
    checks.near("D: excitatory rate (Hz)", rate, 5.91, 0.10 * 5.91)
    checks.near("D: CV", cv, 0.65, 0.08)
    checks.near("D: rhythm (Hz)", peak, 24, 4)
    checks.end()


main(sys.argv[1])
