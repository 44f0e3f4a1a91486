"""A run has the same bits on any number of threads and whatever is recorded, on a network that uses every feature."""
import glob
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import Case, main, rewire, run_json  # noqa: E402
from train import write_train  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

THREADS = (2, 3, 7)
HAS_THREADS = '"threads": true' in rewire("version", "--json").stdout


class Threads(Case):
    def setUp(self):
        super().setUp()
        self.scenario = shutil.copy(os.path.join(HERE, "everything.yaml"), self.folder)
        write_train(self.path("train.h5"))

    def simulate(self, name, *words):
        directory = self.path(name)
        self.works("run", self.scenario, "-o", directory, "--quiet", *words)
        return directory

    def test_any_number_of_threads_gives_the_same_bits(self):
        if not HAS_THREADS:
            self.skipTest("built without threads")
        one = self.simulate("one", "--threads", "1")
        for threads in THREADS:
            other = self.simulate(f"threads{threads}", "--threads", str(threads))
            done = rewire("diff", one, other)
            self.assertEqual(done.returncode, 0, f"1 and {threads} threads differ: {done.stdout}{done.stderr}")

    def test_the_network_uses_what_it_claims_to_use(self):
        directory = self.simulate("run")
        self.assertEqual(run_json(directory)["status"], "done")
        with h5py.File(os.path.join(directory, "spikes.h5")) as file:
            for population in ("pyr", "pv", "exp", "alpha", "delta", "simple"):
                self.assertGreater(len(file[f"spikes/{population}/timestamps"]), 10, population)
        with h5py.File(os.path.join(directory, "edge_events.h5")) as file:
            for projection in ("pyr_pyr", "pv_pyr", "pyr_pv"):
                kinds = set(numpy.unique(file[f"edge_events/{projection}/kind"]))
                self.assertEqual(kinds, {0, 1}, f"{projection} neither only forms nor only loses synapses")

    def test_another_seed_gives_other_bits(self):
        self.assertEqual(rewire("diff", self.simulate("a"), self.simulate("b", "--set", "seed=21")).returncode, 1)

    def test_recording_changes_nothing(self):
        all_on = self.simulate("on")
        off = self.simulate("off", "--set", "record={spikes: all}")
        with h5py.File(os.path.join(all_on, "spikes.h5")) as a, h5py.File(os.path.join(off, "spikes.h5")) as b:
            for population in a["spikes"]:
                for column in ("timestamps", "node_ids"):
                    numpy.testing.assert_array_equal(a[f"spikes/{population}/{column}"], b[f"spikes/{population}/{column}"])
        last = [sorted(glob.glob(os.path.join(directory, "edges", "edges.t*.h5")))[-1] for directory in (all_on, off)]
        with h5py.File(last[0]) as a, h5py.File(last[1]) as b:
            self.assertEqual(set(a["edges"]), set(b["edges"]))
            for projection in a["edges"]:
                for column in ("source_node_id", "target_node_id", "0/syn_weight", "synapse_uid"):
                    if f"{projection}/{column}" in a["edges"]:
                        numpy.testing.assert_array_equal(a["edges"][projection][column], b["edges"][projection][column])


if __name__ == "__main__":
    main()
