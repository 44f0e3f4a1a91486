#!/usr/bin/env python3
"""The conductance network of Vogels and Abbott fires at the rate and as irregularly as the same network in Brian2
(references/network_vogels_abbott.json, written by the script of that name)."""
import json
import sys
from pathlib import Path

REFERENCES = Path(__file__).resolve().parent / "references"
sys.path.insert(0, str(REFERENCES))
from network_runs import Checks, mean_cv, np, rate_hz, run  # noqa: E402


def main(binary):
    checks = Checks()
    reference = json.loads((REFERENCES / "network_vogels_abbott.json").read_text(encoding="utf-8"))
    start_ms, end_ms = reference["window_ms"]
    measured = {"exc_hz": [], "inh_hz": [], "exc_cv": []}
    for seed in (1, 2, 3, 4, 5):
        result = run(binary, "vogels_abbott.yaml", {"seed": seed, "time.until": f"{end_ms} ms"})
        times, ids = result.spikes("exc", start_ms)
        measured["exc_hz"].append(rate_hz(times, 3200, start_ms, end_ms))
        measured["exc_cv"].append(mean_cv(times, ids))
        measured["inh_hz"].append(rate_hz(result.spikes("inh")[0], 800, start_ms, end_ms))
    for name, values in measured.items():
        wanted = np.array([one[name] for one in reference["runs"]])
        print(f"{name}: {np.round(values, 3)}; {reference['simulator']}: {np.round(wanted, 3)}")
        checks.near(f"mean {name} over seeds", np.mean(values), wanted.mean(), 0.10 * wanted.mean())
    checks.end()


main(sys.argv[1])
