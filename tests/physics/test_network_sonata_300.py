"""A circuit that somebody else published, run from its config.json as it stands, agrees with an independent program."""
import json
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py")
from checks import record  # noqa: E402
from program import Case, main  # noqa: E402

import h5py  # noqa: E402

CIRCUIT = os.path.join(HERE, "..", "golden", "sonata_300", "300_pointneurons")
REFERENCE = os.path.join(HERE, "references", "sonata_300_brian2.txt")
STEP_MS, UNTIL_MS, FIRST_STEPS = 0.01, 1500.0, 5000


def read_reference():
    """Mean rate of every node type, and the spikes of the first 50 ms as (cell, stamp)."""
    rates, spikes = {}, []
    with open(REFERENCE, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:2] == ["#", "node_type"]:
                rates[int(words[2])] = float(words[-1])
            elif words[0] != "#":
                spikes.append((int(words[1]), int(words[0])))
    return rates, sorted(spikes)


class PublishedCircuit(Case):
    @classmethod
    def setUpClass(cls):
        with h5py.File(os.path.join(CIRCUIT, "network", "internal_nodes.h5")) as file:
            cls.type_of = file["nodes/internal/node_type_id"][:]
        cls.rates, cls.first = read_reference()

    def run_circuit(self, *options):
        """The circuit's spikes as (cell, stamp)."""
        self.works("run", os.path.join(CIRCUIT, "config.json"), "-o", self.path("out"), "--quiet", "--threads", "1", *options)
        with h5py.File(self.path("out", "spikes.h5")) as file:
            group = file["spikes/internal"]
            times, ids = group["timestamps"][:], group["node_ids"][:]
        return sorted((int(i), round(t / STEP_MS)) for i, t in zip(ids, times))

    def test_every_node_type_fires_at_the_rate_of_the_reference_and_the_first_50_ms_match_spike_by_spike(self):
        spikes = self.run_circuit()
        record("300 cells: spikes", len(spikes), 18828, 18828, 18828)
        self.assertEqual(len(spikes), 18828)  # what NEST's own test of its SonataNetwork expects of this circuit
        self.assertEqual(len(self.rates), 5)
        for node_type, expected in self.rates.items():
            count = sum(self.type_of[cell] == node_type for cell, _ in spikes)
            rate = count / (self.type_of == node_type).sum() / (UNTIL_MS / 1000.0)
            record(f"300 cells: rate of node type {node_type} (Hz)", rate, 0.99 * expected, 1.01 * expected, expected)
            self.assertLessEqual(abs(rate - expected), 0.01 * expected, f"node type {node_type}: {rate} Hz")
        first = [spike for spike in spikes if spike[1] < FIRST_STEPS]
        self.assertGreater(len(self.first), 400)
        self.assertEqual([cell for cell, _ in first], [cell for cell, _ in self.first])
        farthest = max(abs(stamp - expected) for (_, stamp), (_, expected) in zip(first, self.first))
        record("300 cells: largest shift of a spike in the first 50 ms (steps)", farthest, -1, 1, 0)
        for (cell, stamp), (_, expected) in zip(first, self.first):
            self.assertLessEqual(abs(stamp - expected), 1, f"cell {cell}: {stamp} for {expected}")

    def test_the_summary_counts_the_spikes_of_cells_and_not_those_that_are_replayed(self):
        result = self.works("run", os.path.join(CIRCUIT, "config.json"), "-o", self.path("out"), "--json", "--threads", "1",
                            "--set", "run.tstop=100")
        with h5py.File(self.path("out", "spikes.h5")) as file:
            internal, external = (len(file[f"spikes/{name}/timestamps"]) for name in ("internal", "external"))
        summary = json.loads(result.stdout)
        self.assertGreater(external, 100)
        self.assertEqual(summary["spikes"], internal)
        self.assertAlmostEqual(summary["mean_rate_hz"], internal / 300 / 0.1, places=9)

    def test_the_report_holds_the_potential_of_its_node_set_which_relaxes_until_the_first_input_arrives(self):
        self.run_circuit("--set", "run.tstop=5")
        with h5py.File(self.path("out", "reports", "membrane_potential.h5")) as file:
            group = file["report/internal"]
            self.assertEqual(list(group["mapping/node_ids"][:]), [0, 80, 160, 240, 270])
            self.assertEqual([group["mapping/time"][k] for k in (0, 2)], [0.0, STEP_MS])
            potential = group["data"][:]
        # One cell of each type. NEST starts all of them at -70 mV; no input arrives before 1 ms, the shortest delay.
        for column, (E_L, tau_m) in enumerate([(-78.0, 44.9), (-72.0, 11.5), (-78.0, 22.1), (-82.0, 22.2), (-73.0, 12.5)]):
            for step in (0, 50, 100):
                expected = E_L + (-70.0 - E_L) * math.exp(-step * STEP_MS / tau_m)
                self.assertAlmostEqual(float(potential[step, column]), expected, places=4)


main()
