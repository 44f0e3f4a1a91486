"""A circuit that BMTK publishes, run from its configuration as it stands: every spike is where an event-driven program has it."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py")
from checks import record  # noqa: E402
from program import Case, main  # noqa: E402

import h5py  # noqa: E402

CIRCUIT = os.path.join(HERE, "..", "golden", "bmtk", "point_120cells")
REFERENCE = os.path.join(HERE, "references", "sonata_120_events.txt")
STEP_MS = 0.001


class PublishedCircuit(Case):
    def test_every_spike_is_where_the_reference_has_it(self):
        with open(REFERENCE, encoding="utf-8") as file:
            expected = sorted(tuple(map(int, line.split())) for line in file if not line.startswith("#"))
        self.works("run", os.path.join(CIRCUIT, "config.simulation.json"), "-o", self.path("out"), "--quiet", "--threads", "1")
        with h5py.File(self.path("out", "spikes.h5")) as file:
            group = file["spikes/cortex"]
            spikes = sorted((round(t / STEP_MS), int(i)) for i, t in zip(group["node_ids"][:], group["timestamps"][:]))
        self.assertEqual(len(expected), 1197)
        same = len(set(spikes) & set(expected))
        record("120 cells: spikes in the step of the reference, of 1197", same, 1197, 1197, 1197)
        self.assertEqual(spikes, expected)


main()
