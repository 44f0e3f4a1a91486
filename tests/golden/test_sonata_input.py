"""A SONATA circuit is read as its files say: edges, types, defaults of NEST, spike trains, node sets and reports."""
import json
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main, run_json  # noqa: E402
from sonata_circuit import (INPUT_TYPES, NODE_TYPES, change_json, columns, write_circuit,  # noqa: E402
                            write_json, write_spikes, write_text)

import h5py  # noqa: E402
import numpy  # noqa: E402


class Circuit(Case):
    def setUp(self):
        super().setUp()
        self.root = self.path("circuit")
        os.makedirs(self.root)
        self.config = write_circuit(self.root)

    def file(self, *parts):
        return os.path.join(self.root, *parts)

    def run_circuit(self, name="out", config=None, options=()):
        self.works("run", config or self.config, "-o", self.path(name), "--quiet", "--threads", "1", *options)

    def edges(self, projection):
        """(source, target) -> (weight, delay in ms) at the start."""
        with h5py.File(self.path("out", "edges", "edges.t000000000000.h5")) as file:
            group = file["edges"][projection]
            pairs = zip(group["source_node_id"][:].tolist(), group["target_node_id"][:].tolist())
            weights = group["0/syn_weight"][:].tolist()
            delays = [round(float(delay), 6) for delay in group["0/delay"][:]]
            return dict(zip(pairs, zip(weights, delays)))

    def spikes(self, population, name="out"):
        with h5py.File(self.path(name, "spikes.h5")) as file:
            group = file["spikes"][population]
            return [(round(float(t), 6), int(i)) for t, i in zip(group["timestamps"][:], group["node_ids"][:])]

    def report(self, variable, cells, every=0.1):
        """Traces [step, cell] of a variable, by a run of its own."""
        change_json(self.file("simulation.json"), lambda s: s.update(
            reports={"trace": {"cells": cells, "variable_name": variable, "dt": every}}))
        shutil.rmtree(self.path("out"), ignore_errors=True)
        self.run_circuit()
        with h5py.File(self.path("out", "reports", "trace.h5")) as file:
            return file["report/v1/data"][:]

    # ---- edges ----

    def test_weights_of_each_sign_have_a_projection_and_types_give_delays(self):
        self.run_circuit()
        self.assertEqual(self.edges("v1_to_v1__exc"), {(0, 5): (10.0, 1.5), (1, 4): (20.0, 1.5), (2, 3): (30.0, 1.5),
                                                       (3, 2): (40.0, 1.5)})
        # fast.json says 0.5 ms, which counts more than the table's 2 ms
        self.assertEqual(self.edges("v1_to_v1__inh"), {(4, 1): (-50.0, 0.5), (5, 0): (-60.0, 0.5)})
        self.assertEqual(self.edges("lgn_to_v1"), {(0, 0): (900.0, 1.0), (1, 1): (900.0, 1.0), (2, 4): (900.0, 1.0)})

    def test_an_edge_of_its_own_weight_delay_and_number_of_synapses(self):
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            columns(file["edges/v1_to_v1/0"], delay=numpy.array([0.1, 0.2, 0.3, 0.44, 0.46, 5.0]),
                    nsyns=numpy.array([1, 2, 3, 1, 1, 2]))
            columns(file["edges/v1_to_v1"], edge_group_index=[1, 0, 2, 3, 4, 5])
        self.run_circuit()
        self.assertEqual(self.edges("v1_to_v1__exc"), {(0, 5): (40.0, 0.2), (1, 4): (10.0, 0.1), (2, 3): (90.0, 0.3),
                                                       (3, 2): (40.0, 0.4)})
        self.assertEqual(self.edges("v1_to_v1__inh"), {(4, 1): (-50.0, 0.5), (5, 0): (-120.0, 5.0)})

    def test_edges_of_several_groups(self):
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            group = file["edges/v1_to_v1"]
            columns(group, edge_group_id=[0, 7, 0, 7, 7, 0], edge_group_index=[2, 0, 0, 1, 2, 1])
            columns(group["0"], syn_weight=[1.0, 2.0, 3.0])
            columns(group.create_group("7"), nsyns=[2, 3, 4], delay=[0.7, 0.8, 0.9])
        write_text(self.file("network", "edge_types.csv"),
                   "edge_type_id syn_weight delay\n10 5.0 1.5\n11 -6.0 2.0\n")
        self.run_circuit()
        self.assertEqual(self.edges("v1_to_v1__exc"), {(0, 5): (3.0, 1.5), (1, 4): (10.0, 0.7), (2, 3): (1.0, 1.5),
                                                       (3, 2): (15.0, 0.8), (5, 0): (2.0, 2.0)})
        self.assertEqual(self.edges("v1_to_v1__inh"), {(4, 1): (-24.0, 0.9)})

    def test_parameters_of_single_edges_stand_before_their_columns(self):
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            columns(file["edges/v1_to_v1"].create_group("0/dynamics_params"), weight=[1.0, 2.0, 3.0, 4.0, -5.0, -6.0],
                    delay=[1.1, 1.2, 1.3, 1.4, 1.5, 1.6])
        self.run_circuit()
        self.assertEqual(self.edges("v1_to_v1__exc"), {(0, 5): (1.0, 1.1), (1, 4): (2.0, 1.2), (2, 3): (3.0, 1.3),
                                                       (3, 2): (4.0, 1.4)})
        self.assertEqual(self.edges("v1_to_v1__inh"), {(4, 1): (-5.0, 1.5), (5, 0): (-6.0, 1.6)})

    def test_what_nobody_says_is_as_in_nest(self):
        write_text(self.file("network", "input_types.csv"), "edge_type_id model_template\n20 static_synapse\n")
        self.run_circuit()
        self.assertEqual(set(self.edges("lgn_to_v1").values()), {(1.0, 1.0)})

    def test_disabled_edges_are_left_out(self):
        change_json(self.file("circuit.json"), lambda c: c["networks"]["edges"][0].update(enabled=False))
        self.run_circuit()
        with h5py.File(self.path("out", "edges", "edges.t000000000000.h5")) as file:
            self.assertEqual(list(file["edges"]), ["lgn_to_v1"])

    def test_a_population_without_edges(self):
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            group = file["edges/v1_to_v1"]
            for name in ("source_node_id", "target_node_id", "edge_type_id", "edge_group_id", "edge_group_index"):
                columns(group, **{name: numpy.array([], dtype="u8")})
            columns(group["0"], syn_weight=numpy.array([]))
        self.run_circuit()
        self.assertEqual(self.edges("v1_to_v1"), {})

    # ---- spike trains ----

    def test_spikes_go_to_the_end_of_their_step_inside_the_run_and_both_layouts_are_read(self):
        expected = [(1.0, 0), (1.0, 2), (2.1, 0), (2.1, 1)]
        self.run_circuit()
        self.assertEqual(self.spikes("lgn"), expected)
        write_spikes(self.file("spikes.h5"), "lgn", [2.06, 1.0, 1.0, 30.0, 2.04], [1, 2, 0, 2, 0])
        self.run_circuit("new")
        self.assertEqual(self.spikes("lgn", "new"), expected)

    def test_spike_times_count_in_microseconds_as_in_nest(self):
        write_spikes(self.file("spikes.h5"), None, [0.3 + 1e-12, 1.0004, 2.0006, 2.9996, 19.95], [0, 0, 0, 0, 0])
        self.run_circuit()
        self.assertEqual([t for t, _ in self.spikes("lgn")], [0.3, 1.0, 2.1, 3.0, 20.0])

    def test_spikes_from_a_table_of_text(self):
        write_text(self.file("spikes.csv"), "\ufefftimestamps population node_ids\r\n2.06 lgn 1\r\n1.0 lgn 2\r\n5 other 7\r\n"
                                            "1.0 lgn 0\n30.0 lgn 2\n2.04 lgn 0\n")
        change_json(self.file("simulation.json"), lambda s: s["inputs"]["thalamus"].update(
            module="csv", input_file="spikes.csv"))
        self.run_circuit()
        self.assertEqual(self.spikes("lgn"), [(1.0, 0), (1.0, 2), (2.1, 0), (2.1, 1)])
        write_text(self.file("spikes.csv"), "timestamps population node_ids\n5 other 2\n")
        self.fails(2, r"spikes\.csv: none of its spikes are of population 'lgn'; the first are of 'other'", "check", self.config)

    def test_spikes_of_several_inputs_add_up(self):
        write_spikes(self.file("spikes.h5"), None, [1.0, 3.0, 7.0, 30.0], [0, 1, 2, 0])
        write_text(self.file("more.csv"), "timestamps population node_ids\n0.5 lgn 2\n3.0 lgn 1\n3.0 lgn 0\n9.0 lgn 0\n40.0 lgn 1\n")
        change_json(self.file("simulation.json"), lambda s: s["inputs"].update(
            more={**s["inputs"]["thalamus"], "module": "csv", "input_file": "more.csv"}))
        done = self.works("run", self.config, "-o", self.path("out"), "--threads", "1")
        self.assertEqual(self.spikes("lgn"), [(0.5, 2), (1.0, 0), (3.0, 0), (3.0, 1), (3.0, 1), (7.0, 2), (9.0, 0)])
        self.assertIn("population lgn: 2 of 9 spikes in spikes.h5 and others come after the end of the run", done.stderr)
        self.assertIn("more.csv", str(run_json(self.path("out"))["input_files"]))
        again = self.write("again.yaml", "rewire: 1\ntime: {step: 0.1 ms, until: 20 ms}\nrecord: {spikes: all}\npopulations:\n"
                           f"  lgn: {{model: spikes, count: 3, file: [{self.file('spikes.h5')}, '{self.file('more.csv')}']}}\n")
        self.works("run", again, "-o", self.path("again"), "--quiet")
        self.assertEqual(self.spikes("lgn", "again"), self.spikes("lgn"))
        self.works("run", self.path("again", "scenario.yaml"), "-o", self.path("third"), "--quiet")
        self.assertEqual(self.spikes("lgn", "third"), self.spikes("lgn"))
        self.fails(2, "file: names no file", "check", again, "--set", "populations.lgn.file=[]")

    def test_virtual_cells_without_spikes_are_silent(self):
        change_json(self.file("simulation.json"), lambda s: s.update(inputs={}))
        done = self.works("run", self.config, "-o", self.path("out"), "--threads", "1")
        self.assertIn("population lgn: its virtual cells have no input of spikes and are silent", done.stderr)
        self.assertEqual(self.spikes("lgn"), [])

    def test_several_spikes_of_a_cell_in_a_step_stay_there(self):
        write_spikes(self.file("spikes.h5"), None, [0.0, 0.01, 3.0, 3.0, 3.01, 3.1], [0, 0, 1, 1, 1, 1])
        self.run_circuit()
        self.assertEqual(self.spikes("lgn"), [(0.1, 0), (0.1, 0), (3.0, 1), (3.0, 1), (3.1, 1), (3.1, 1)])

    def test_a_scenario_replays_a_spike_file_that_lies_beside_it(self):
        scenario = self.file("scenario.yaml")
        text = """\
rewire: 1
time: {step: 0.1 ms, until: 20 ms}
populations:
  cells: {model: lif_psc_exp, count: 4}
  source: {model: spikes, count: 3, file: spikes.h5}
projections:
  - {from: source, to: cells, connect: {rule: all_to_all}, weight: 10 pA, delay: 1 ms, receptors: {exc: 1}}
record: {spikes: all}
"""
        write_text(scenario, text)
        expected = [(1.0, 0), (1.0, 2), (2.1, 0), (2.1, 1)]
        write_spikes(self.file("spikes.h5"), "any", *zip(*[(2.04, 0), (1.0, 2), (2.06, 1), (1.0, 0)]))
        self.run_circuit("one", config=scenario)
        self.assertEqual(self.spikes("source", "one"), expected)
        with h5py.File(self.file("spikes.h5"), "a") as file:
            columns(file.create_group("spikes/other"), timestamps=[5.0], node_ids=[1])
        self.fails(2, r"spikes of population 'source': .*spikes\.h5: /spikes holds 2 populations; say which", "run", scenario,
                   "-o", self.path("two"))
        write_text(scenario, text.replace("file: spikes.h5", "file: spikes.h5, file_population: other"))
        self.run_circuit("three", config=scenario)
        self.assertEqual(self.spikes("source", "three"), [(5.0, 1)])

    # ---- models ----

    def drive(self, template, weight):
        """One spike of `weight` arrives at cell 0 at 2 ms; cells have NEST's default parameters."""
        table = NODE_TYPES.replace("nest:iaf_psc_alpha", template).replace("pyr.json", "NULL").replace("pv.json", "NULL")
        write_text(self.file("network", "node_types.csv"), table)
        write_text(self.file("network", "input_types.csv"), INPUT_TYPES.replace("900.0", str(weight)))
        write_spikes(self.file("spikes.h5"), None, [1.0], [0])

    def test_weights_of_either_sign_act_as_in_nest(self):
        for template, variable, weight, value in [
                ("nest:iaf_psc_exp", "I_syn_ex", 40.0, 40.0), ("nest:iaf_psc_exp", "I_syn_in", -40.0, -40.0),
                ("iaf_psc_alpha", "dI_syn_ex", 40.0, 40.0 * numpy.e / 2.0),
                ("nest:iaf_psc_alpha", "dI_syn_in", -40.0, -40.0 * numpy.e / 2.0),
                ("nest:iaf_psc_delta", "V_m", 4.0, -66.0), ("nest:iaf_psc_delta", "V_m", -4.0, -74.0),
                ("nest:iaf_cond_exp", "g_ex", 40.0, 40.0), ("nest:iaf_cond_exp", "g_in", -40.0, 40.0),
                ("nest:aeif_cond_exp", "g_ex", 40.0, 40.0), ("nest:aeif_cond_exp", "g_in", -40.0, 40.0)]:
            with self.subTest(template=template, variable=variable):
                self.setUp()
                self.drive(template, weight)
                trace = self.report(variable, "v1")[:, 0]
                self.assertEqual(len(set(trace[:20].tolist())), 1, "something changed before the spike arrived")
                self.assertAlmostEqual(float(trace[20]), value, places=4)

    def test_parameters_that_nobody_gives_are_nests(self):
        lif = {"C_m": "250 pF", "E_L": "-70 mV", "V_th": "-55 mV", "V_reset": "-70 mV", "t_ref": "2 ms", "I_e": "0 pA",
               "V_m": "-70 mV", "tau_m": "10 ms"}
        psc = {**lif, "tau_syn_ex": "2 ms", "tau_syn_in": "2 ms"}
        conductances = {"tau_decay": "0.2 ms", "E_rev": "0 mV"}, {"tau_decay": "2 ms", "E_rev": "-85 mV"}
        cond = {**lif, "V_reset": "-60 mV", "g_L": "16.6667 nS"}
        del cond["tau_m"]
        aeif = {"C_m": "281 pF", "g_L": "30 nS", "E_L": "-70.6 mV", "V_T": "-50.4 mV", "Delta_T": "2 mV", "tau_w": "144 ms",
                "a": "4 nS", "b": "80.5 pA", "V_reset": "-60 mV", "V_peak": "0 mV", "t_ref": "0 ms", "I_e": "0 pA",
                "V_m": "-70.6 mV", "w": "0 pA"}
        for name, model, cell, receptors in [("iaf_psc_exp", "lif_psc_exp", psc, ()), ("iaf_psc_alpha", "lif_psc_alpha", psc, ()),
                                             ("iaf_psc_delta", "lif_psc_delta", lif, ()),
                                             ("iaf_cond_exp", "lif_cond", cond, conductances),
                                             ("aeif_cond_exp", "adex", aeif, conductances)]:
            with self.subTest(name):
                self.drive("nest:" + name, 1.0)
                text = self.works("check", self.config).stdout
                self.assertIn(f"model: {model}\n", text)
                for values, after in zip((cell, *receptors), ("set:", "ampa:", "gaba_a:")):
                    block = text[text.index(after):]
                    for parameter, value in values.items():
                        self.assertRegex(block, rf"\A(?s:(?!\n  \w).)*?\b{parameter}: {value}(\n|,|}})")

    def test_parameters_of_a_type_reach_its_cells_only(self):
        write_text(self.file("cells", "pyr.json"), '{"V_m": -60.0, "E_L": -60.0}')
        write_text(self.file("cells", "pv.json"), '{"I_e": 250.0}')
        trace = self.report("V_m", "v1")
        self.assertTrue((trace[:10, :4] == -60.0).all())
        # 250 pA into NEST's 250 pF with 10 ms
        self.assertAlmostEqual(float(trace[10, 5]), -70.0 + 10.0 * (1.0 - numpy.exp(-0.1)), places=4)

    def test_parameters_of_single_cells_stand_before_those_of_their_type(self):
        write_text(self.file("cells", "pyr.json"), '{"V_m": -60.0, "E_L": -60.0}')
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            group = file["nodes/v1"]
            columns(group, node_group_id=[0, 0, 1, 1, 1, 1], node_group_index=[1, 0, 0, 1, 2, 3])
            columns(group.create_group("0/dynamics_params"), V_m=[-57.0, -56.0], E_L=[-57.0, -56.0])
            group.create_group("1")
        trace = self.report("V_m", "v1")
        self.assertEqual([round(float(v), 6) for v in trace[5, :4]], [-56.0, -57.0, -60.0, -60.0])

    def test_what_cells_are_may_stand_in_their_groups(self):
        write_text(self.file("network", "node_types.csv"),
                   "node_type_id model_template dynamics_params\n1 NULL pyr.json\n2 nest:iaf_psc_alpha pv.json\n")
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            group = file["nodes/v1"]
            columns(group, node_group_id=[0, 0, 0, 0, 1, 1], node_group_index=[0, 1, 2, 3, 1, 0])
            columns(group.create_group("0"), model_template=numpy.array([b"nest:iaf_psc_alpha"] * 4),
                    model_type=numpy.array([0, 0, 0, 0]))
            columns(group.create_group("1"), model_type=numpy.array(["point_neuron"] * 2, dtype=h5py.string_dtype()))
            columns(group.create_group("0/@library"), model_type=numpy.array([b"point_neuron", b"virtual"]))
        self.run_circuit()
        self.assertEqual(len(self.edges("v1_to_v1__exc")), 4)

    def test_the_receptors_of_a_conductance_model_take_nests_parameters_by_type(self):
        self.drive("nest:iaf_cond_exp", 40.0)
        write_text(self.file("cells", "pyr.json"), '{"tau_syn_ex": 5.0, "E_ex": -10.0}')
        change = NODE_TYPES.replace("nest:iaf_psc_alpha", "nest:iaf_cond_exp").replace("pv.json", "NULL")
        write_text(self.file("network", "node_types.csv"), change)
        trace = self.report("g_ex", {"population": "v1", "ei": "e"})
        self.assertEqual(trace.shape[1], 4)
        self.assertAlmostEqual(float(trace[70, 0]), 40.0 * numpy.exp(-1.0), places=4)

    # ---- current clamps ----

    def clamp(self, **input_):
        """The potential of all cells, under a clamp."""
        change_json(self.file("simulation.json"), lambda s: s.update(
            inputs={"clamp": {"module": "IClamp", **input_}}))
        for name in ("pyr.json", "pv.json"):
            write_text(self.file("cells", name), '{"V_th": 1000.0}')
        return self.report("V_m", "v1")

    def expected(self, course):
        """250 pF, 10 ms and a current (step, pA), which acts one step later: exact at steps of 0.1 ms."""
        v, trace = -70.0, [-70.0]
        for step in range(200):
            current = [pA for begin, pA in [(-1, 0.0)] + course if begin < step][-1]
            v = -70.0 + (v + 70.0) * numpy.exp(-0.01) + current * 10.0 / 250.0 * (1.0 - numpy.exp(-0.01))
            trace.append(v)
        return trace

    def test_a_current_clamp_as_numbers_as_lists_and_as_a_table(self):
        pulses = [(20, 100.0), (50, 0.0), (80, -50.0), (120, 30.0), (140, 0.0)]
        wanted = self.expected(pulses)
        lists = {"input_type": "current_clamp", "node_set": {"population": "v1", "node_ids": [1, 4]},
                 "amp": [100.0, -50.0, 30.0], "delay": [2.0, 8.0, 12.0], "duration": [3.0, 9.0, 2.0]}
        trace = self.clamp(**lists)
        for cell in range(6):
            for step in range(201):
                self.assertAlmostEqual(float(trace[step, cell]), wanted[step] if cell in (1, 4) else -70.0, places=4)
        write_text(self.file("amps.csv"), "t,pA\n2.0,100.0\n5.0,0\n8.0,-50.0\n12.0,30.0\n14.0,0.0\n")
        change_json(self.file("node_sets.json"), lambda s: s.update(inh={"ei": "i"}))
        table = self.clamp(input_type="csv", node_set="inh", file="${BASE}/amps.csv", separator=",",
                           timestamps_column="t", amplitudes_column="pA")
        for step in range(201):
            self.assertAlmostEqual(float(table[step, 5]), wanted[step], places=4)
            self.assertEqual(float(table[step, 0]), -70.0)
        change_json(self.file("simulation.json"), lambda s: s["inputs"]["clamp"].update(amplitudes_column="t"))
        self.assertRegex(self.works("check", self.config, "--set", "run.tstop=10").stdout,
                         r"simulation\.json:\d+: inputs\.clamp: 2 of its currents begin after the end of the run, 10 ms")
        one = self.clamp(input_type="current_clamp", amp=100.0, delay=2.0, duration=3.0)
        for step in range(201):
            self.assertAlmostEqual(float(one[step, 3]), self.expected(pulses[:2])[step], places=4)

    # ---- node sets and reports ----

    def test_node_sets_by_id_type_list_and_rule(self):
        write_json(self.file("node_sets.json"), {
            "ends": {"population": "v1", "node_id": [0, 5]}, "inh": {"population": "v1", "ei": ["i", "x"]},
            "both": ["ends", "inh"], "first_exc": {"population": "v1", "ei": "e", "node_id": [0, 1, 5]},
            "some": {"node_id": [0]}, "anywhere": {"ei": "i"}, "deep": {"depth": {"$gt": 15, "$lte": 40}}, "at": {"depth": [10.0, 60]},
            "listed": {"population": ["v1", "lgn"], "node_ids": [1, 2]}, "of_type": {"node_type_id": 2}})
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            columns(file["nodes/v1"].create_group("0"), depth=numpy.array([10.0, 20, 30, 40, 50, 60]),
                    angle=numpy.array([10.0, numpy.nan, 30, 40, 50, 60]), is_core=numpy.array([True] * 6))
        self.assertIn("dataset 'is_core' of its groups is not read", self.works("check", self.config).stdout)
        for cells, expected in [("ends", [0, 5]), ("inh", [4, 5]), ("both", [0, 4, 5]), ("first_exc", [0, 1]),
                                ("v1", [0, 1, 2, 3, 4, 5]), ({"population": "v1", "node_id": 3}, [3]),
                                ("anywhere", [4, 5]), ("deep", [1, 2, 3]), ("at", [0, 5]), ("listed", [1, 2]),
                                ("of_type", [4, 5]), ({"angle": {"$lt": 35}}, [0, 2]), ({"ei": {"$regex": "^[ix]"}}, [4, 5]),
                                ({"ei": {"$regex": "."}, "node_id": [1, 4]}, [1, 4]), ({"depth": {"$gt": 15}, "ei": {"$regex": "e$"}}, [1, 2, 3]), ("all", [0, 1, 2, 3, 4, 5]), (["of_type", {"node_id": 0}], [0, 4, 5])]:
            with self.subTest(cells=cells):
                change_json(self.file("simulation.json"), lambda s, c=cells: s["reports"]["potential"].update(cells=c))
                shutil.rmtree(self.path("out"), ignore_errors=True)
                self.run_circuit()
                with h5py.File(self.path("out", "reports", "potential.h5")) as file:
                    self.assertEqual(file["report/v1/mapping/node_ids"][:].tolist(), expected)
                    self.assertAlmostEqual(float(file["report/v1/mapping/time"][2]), 0.5)

    # ---- configuration ----

    def test_every_form_of_the_manifest(self):
        reference = None
        for base, path in [("${configdir}", "$NET/nodes.h5"), ("./", "${NET}/nodes.h5"), (".", "$NET//nodes.h5"),
                           ("$configdir/.", "./network/nodes.h5"), (self.root, "$NET/nodes.h5"),
                           ("${workingdir}", "$NET/nodes.h5")]:
            with self.subTest(base):
                change_json(self.file("circuit.json"), lambda c, b=base: c.update(
                    manifest={"NET": "$BASE_DIR/network", "$BASE_DIR": b, "$NETWORK": "${NET}"}))
                change_json(self.file("circuit.json"), lambda c, p=path: c["networks"]["nodes"][0].update(nodes_file=p))
                change_json(self.file("simulation.json"), lambda s, b=base: s["manifest"].update({"$BASE": b}))
                text = self.works("check", "config.json", cwd=self.root).stdout.split("# Predicted")[0]  # which depends on the machine
                reference = reference or text
                self.assertEqual(text.replace(self.root + "/", ""), reference.replace(self.root + "/", ""))

    def test_what_is_not_used_is_told_once_with_its_path(self):
        change_json(self.file("simulation.json"), lambda s: (
            s.update({"output": {"output_dir": "x"}, "my_extension": 5, "k" * 2000: "\U0001f600"}), s["run"].update(nsteps_block=10),
            s["reports"]["potential"].update(sections="soma", colour="red")))
        write_text(self.file("network", "edge_types.csv"),
                   "edge_type_id delay myelin target_sections\n10 1.5 thick NULL\n11 2.0 NULL NULL\n")
        done = self.works("run", self.config, "-o", self.path("out"), "--threads", "1")
        for pattern in (r"config\.json: has no effect here: output, run\.nsteps_block, reports\.potential\.sections\n",
                        r"simulation\.json:\d+: my_extension is not read\n", r"simulation\.json:\d+: k{50,} is not read\n",
                        r"simulation\.json:\d+: reports\.potential\.colour is not read\n",
                        r"edge_types\.csv: column 'myelin' is not read\n"):
            self.assertEqual(len(re.findall(pattern, done.stderr)), 1, pattern + done.stderr)
        self.assertNotIn("target_sections", done.stderr)
        self.assertIn("myelin", str(json.loads(self.works("check", self.config, "--json").stdout)["warnings"]))

    def test_groups_without_rows_are_told(self):
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            columns(file["edges/v1_to_v1"].create_group("1"), syn_weight=numpy.arange(6.0))
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            columns(file["nodes/v1"].create_group("7/dynamics_params"), V_th=numpy.arange(6.0))
        told = self.works("check", self.config).stdout
        self.assertRegex(told, r"edges\.h5: /edges/v1_to_v1: group 1 has no edges and is not read")
        self.assertRegex(told, r"nodes\.h5: /nodes/v1: group 7 has no nodes and is not read")

    def test_the_summary_counts_cells_that_are_simulated(self):
        done = self.works("run", self.config, "-o", self.path("out"), "--threads", "1")
        fired = len(self.spikes("v1"))
        self.assertGreater(fired, 0)
        self.assertRegex(done.stdout, rf"\n  6 cells, {fired} spikes \({fired / 6 / 0.020:.3g} Hz\)\n")

    def test_a_simulation_names_its_circuit_and_one_file_may_hold_everything(self):
        self.run_circuit("two")
        change_json(self.file("simulation.json"), lambda s: s.update(network="$BASE/circuit.json"))
        self.run_circuit("one", config=self.file("simulation.json"))
        whole = {}
        for name in ("circuit.json", "simulation.json"):
            change_json(self.file(name), lambda part: whole.update(
                {**part, "manifest": {**whole.get("manifest", {}), **part["manifest"]}}))
        del whole["network"]
        write_json(self.file("whole.json"), whole)
        self.run_circuit("none", config=self.file("whole.json"))
        for name in ("one", "none"):
            self.assertEqual(self.spikes("v1", name), self.spikes("v1", "two"))
            self.assertGreater(len(self.spikes("lgn", name)), 0)

    def test_settings_of_the_command_line_come_before_the_file(self):
        self.run_circuit(options=("--set", "run.tstop=1.5", "--set", "run.dt=0.05"))
        self.assertEqual(self.spikes("lgn"), [(1.0, 0), (1.0, 2)])

    def test_the_resolved_scenario_shows_what_was_filled_in(self):
        done = self.works("check", self.config)
        for text in ("model: lif_psc_alpha", "v1_to_v1__inh", "nodes: nodes.h5", "rule: file", "until: 20 ms", "step: 0.1 ms",
                     "as in NEST (synapses: weight 1, delay 1 ms)"):
            self.assertIn(text, done.stdout)


main()
