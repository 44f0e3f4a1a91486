#!/usr/bin/env python3
"""An engram forms where Gallinaro, Gasparovic & Rotter 2022 (PLoS Comput Biol 18:e1009836) find one: cells that were
stimulated together share more synapses, the more often the more, keep them, and fire as before. The numbers are bounds
that follow from the direction of the effect; those of the paper's figures are for ten times as many cells.

bench/validation/seeds.py asks the same of configs/engram.yaml as it is, on several seeds."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "references"))
from network_runs import Checks, np, run  # noqa: E402

import h5py  # noqa: E402

TARGET_HZ = 8.0
STIMULUS_S, REST_S, SECOND_S = 50, 200, 350  # the first stimulus begins, it ends, the second begins
# Rewiring every 0.5 s instead of 0.1 s, recording less often, and ending a minute into the second rest change no bound
# and take half the time.
FASTER = {"time.until": "560 s", "structure.every": "500 ms", "structure.growth_every": "500 ms",
          "record.snapshots": "none", "record.series": "{every: 10 s}", "record.measures.which": "[groups]",
          "record.reports.0.every": "10 s"}


class Engram:
    """Series of the run every 10 s or more often."""

    def __init__(self, result):
        measures = "measures/exc_to_exc/"
        self.cohesion = result.series(measures + "assemblies/engram/cohesion")
        self.within = result.series(measures + "groups/engram/engram/density")
        self.others = result.series(measures + "groups/rest/rest/density")
        self.measured_s, self.s = result.series("measures/time") * 1e-3, result.time_s()
        self.rate = result.series("populations/exc/rate")
        with h5py.File(result.directory / "reports" / "engram_calcium.h5") as file:
            begin, _, every = file["report/exc/mapping/time"][:] * 1e-3
            calcium = file["report/exc/data"][:].mean(axis=1)
        self.engram_rate = 1e3 * calcium  # beta_Ca tau_Ca is 1 s
        self.engram_s = begin + every * np.arange(len(calcium))

    def at(self, series, second):
        return float(series[np.argmin(np.abs(self.measured_s - second))])


def check(checks, binary, settings):
    engram = Engram(run(binary, "engram.yaml", settings))
    cohesion, end = engram.cohesion, engram.measured_s[-1]
    rested, again = engram.at(cohesion, SECOND_S), engram.at(cohesion, end)
    after = (engram.measured_s > REST_S) & (engram.measured_s <= SECOND_S)
    checks.near("cohesion before the first stimulus", engram.at(cohesion, STIMULUS_S), 1.0, 0.05)
    checks.within("as it ends: more input, fewer synapses", engram.at(cohesion, REST_S), 0, 0.95)
    checks.within("cohesion 150 s after the first stimulus", rested, 1.2, 10)
    checks.within("the same, of its peak", rested / float(cohesion[after].max()), 0.8, 1)
    checks.within("what the second stimulus adds to cohesion", again - rested, 0.1, 10)
    checks.within("synapses within the engram 150 s after the first stimulus, over before",
                  engram.at(engram.within, SECOND_S) / engram.at(engram.within, STIMULUS_S), 1.1, 10)
    checks.near("synapses per pair of other cells then, over before",
                engram.at(engram.others, SECOND_S) / engram.at(engram.others, STIMULUS_S), 1, 0.07)
    for what, seconds, rate in (("all cells", engram.s, engram.rate),
                                ("the engram", engram.engram_s, engram.engram_rate)):
        rest = rate[(seconds > SECOND_S - 50) & (seconds <= SECOND_S)].mean()
        checks.near(f"rate of {what} in the last 50 s of the first rest (Hz)", float(rest), TARGET_HZ, 0.05 * TARGET_HZ)
    part = lambda first, last: engram.engram_rate[(engram.engram_s >= first) & (engram.engram_s <= last)]
    checks.within("highest rate of the engram as the stimulus sets in, over 8 Hz",
                  part(STIMULUS_S + 10, STIMULUS_S + 30).max() / TARGET_HZ, 1.3, 3)
    checks.within("lowest rate as it ends, over 8 Hz", part(REST_S + 10, REST_S + 30).min() / TARGET_HZ, 0, 0.8)


if __name__ == "__main__":
    asked = Checks()
    check(asked, sys.argv[1], FASTER)
    asked.end()
