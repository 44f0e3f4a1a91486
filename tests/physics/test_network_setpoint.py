#!/usr/bin/env python3
"""A network that starts without synapses wires itself to the calcium its cells ask for and stays there, on the way of
the plainly written algorithm (references/network_setpoint.json); a gaussian growth curve that begins above the calcium
at the start never lets it begin."""
import json
import sys
from pathlib import Path

REFERENCES = Path(__file__).resolve().parent / "references"
sys.path.insert(0, str(REFERENCES))
from network_runs import Checks, np, rate_hz, run  # noqa: E402

PROJECTIONS = ("exc_to_exc", "exc_to_inh", "inh_to_exc", "inh_to_inh")


def check_target(checks, seed, result):
    time_s = result.time_s()
    late = time_s >= 150
    for population, target, band in (("exc", 0.05, 0.008), ("inh", 0.2, 0.025)):
        calcium = result.series(f"populations/{population}/calcium")
        first = time_s[(abs(calcium - target) <= band).argmax()]
        checks.within(f"seed {seed}: {population} reaches its target within (s)", first, 1, 150)
        checks.near(f"seed {seed}: {population} lowest calcium from 150 s on", calcium[late].min(), target, band)
        checks.near(f"seed {seed}: {population} highest calcium from 150 s on", calcium[late].max(), target, band)
    checks.near(f"seed {seed}: excitatory rate (Hz)", rate_hz(result.spikes("exc")[0], 800, 150e3, 300e3), 5, 0.25)
    checks.near(f"seed {seed}: inhibitory rate (Hz)", rate_hz(result.spikes("inh")[0], 200, 150e3, 300e3), 20, 1)


def check_way(checks, results):
    """The way there, against the plainly written algorithm; means over seeds."""
    reference = json.loads((REFERENCES / "network_setpoint.json").read_text(encoding="utf-8"))

    def compare(what, name, second, wanted, tolerance):
        values = [result.series(name)[result.time_s() == second][0] for result in results]
        checks.near(f"{what} at {second} s", np.mean(values), np.mean(wanted), tolerance * np.mean(wanted))

    for second in (20, 40, 60, 100, 300):
        points = [one["history"][second // reference["interval_s"] - 1] for one in reference["runs"]]
        for population in ("exc", "inh"):
            compare(f"calcium of {population}", f"populations/{population}/calcium", second,
                    [point["calcium"][population] for point in points], 0.07)
        for name in PROJECTIONS if second >= 60 else ():
            compare(f"synapses {name}", f"projections/{name}/synapses", second,
                    [point["synapses"][name] for point in points], 0.2)


def check_trap(checks, binary):
    weak = {"inputs.0.rate": "9.6 kHz", "inputs.1.rate": "9.6 kHz", "time.until": "40 s", "record.snapshots": "none"}
    for eta, least, most in ((0, 100, 1e6), (0.03, 0, 0)):
        result = run(binary, "structural_setpoint.yaml", weak | {f"growth.{rule}.eta": eta for rule in range(6)})
        ever = sum(result.series(f"projections/{name}/created").sum() for name in PROJECTIONS)
        checks.within(f"synapses that form within 40 s from calcium 0.01 with eta {eta}", ever, least, most)


def main(binary):
    checks = Checks()
    check_trap(checks, binary)
    results = []
    for seed in (1, 2, 3):
        results.append(run(binary, "structural_setpoint.yaml", {"seed": seed}))
        check_target(checks, seed, results[-1])
    check_way(checks, results)
    checks.end()


main(sys.argv[1])
