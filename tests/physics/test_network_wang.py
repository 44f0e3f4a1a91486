#!/usr/bin/env python3
"""The decision circuit has the rates of the same circuit in Brian2, which solves the gate's differential equations
(references/network_wang.json): at rest, and under a clear stimulus, when the favoured pool wins, goes on firing after
the stimulus and silences the other."""
import json
import sys
from pathlib import Path

REFERENCES = Path(__file__).resolve().parent / "references"
sys.path.insert(0, str(REFERENCES))
from network_runs import Checks, np, rate_hz, run  # noqa: E402

CELLS = {"a": 240, "b": 240, "rest": 1120, "inh": 400}
SILENT = {"inputs.0.rate": "0 Hz", "inputs.1.rate": "0 Hz", "time.until": "2 s"}
SEEDS = (1, 2, 3, 4)


def decide(binary, seed, coherence):
    """A run with a stimulus from 0.5 s to 1.5 s; coherence (%) favours pool a, or pool b if negative."""
    settings = {"seed": seed, "time.until": "2 s"}
    for index, sign in ((0, 1), (1, -1)):
        rate = 40.0 * (1.0 + sign * coherence / 100.0)
        settings[f"inputs.{index}.rate"] = f"{{steps: [[0 s, 0 Hz], [0.5 s, {rate:g} Hz], [1.5 s, 0 Hz]]}}"
    return run(binary, "wang_decision.yaml", settings)


def rates(result, window_ms):
    return {name: rate_hz(result.spikes(name)[0], count, *window_ms) for name, count in CELLS.items()}


def main(binary):
    checks = Checks()
    reference = json.loads((REFERENCES / "network_wang.json").read_text(encoding="utf-8"))
    windows = reference["windows_ms"]

    def wanted(phase, name):
        return float(np.mean([one[phase][name] for one in reference["runs"]]))

    silent = [rates(run(binary, "wang_decision.yaml", SILENT | {"seed": seed}), windows["silent"]) for seed in (1, 2)]
    for name, tolerance in (("rest", 0.10), ("inh", 0.07), ("a", 0.25), ("b", 0.25)):
        rate = wanted("silent", name)
        checks.near(f"rate of {name} at rest (Hz)", np.mean([one[name] for one in silent]), rate, tolerance * rate)

    wins, during, after = 0, [], []
    for seed in SEEDS:
        favoured, other = ("a", "b") if seed % 2 == 1 else ("b", "a")
        result = decide(binary, seed, reference["coherence"] * (1 if favoured == "a" else -1))
        stimulus, memory = rates(result, windows["stimulus"]), rates(result, windows["after"])
        print(f"seed {seed}, {favoured} favoured: {stimulus}, then {memory}")
        if stimulus[favoured] > 15 > 5 > stimulus[other] and memory[favoured] > 10 > 5 > memory[other]:
            wins += 1
            during.append(stimulus | {"winner": stimulus[favoured]})
            after.append(memory[favoured])
    checks.within(f"trials of {len(SEEDS)} that the favoured pool wins and remembers", wins, len(SEEDS) - 1, len(SEEDS))
    for name, like, tolerance in (("winner", "a", 0.10), ("rest", "rest", 0.15), ("inh", "inh", 0.07)):
        rate = wanted("stimulus", like)
        checks.near(f"rate of {name} under the stimulus (Hz)", np.mean([one[name] for one in during]), rate,
                    tolerance * rate)
    checks.near("rate of the winner after the stimulus (Hz)", np.mean(after), wanted("after", "a"), 5)
    checks.end()


main(sys.argv[1])
