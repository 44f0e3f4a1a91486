"""A result is where another run can start: with the synapses of one of its snapshots."""
import filecmp
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main, rewire, run_json  # noqa: E402
from sonata_circuit import EDGE_TYPES, NODE_TYPES, write_circuit, write_json, write_text  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
seed: 3
time: {step: 0.1 ms, until: 200 ms}
space: {size: [500 um, 500 um], periodic: true}
populations:
  exc: {model: lif_psc_exp, count: 60, set: {I_e: {uniform: [380 pA, 520 pA]}}}
  inh: {model: lif_psc_exp, count: 20, set: {I_e: 450 pA, V_m: {uniform: [-70 mV, -55 mV]}}}
projections:
  - {name: grown, from: exc, to: exc, connect: {rule: none}, weight: 20 pA, delay: 1.5 ms, receptors: {exc: 1}, rewire: {kernel: gaussian, sigma: 200 um}}
  - {name: drawn, from: exc, to: inh, connect: {rule: pairwise_bernoulli, p: 0.3}, weight: {lognormal: [1 pA, 10 pA]}, delay: {uniform: [1 ms, 3 ms]}, receptors: {exc: 1}}
  - {name: empty, from: inh, to: exc, connect: {rule: none}, weight: -5 pA, delay: 1 ms, receptors: {inh: 1}}
growth:
  - {on: exc.axon, model: gaussian, eta: 0, target: 30 Hz, nu: 0.02 /ms}
  - {on: exc.dendrite_exc, model: gaussian, eta: 0, target: 30 Hz, nu: 0.02 /ms}
structure: {every: 10 ms, growth_every: 10 ms, tau_Ca: 100 ms, beta_Ca: 0.1}
record: {snapshots: {every: 50 ms}}
"""


class Start(Case):
    def setUp(self):
        super().setUp()
        self.first = self.path("first")
        self.run_from(self.write("scenario.yaml", SCENARIO), "first")

    def run_from(self, what, name, *words):
        self.works("run", what, "-o", self.path(name), "--quiet", "--threads", "1", *words)
        return self.path(name)

    def synapses(self, result, step):
        """projection -> its synapses as sorted rows."""
        with h5py.File(os.path.join(result, "edges", f"edges.t{step:012d}.h5")) as file:
            return {name: sorted(zip(*(group[column][:].tolist() for column in
                                       ("source_node_id", "target_node_id", "0/syn_weight", "0/delay"))))
                    for name, group in file["edges"].items()}

    def test_a_run_begins_with_the_snapshot_of_a_time_the_newest_or_that_of_the_circuit(self):
        grown = [len(self.synapses(self.first, step)["grown"]) for step in (0, 1000, 2000)]
        self.assertEqual(grown[0], 0)
        self.assertGreater(min(grown[1:]), 20)
        for name, what, step, words in [("at", "first", 1000, ("--at", "0.1 s")), ("newest", "first", 2000, ()),
                                        ("circuit", "first/circuit_config.json", 0, ()),
                                        ("simulation", "first/simulation_config.json", 1500, ("--at", "150 ms"))]:
            with self.subTest(name):
                second = self.run_from(self.path(what), name, *words)
                self.assertEqual(self.synapses(second, 0), self.synapses(self.first, step))
                read = [file["file"] for file in run_json(second)["input_files"]]
                self.assertEqual([os.path.basename(file) for file in read], [f"edges.t{step:012d}.h5"])

    def test_the_start_of_a_run_is_its_first_snapshot(self):
        """All but the synapses begins as in the scenario: from the first snapshot, the run is repeated bit by bit."""
        again = self.run_from(os.path.join(self.first, "circuit_config.json"), "again")
        for file, datasets in (("spikes.h5", ("spikes/exc/timestamps", "spikes/exc/node_ids", "spikes/inh/timestamps")),
                               ("series.h5", ("populations/exc/calcium", "projections/grown/synapses"))):
            with h5py.File(os.path.join(self.first, file)) as a, h5py.File(os.path.join(again, file)) as b:
                for dataset in datasets:
                    self.assertEqual(a[dataset][:].tolist(), b[dataset][:].tolist(), dataset)

    def test_its_resolved_scenario_gives_the_same_and_its_result_is_a_start_again(self):
        second = self.run_from(self.first, "second", "--at", "100 ms", "--set", "time.until=100ms")
        self.assertEqual(run_json(second)["n_steps"], 1000)
        third = self.run_from(os.path.join(second, "scenario.yaml"), "third")
        told = rewire("diff", second, third)
        self.assertRegex(told.stdout, r'\Ascenario\.yaml: line \d+: .*file: "edges/.* against ')  # no bit of the files
        self.assertEqual(told.returncode, 1)
        fourth = self.run_from(second, "fourth")
        self.assertEqual(self.synapses(fourth, 0), self.synapses(second, 1000))

    def test_the_result_of_a_circuit_is_a_start_with_its_cells_and_labels(self):
        circuit = os.path.join(HERE, "sonata_300", "300_pointneurons", "config.json")
        one = self.run_from(circuit, "one", "--set", "run.tstop=20")
        two = self.run_from(one, "two", "--at", "20 ms")
        three = self.run_from(os.path.join(two, "circuit_config.json"), "three")
        four = self.run_from(os.path.join(one, "scenario.yaml"), "four")
        for other in (two, three, four):
            for name in ("nodes.h5", "node_types.csv", "spikes.h5", "series.h5", "reports/membrane_potential.h5"):
                self.assertTrue(filecmp.cmp(os.path.join(one, name), os.path.join(other, name), shallow=False), name)
            self.assertEqual(self.synapses(one, 0), self.synapses(other, 0))
        self.assertIn("nodes.h5", [os.path.basename(file["file"]) for file in run_json(two)["input_files"]])
        with h5py.File(os.path.join(one, "nodes.h5")) as file:
            self.assertGreater(len(set(file["nodes/internal/0/dynamics_params/tau_m"][:].tolist())), 3)

    def test_a_result_outlives_the_result_that_it_began_with(self):
        circuit = os.path.join(HERE, "sonata_300", "300_pointneurons", "config.json")
        one = self.run_from(circuit, "one", "--set", "run.tstop=20")
        two = self.run_from(one, "two", "--at", "20 ms")
        alone = self.run_from(one, "alone", "--at", "20 ms", "--set", "record.snapshots=none")
        with open(os.path.join(alone, "scenario.yaml"), encoding="utf-8") as file:
            self.assertIn(os.path.join(one, "edges", "edges.t000000002000.h5"), file.read())  # has none of its own
        shutil.rmtree(one)
        for name, what in (("three", two), ("four", os.path.join(two, "circuit_config.json")),
                           ("five", os.path.join(two, "scenario.yaml"))):
            with self.subTest(name):
                other = self.run_from(what, name)
                for file in ("nodes.h5", "node_types.csv", "spikes.h5", "series.h5"):
                    self.assertTrue(filecmp.cmp(os.path.join(two, file), os.path.join(other, file), shallow=False), file)
                self.assertEqual(self.synapses(other, 0), self.synapses(two, 0))

    def test_a_branch_has_the_cells_and_synapses_of_its_parent(self):
        circuit = os.path.join(HERE, "sonata_300", "300_pointneurons", "config.json")
        one = self.run_from(circuit, "one", "--set", "run.tstop=20")
        two = self.run_from(one, "two", "--set", "checkpoint={at: [10 ms]}")
        self.works("branch", two, "--at", "10 ms", "-o", self.path("branch"), "--quiet", "--threads", "1")
        shutil.copy(os.path.join(two, "nodes.h5"), self.path("other.h5"))
        self.fails(2, r"populations\.internal\.nodes: acts at the start of a run only: leave it at nodes\.h5", "branch", two,
                   "--at", "10 ms", "-o", self.path("wrong"), "--allow-read", self.path("."), "--set",
                   f"populations.internal.nodes={self.path('other.h5')}")

    def test_the_cells_of_conductance_and_glif_circuits_are_those_of_the_result(self):
        for template, parameters in [("nest:aeif_cond_exp", {"tau_syn_ex": 1.7, "E_in": -81.0, "b": 70.0}),
                                     ("nest:iaf_cond_exp", {"tau_syn_in": 3.5, "g_L": 11.0}),
                                     ("nest:glif_psc", {"g": 8.0, "tau_syn": [1.5], "asc_amps": [-9.0, 3.0]})]:
            with self.subTest(template):
                root = self.path(template[5:])
                os.makedirs(root)
                config = write_circuit(root)
                write_text(os.path.join(root, "network", "node_types.csv"),
                           NODE_TYPES.replace("nest:iaf_psc_alpha", template))
                write_json(os.path.join(root, "cells", "pyr.json"), parameters)
                write_json(os.path.join(root, "cells", "pv.json"), {"tau_syn": [2.5]} if "glif" in template else {})
                if "glif" in template:
                    write_json(os.path.join(root, "synapses", "fast.json"), {"delay": 0.5, "receptor_type": 1})
                    write_text(os.path.join(root, "network", "edge_types.csv"), EDGE_TYPES.replace("NULL", "fast.json"))
                    write_text(os.path.join(root, "network", "input_types.csv"),
                               "edge_type_id syn_weight delay dynamics_params\n20 900.0 1.0 fast.json\n")
                one = self.run_from(config, "one-" + template[5:])
                two = self.run_from(one, "two-" + template[5:])
                for name in ("nodes.h5", "node_types.csv", "spikes.h5", "series.h5"):
                    self.assertTrue(filecmp.cmp(os.path.join(one, name), os.path.join(two, name), shallow=False), name)

    def test_a_sweep_takes_the_scenario_of_a_circuits_result(self):
        circuit = os.path.join(HERE, "sonata_300", "300_pointneurons", "config.json")
        sweep = self.write("sweep.yaml", f"sweep: 1\nscenario: {circuit}\nreplicates: 2\n")
        self.fails(2, r"config\.json: this is a SONATA configuration, not a scenario; .* the scenario\.yaml of its result", "sweep",
                   "plan", sweep, "-o", self.path("plan"), "--allow-read", HERE)
        one = self.run_from(circuit, "one", "--set", "run.tstop=5")
        with open(os.path.join(one, "scenario.yaml"), encoding="utf-8") as file:
            text = file.read()
        for name in ("nodes.h5", "edges/edges.t000000000000.h5"):
            text = text.replace(f" {name}\n", f" {one}/{name}\n").replace(f'"{name}"', f'"{one}/{name}"')
        self.write("base.yaml", text)
        sweep = self.write("sweep.yaml", "sweep: 1\nscenario: base.yaml\nparameters:\n"
                           "  drive: {set: populations.internal.set.I_e, values: [0 pA, 100 pA]}\n")
        self.works("sweep", "run", sweep, "-o", self.path("plan"), "--quiet", "--allow-read", HERE)
        with open(self.path("plan", "results.csv"), encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 3)

    def test_a_scenario_that_sets_nothing_takes_all_from_the_nodes(self):
        text = """\
rewire: 1
time: {step: 0.1 ms, until: 20 ms}
populations:
  a: {model: lif_cond, count: 5, CELLS}
inputs:
  - {to: a, kind: poisson, rate: 5 kHz, weight: 3 nS, receptors: {ampa: 1}}
"""
        one = self.run_from(self.write("one.yaml", text.replace(
            "CELLS", "set: {V_m: {uniform: [-70 mV, -60 mV]}}, receptors: {ampa: {tau_decay: {uniform: [1 ms, 3 ms]}}}")), "one")
        two = self.run_from(self.write("two.yaml", text.replace("CELLS", f"nodes: {one}/nodes.h5")), "two")
        three = self.run_from(os.path.join(two, "scenario.yaml"), "three")
        for other in (two, three):
            for name in ("nodes.h5", "spikes.h5", "series.h5"):
                self.assertTrue(filecmp.cmp(os.path.join(one, name), os.path.join(other, name), shallow=False), name)

    def test_cells_that_do_not_fit_are_refused(self):
        one = self.run_from(os.path.join(HERE, "sonata_300", "300_pointneurons", "config.json"), "one", "--set", "run.tstop=1")
        internal = "populations.internal."
        for change, code, message in [(internal + "count=299", 2, r"nodes\.h5: /nodes/internal has 300 cells, but .* has 299"),
                                (internal + "model=lif_psc_exp", 2, r"its cells are of model lif_psc_alpha, not of model lif_psc_exp"),
                                (internal + "nodes=nowhere.h5", 3, r"nowhere\.h5: cannot be read: No such file")]:
            with self.subTest(change):
                self.fails(code, message, "run", one, "-o", self.path("bad"), "--set", change,
                           *(["--set", internal + "set={}"] if "model" in change else []))
        with h5py.File(os.path.join(one, "nodes.h5"), "a") as file:
            file["nodes/internal/0/dynamics_params/C_m"][7] = -1.0
        self.fails(2, r"/nodes/internal/0/dynamics_params/C_m, row 7: -1 is out of range", "run", one, "-o", self.path("bad"))

    def test_what_cannot_be_a_start_is_refused(self):
        self.fails(2, r"--at 70 ms: .*first has no snapshot of this time; it has 5, the nearest at 50 ms", "run", self.first,
                   "--at", "70 ms", "-o", self.path("bad"))
        self.fails(2, r"--at 3 mV: ", "run", self.first, "--at", "3 mV", "-o", self.path("bad"))
        self.fails(2, r"first is a result; say with --output DIR", "run", self.first)
        self.fails(2, r"scenario\.yaml is not the result of a run", "run", self.path("scenario.yaml"), "--at", "1 s", "-o",
                   self.path("bad"))
        self.run_from(self.path("scenario.yaml"), "without", "--set", "record.snapshots=none")
        self.fails(2, r"without: it has no snapshot", "run", self.path("without"), "-o", self.path("bad"))

    def test_a_file_of_another_network_is_refused(self):
        rule = "{rule: file, file: first/edges/edges.t000000001000.h5%s}"
        cases = {
            "another pair": (", edges: drawn", r"synapses of projection 'grown'.*node_population is 'inh', but the projection's is 'exc'"),
            "no such edges": (", edges: nothing", r"synapses of projection 'grown': .*nothing"),
        }
        for name, (edges, message) in cases.items():
            with self.subTest(name):
                text = SCENARIO.replace("{rule: none}", rule % edges, 1)
                self.fails(2, message, "run", self.write("other.yaml", text), "-o", self.path("bad"))
        text = SCENARIO.replace("{rule: none}", rule % "", 1).replace("count: 60", "count: 6")
        self.fails(2, r"does not exist; the population has 6 nodes", "run", self.write("other.yaml", text), "-o", self.path("bad"))
        with h5py.File(os.path.join(self.first, "edges", "edges.t000000001000.h5"), "a") as file:
            file["edges/grown/0/syn_weight"].attrs["units"] = "nS"
        text = SCENARIO.replace("{rule: none}", rule % "", 1)
        self.fails(2, r"units is 'nS', but the projection's is 'pA'", "run", self.write("other.yaml", text), "-o", self.path("bad"))


main()
