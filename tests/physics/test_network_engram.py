#!/usr/bin/env python3
"""An engram forms where Gallinaro, Gasparovic & Rotter 2022 (PLoS Comput Biol 18:e1009836) find one: cells that were
stimulated together share more synapses, the more often the more, keep them, and fire as before. The numbers are bounds
that follow from the direction of the effect; those of the paper's figures are for ten times as many cells."""
import os
import sys

import h5py
import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main

ENGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "engram.yaml")
TARGET_HZ = 8.0
# Rewiring every 0.5 s instead of 0.1 s and recording less often change no bound, and take half the time.
FASTER = ["time.until=560 s", "structure.every=500 ms", "structure.growth_every=500 ms", "record.snapshots=none",
          "record.series={every: 10 s}", "record.measures.which=[groups]", "record.reports.0.every=10 s"]


class Engram(Case):
    def test_stimulated_cells_wire_together_and_stay_so_at_their_rate(self):
        out = self.path("out")
        self.works("run", ENGRAM, "-o", out, "--quiet", *[word for s in FASTER for word in ("--set", s)])
        with h5py.File(f"{out}/series.h5") as series, h5py.File(f"{out}/reports/engram_calcium.h5") as report:
            s = series["measures/time"][:] / 1e3
            cohesion = series["measures/exc_to_exc/assemblies/engram/cohesion"][:]
            within = series["measures/exc_to_exc/groups/engram/engram/density"][:]
            between_others = series["measures/exc_to_exc/groups/rest/rest/density"][:]
            rate, calcium = series["populations/exc/rate"][:], report["report/exc/data"][:].mean(axis=1)
        at = lambda second: int(numpy.argmin(abs(s - second)))
        before, stimulated, rested, again = at(50), at(200), at(350), at(560)
        self.assertAlmostEqual(cohesion[before], 1.0, delta=0.05)
        self.assertLess(cohesion[stimulated], 0.95)  # more input: the engram gives up synapses
        peak = cohesion[stimulated:rested + 1].max()
        self.assertGreater(cohesion[rested], 1.2)
        self.assertGreater(cohesion[rested], 0.8 * peak)  # 150 s after the stimulus
        self.assertGreater(cohesion[again], cohesion[rested] + 0.1)  # the second time adds to the first
        self.assertGreater(within[rested], 1.1 * within[before])
        self.assertAlmostEqual(between_others[rested], between_others[before], delta=0.02)
        for hz in (rate[at(300):rested + 1].mean(), 1e3 * calcium[at(300):rested + 1].mean()):  # of all, of the engram
            self.assertAlmostEqual(hz, TARGET_HZ, delta=0.05 * TARGET_HZ)
        self.assertGreater(1e3 * calcium[at(60):at(80)].max(), 1.3 * TARGET_HZ)
        self.assertLess(1e3 * calcium[at(210):at(230)].min(), 0.8 * TARGET_HZ)


if __name__ == "__main__":
    main()
