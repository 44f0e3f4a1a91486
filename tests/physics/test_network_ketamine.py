#!/usr/bin/env python3
"""A network with the blockade of an infusion, in which synapses change fast (W5 of the benchmarks), rests in a plausible state before the drug; the drug moves rates, synapses and turnover away
from where the same network stays without it; rates return with washout and the loss of synapses ends."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "references"))
from network_runs import Checks, mean_cv, np, run  # noqa: E402

NETWORK = str(Path(__file__).resolve().parents[2] / "bench" / "network" / "w5.yaml")
CELLS = {"pyr": (1, 6), "pv": (5, 20), "sst": (5, 20), "vip": (5, 20)}  # plausible rates (Hz)
BASELINE_S, BLOCK_S, END_S = (40, 60), (80, 100), (180, 200)


def mean(result, name, window_s):
    time_s = result.time_s()
    return float(np.mean(result.series(name)[(time_s > window_s[0]) & (time_s <= window_s[1])]))


def fano_factor(times_ms, start_ms, end_ms, bin_ms=5.0):
    """Variance over mean of the population's spike counts: 1 for independent cells, about their number in step."""
    counts, _ = np.histogram(times_ms, np.arange(start_ms, end_ms, bin_ms))
    return float(counts.var() / counts.mean())


def check_rest(checks, drug):
    for name, (low, high) in CELLS.items():
        rate = f"populations/{name}/rate"
        checks.within(f"rate of {name} at rest (Hz)", mean(drug, rate, BASELINE_S), low, high)
        drift = mean(drug, rate, (40, 60)) / mean(drug, rate, (20, 40))
        checks.within(f"rate of {name}, second half of rest over first", drift, 0.95, 1.05)
    synapses = drug.series("projections/pyr_to_pyr/synapses")[20:61]
    checks.within("synapses at rest, largest over smallest", synapses.max() / synapses.min(), 1, 1.05)
    times, ids = drug.spikes("pyr", 40e3)
    rest = times <= 60e3
    checks.within("CV of pyramidal cells at rest", mean_cv(times[rest], ids[rest]), 0.5, 1.2)
    checks.within("Fano factor of all pyramidal spikes in 5 ms at rest", fano_factor(times, 40e3, 60e3), 0, 10)


def main(binary):
    checks = Checks()
    drug = run(binary, NETWORK)
    check_rest(checks, drug)
    free = run(binary, NETWORK, {"blockade": "[]", "time.until": "100 s", "record.snapshots": "none"})

    def against_free(what, name, low, high):
        ratio = mean(drug, name, BLOCK_S) / mean(free, name, BLOCK_S)
        checks.within(f"{what} under block over that without", ratio, low, high)

    rate = "populations/pyr/rate"
    against_free("rate of pyr", rate, 1.15, 1.6)
    against_free("rate of pv", "populations/pv/rate", 0.7, 0.97)
    against_free("rate of sst", "populations/sst/rate", 0.4, 0.9)
    against_free("synapses between pyramidal cells", "projections/pyr_to_pyr/synapses", 0.85, 0.98)
    against_free("turnover between pyramidal cells", "projections/pyr_to_pyr/turnover", 1.2, 5)
    checks.near("the two runs agree until the drug", mean(drug, rate, (0, 60)) / mean(free, rate, (0, 60)), 1, 0)

    returned = (mean(drug, rate, BLOCK_S) - mean(drug, rate, END_S)) / (
        mean(drug, rate, BLOCK_S) - mean(drug, rate, BASELINE_S))
    checks.within("share of the rise of the pyramidal rate that is gone at the end", returned, 0.7, 1.2)
    synapses = drug.series("projections/pyr_to_pyr/synapses")
    checks.within("synapses at the end over their smallest number", synapses[-1] / synapses[60:].min(), 1.002, 1.2)
    checks.within("synapses at the end over those at rest", synapses[-1] / synapses[60], 0.8, 0.99)
    checks.end()


main(sys.argv[1])
