"""Cells of SONATA circuits that are not one of NEST's integrate-and-fire models: GLIF, mixtures with it, IntFire1."""
import csv
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy", "scipy")
from program import Case, main  # noqa: E402
from sonata_circuit import (change_json, columns, write_circuit, write_edges, write_json, write_nodes, write_spikes,  # noqa: E402
                            write_text)

import h5py  # noqa: E402
import numpy  # noqa: E402
from scipy.linalg import expm  # noqa: E402

STEP, UNTIL = 0.1, 120.0
GLIF = {"V_m": -75.0, "V_th": -46.0, "g": 5.9, "E_L": -70.0, "C_m": 58.6, "t_ref": 2.6, "V_reset": -69.0,
        "asc_init": [0.0, 5.0], "asc_decay": [0.1, 0.3], "asc_amps": [-36.9, -65.3], "tau_syn": [5.5, 8.5, 2.8],
        "spike_dependent_threshold": False, "after_spike_currents": True, "adapting_threshold": False}
IAF = {"tau_m": 24.0, "C_m": 120.0, "t_ref": 3.0, "E_L": -75.0, "V_th": -50.0, "V_reset": -53.0, "I_e": 60.0,
       "tau_syn_ex": 1.5, "tau_syn_in": 4.0}
NODE_TYPES = """\
node_type_id model_type model_template ei dynamics_params
1 point_neuron nest:glif_psc e glif.json
2 point_neuron nest:iaf_psc_alpha i iaf.json
"""
EDGE_TYPES = """\
edge_type_id delay dynamics_params model_template
10 1.5 one.json static_synapse
11 2.0 two.json static_synapse
12 2.0 NULL static_synapse
"""
INPUT_TYPES = """\
edge_type_id syn_weight delay dynamics_params model_template
20 400.0 1.0 three.json static_synapse
21 300.0 1.0 NULL static_synapse
"""
EDGES = [(0, 1, 10, 40.0), (1, 4, 12, 50.0), (2, 0, 11, 30.0), (4, 1, 11, -60.0), (5, 4, 12, -70.0), (4, 2, 10, -20.0)]
INPUTS = [(0, 0, 20), (1, 1, 20), (2, 4, 21), (0, 5, 21)]


def cell(kind):
    """(propagator over a step, parameters) of one kind of cell; state: U, asc_1, asc_2, (dI, I) of four synapses, 1."""
    if kind == 1:
        p = dict(GLIF, tau_syn=GLIF["tau_syn"] + [1.0], I_e=0.0)
    else:
        p = dict(IAF, g=IAF["C_m"] / IAF["tau_m"], tau_syn=[1.5, 4.0, 1.0, 1.0], asc_decay=[1, 1], asc_amps=[0, 0],
                 asc_init=[0, 0], V_m=-70.0)  # NEST's initial potential
    slope = numpy.zeros((12, 12))
    slope[0, 0], slope[0, 11] = -p["g"] / p["C_m"], p["I_e"] / p["C_m"]
    for k in range(2):
        slope[1 + k, 1 + k], slope[0, 1 + k] = -p["asc_decay"][k], 1 / p["C_m"]
    for s in range(4):
        at = 3 + 2 * s
        slope[at, at] = slope[at + 1, at + 1] = -1 / p["tau_syn"][s]
        slope[at + 1, at], slope[0, at + 1] = 1, 1 / p["C_m"]
    return expm(slope * STEP), p


def reference(kinds, spikes):
    """(cell, step) of all spikes, and V_m of every cell at the end, from matrix exponentials."""
    cells, n_steps, fired = [cell(kind) for kind in kinds], round(UNTIL / STEP), []
    x, wait = [numpy.zeros(12) for _ in kinds], [0] * len(kinds)
    arrivals = {}
    for state, (_, p) in zip(x, cells):
        state[0], state[1:3], state[11] = p["V_m"] - p["E_L"], p["asc_init"], 1

    def arrive(step, target, port, weight):
        arrivals.setdefault(step, []).append((target, 3 + 2 * port, weight * math.e / cells[target][1]["tau_syn"][port]))

    for source, target, kind in INPUTS:
        for time, spiking in spikes:
            if spiking == source:
                arrive(round(time / STEP) + 10, target, 2 if kind == 20 else 0, 400.0 if kind == 20 else 300.0)
    for step in range(1, n_steps + 1):
        for i, (propagator, p) in enumerate(cells):
            new = propagator @ x[i]
            if wait[i] > 0:
                new[:3] = x[i][:3]
                wait[i] -= 1
            elif new[0] + p["E_L"] > p["V_th"]:
                fired.append((i, step))
                wait[i] = round(p["t_ref"] / STEP)
                new[0] = p["V_reset"] - p["E_L"]
                new[1:3] = numpy.array(p["asc_amps"]) + new[1:3] * numpy.exp(-numpy.array(p["asc_decay"]) * p["t_ref"])
                for source, target, kind, weight in EDGES:
                    if source == i:
                        port = {10: 0, 11: 1, 12: int(weight < 0)}[kind]
                        arrive(step + {10: 15, 11: 20, 12: 20}[kind], target, port, weight)
            x[i] = new
        for target, at, jump in arrivals.pop(step, []):
            x[target][at] += jump
    return sorted(fired), [state[0] + p["E_L"] for state, (_, p) in zip(x, cells)]


class Models(Case):
    def setUp(self):
        super().setUp()
        self.root = self.path("circuit")
        os.makedirs(self.root)
        self.config = write_circuit(self.root)
        change_json(self.file("simulation.json"), lambda s: s.update(
            run={"tstop": UNTIL, "dt": STEP}, reports={"trace": {"cells": "v1", "variable_name": "V_m", "dt": STEP}}))

    def file(self, *parts):
        return os.path.join(self.root, *parts)

    def mix(self):
        """GLIF cells 0 to 3 beside iaf_psc_alpha 4 and 5; returns the spikes that drive them."""
        for name, text in (("node_types.csv", NODE_TYPES), ("edge_types.csv", EDGE_TYPES), ("input_types.csv", INPUT_TYPES)):
            write_text(self.file("network", name), text)
        write_json(self.file("cells", "glif.json"), GLIF)
        write_json(self.file("cells", "iaf.json"), IAF)
        for number, name in enumerate(("one", "two", "three"), 1):
            write_json(self.file("synapses", name + ".json"), {"receptor_type": number})
        source, target, kind, weight = zip(*EDGES)
        write_edges(self.file("network", "edges.h5"), "v1_to_v1", "v1", "v1", source, target, kind, weight)
        source, target, kind = zip(*INPUTS)
        write_edges(self.file("network", "input.h5"), "lgn_to_v1", "lgn", "v1", source, target, kind)
        spikes = [(1.0 + 0.7 * k, k % 3) for k in range(150)]
        write_spikes(self.file("spikes.h5"), None, *zip(*spikes))
        return spikes

    def simulate(self, name="out", options=()):
        self.works("run", self.config, "-o", self.path(name), "--quiet", "--threads", "1", *options)
        with h5py.File(self.path(name, "spikes.h5")) as file:
            group = file["spikes/v1"]
            return sorted((int(i), round(t / STEP)) for t, i in zip(group["timestamps"][:], group["node_ids"][:]))

    def potential(self, name="out"):
        with h5py.File(self.path(name, "reports", "trace.h5")) as file:
            return file["report/v1/data"][:]

    def test_a_population_of_glif_and_integrate_and_fire_cells_spikes_as_matrix_exponentials_say(self):
        driving = self.mix()
        spikes = self.simulate()
        expected, potential = reference([1, 1, 1, 1, 2, 2], driving)
        self.assertEqual(spikes, expected)
        self.assertEqual({i for i, _ in spikes} >= {0, 1, 4, 5}, True)
        self.assertGreater(len(spikes), 40)
        numpy.testing.assert_allclose(self.potential()[-1], potential, atol=2e-4)

    def test_names_with_the_mechanisms_switch_them_on(self):
        self.mix()
        with_switch = self.simulate()
        for name in ("asc_amps", "asc_init"):
            self.assertIn(name, GLIF)
        change_json(self.file("cells", "glif.json"), lambda p: [p.pop(key) for key in list(p) if isinstance(p[key], bool)])
        write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("glif_psc", "glif_lif_asc_psc"))
        self.assertEqual(self.simulate("named"), with_switch)
        write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("glif_psc", "glif_lif_psc"))
        self.assertNotEqual(self.simulate("without"), with_switch)

    def test_a_file_of_the_cell_types_database_is_converted_to_the_units_of_nest(self):
        self.mix()
        write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("glif_psc", "glif_lif_r_asc_a_psc"))
        write_json(self.file("cells", "glif.json"), {
            "El_reference": -0.0705, "El": 0.0005, "th_inf": 0.025, "R_input": 2e8, "C": 6e-11, "spike_cut_length": 52,
            "dt": 5e-5, "init_AScurrents": [1e-12, 0.0], "asc_tau_array": [0.01, 0.1], "asc_amp_array": [-2e-11, -3e-12],
            "coeffs": {"th_inf": 0.9, "G": 1.1, "C": 1.5, "asc_amp_array": [2.0, 1.0], "a": 2.0, "b": 0.5},
            "threshold_dynamics_method": {"params": {"a_spike": 0.002, "b_spike": 9.0, "a_voltage": 5.0, "b_voltage": 90.0}},
            "voltage_reset_method": {"params": {"a": 0.2, "b": 0.0185}}})
        self.simulate("database")
        with h5py.File(self.path("database", "nodes.h5")) as file:
            group = file["nodes/v1/0/dynamics_params"]
            got = {name: float(group[name][0]) for name in group}
        for name, value in {"V_th": -48.0, "E_L": -70.0, "V_m": -70.0, "g": 5.5, "C_m": 90.0, "t_ref": 2.6,
                            "th_spike_add": 2.0, "th_spike_decay": 0.009, "voltage_reset_fraction": 0.2,
                            "voltage_reset_add": 18.5, "th_voltage_index": 0.01, "th_voltage_decay": 0.045,
                            "asc_init_1": 1.0, "asc_decay_1": 0.1, "asc_decay_2": 0.01, "asc_amps_1": -40.0,
                            "asc_amps_2": -3.0, "tau_syn_1": 5.5, "tau_syn_2": 8.5, "tau_syn_3": 2.8, "tau_syn_4": 5.8,
                            "spike_dependent_threshold": 1.0, "after_spike_currents": 1.0, "adapting_threshold": 1.0}.items():
            self.assertAlmostEqual(got[name], value, places=9, msg=name)

    def test_what_does_not_fit_is_refused(self):
        cases = {
            "receptor": ("synapses/two.json", {"receptor_type": 4}, r"edge 2: receptor_type is 4; that of its target is from 1 to 3"),
            "none": ("synapses/two.json", {}, r"edge 2: receptor_type is 0; that of its target is from 1 to 3"),
            "many": ("cells/glif.json", {**GLIF, "tau_syn": [1, 2, 3, 4, 5]}, r"tau_syn.*has more than 4 places"),
            "lengths": ("cells/glif.json", {**GLIF, "asc_amps": [1.0]}, r"asc_init, asc_decay, asc_amps and asc_r.*differ"),
            "no list": ("cells/glif.json", {**GLIF, "asc_amps": 1.0}, r"asc_amps is a list"),
            "hidden": ("cells/glif.json", {**GLIF, "I_e": 1.0}, r"nest:glif_psc has no parameter 'I_e'"),
            "switch": ("cells/glif.json", {**GLIF, "adapting_threshold": True}, r"adapting_threshold needs"),
        }
        for name, (file, value, message) in cases.items():
            with self.subTest(name):
                self.mix()
                write_json(self.file(*file.split("/")), value)
                self.fails(2, message, "run", self.config, "-o", self.path("bad"))
        self.mix()
        for template in ("nest:glif_cond", "nest:glif_lif_r_asc_a_cond"):
            write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("nest:glif_psc", template))
            self.fails(2, f"model_template '{template}' of population 'v1': GLIF cells whose synapses are conductances are not "
                       "simulated; .* nest:glif_psc", "run", self.config, "-o", self.path("bad"))
        write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("iaf_psc_alpha", "iaf_psc_exp"))
        self.fails(2, r"population 'v1' mixes model_template 'nest:glif_psc' and 'nest:iaf_psc_exp'", "run", self.config,
                   "-o", self.path("bad"))

    def test_parameters_among_the_labels_and_bytes_that_are_no_text_are_refused(self):
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            columns(file["nodes/v1"].create_group("0"), V_th=numpy.full(6, -50.0))
        self.fails(2, r"nodes\.h5: population 'v1': column 'V_th' is the name of a parameter, which is read from dynamics_params only",
                   "check", self.config)
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            del file["nodes/v1/0"]
        table = self.file("network", "node_types.csv")
        write_text(table, NODE_TYPES.replace(" ei ", " g ").replace("nest:iaf_psc_alpha", "nest:glif_psc"))
        self.fails(2, r"node_types\.csv: column 'g' is the name of a parameter", "check", self.config)
        with open(table, "ab") as file:
            file.write("3 point_neuron nest:iaf_psc_alpha e für.json\n".encode("latin-1"))
        self.fails(2, r"node_types\.csv:4: byte 0xfc is not UTF-8 text; save the table as UTF-8", "check", self.config)

    def intfire(self):
        write_text(self.file("network", "node_types.csv"), "node_type_id model_type model_template dynamics_params\n"
                   "1 point_process nrn:IntFire1 e.json\n2 point_process nrn:IntFire1 i.json\n")
        write_json(self.file("cells", "e.json"), {"tau": 0.02, "refrac": 0.003})
        write_json(self.file("cells", "i.json"), {"tau": 0.01, "refrac": 0.003})
        write_text(self.file("network", "edge_types.csv"), "edge_type_id syn_weight delay dynamics_params\n"
                   "10 0.4 2.0 up.json\n11 0.3 2.0 down.json\n")
        write_text(self.file("network", "input_types.csv"), "edge_type_id syn_weight delay dynamics_params\n20 1.5 1.0 up.json\n")
        write_json(self.file("synapses", "up.json"), {"level_of_detail": "instantaneous", "sign": 1})
        write_json(self.file("synapses", "down.json"), {"level_of_detail": "instantaneous", "sign": -1})
        write_edges(self.file("network", "edges.h5"), "v1_to_v1", "v1", "v1", [0, 4], [3, 2], [10, 11])
        write_spikes(self.file("spikes.h5"), None, [5.0, 9.0], [0, 2])
        for name in ("circuit.json", "simulation.json"):
            change_json(self.file(name), lambda c: c.update(target_simulator="NEURON"))

    def test_node_types_positions_and_attributes_are_in_the_result(self):
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            columns(file["nodes/v1"], node_group_id=numpy.array([0, 0, 0, 0, 1, 1]),
                    node_group_index=numpy.array([1, 0, 2, 3, 0, 1]))
            columns(file.create_group("nodes/v1/0"), x=numpy.array([10.0, 11.0, 12.0, 13.0]), layer=["L4", "L5", "L4", "L4"])
            columns(file.create_group("nodes/v1/1"), x=numpy.array([14.0, 15.0]))
        write_text(self.file("network", "virtual_types.csv"), 'node_type_id model_type place\n2 virtual "far away"\n')
        write_nodes(self.file("network", "virtual.h5"), lgn=[2, 2, 2])
        self.simulate()
        with open(self.path("out", "node_types.csv"), newline="", encoding="utf-8") as file:
            rows = {int(row["node_type_id"]): row for row in csv.DictReader(file, delimiter=" ")}
        with h5py.File(self.path("out", "nodes.h5")) as file:
            group = file["nodes/v1"]
            types = group["node_type_id"][:].tolist()
            self.assertEqual(types, [1, 1, 1, 1, 2, 2])
            self.assertEqual(group["0/x"][:].tolist(), [11.0, 10.0, 12.0, 13.0, 14.0, 15.0])
            self.assertEqual([text.decode() for text in group["0/layer"][:]], ["L5", "L4", "L4", "L4", "", ""])
            virtual = set(file["nodes/lgn/node_type_id"][:].tolist())
        self.assertEqual([(rows[t]["ei"], rows[t]["source_model_template"], rows[t]["population"]) for t in (1, 2)],
                         [("e", "nest:iaf_psc_alpha", "v1"), ("i", "nest:iaf_psc_alpha", "v1")])
        self.assertEqual(rows[1]["source_dynamics_params"], "pyr.json")
        self.assertEqual(virtual & {1, 2}, set())  # the id that v1 has already is another one here
        row = rows[virtual.pop()]
        self.assertEqual((row["source_node_type_id"], row["place"], row["ei"]), ("2", "far away", "NULL"))

    def test_artificial_cells_of_neuron_have_seconds_and_signs(self):
        self.intfire()
        self.assertEqual(self.simulate(), [(0, 60), (4, 100)])  # 1.5 passes the threshold of 1 after 1 ms
        trace = self.potential()
        self.assertAlmostEqual(float(trace[80, 3]), 0.4, places=6)
        self.assertAlmostEqual(float(trace[180, 3]), 0.4 * math.exp(-10.0 / 20.0), places=6)
        self.assertAlmostEqual(float(trace[120, 2]), -0.3, places=6)

    def test_cells_of_another_simulator_than_the_circuits_are_refused(self):
        self.intfire()
        change_json(self.file("simulation.json"), lambda c: c.update(target_simulator="NEST"))
        self.fails(2, r"cells of population 'v1' are nrn:IntFire1, which NEST does not have", "run", self.config, "-o",
                   self.path("bad"))
        write_json(self.file("synapses", "up.json"), {"level_of_detail": "exp2syn", "sign": 1})
        change_json(self.file("simulation.json"), lambda c: c.update(target_simulator="NEURON"))
        self.fails(2, r"level_of_detail.*a synapse onto an artificial cell has sign", "run", self.config, "-o", self.path("bad"))


main()
