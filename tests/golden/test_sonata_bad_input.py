"""Whatever is wrong with a SONATA circuit, the message names the file, the dataset or key and the cause, and no result is
left behind."""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main, rewire  # noqa: E402
from sonata_circuit import (NODE_TYPES, change_json, columns, write_circuit, write_edges, write_nodes,  # noqa: E402
                            write_text)

import h5py  # noqa: E402
import numpy  # noqa: E402

PUBLISHED = os.path.join(HERE, "sonata_300")


class BadCircuit(Case):
    """Each test writes sound circuits, breaks one thing in each, and looks at what the program says."""

    def setUp(self):
        super().setUp()
        self.made = 0

    def circuit(self):
        """A new sound circuit; its files are self.file(...)."""
        self.made += 1
        self.root = self.path(str(self.made))
        os.makedirs(self.root)
        self.config = write_circuit(self.root)

    def file(self, *parts):
        return os.path.join(self.root, *parts)

    def refused(self, pattern, code=2, options=()):
        """The circuit is refused with a message that matches, and leaves no result."""
        out = self.file("out")
        self.fails(code, pattern, "run", self.config, "-o", out, "--quiet", *options)
        self.assertFalse(os.path.exists(out), "a result was left behind")

    def each(self, cases, change):
        """Every case is (what is done to a sound circuit, what the message says)."""
        for name, (edit, pattern) in cases.items():
            with self.subTest(name):
                self.circuit()
                change(edit)
                self.refused(pattern)

    def test_the_circuit_that_is_broken_below_is_sound(self):
        self.circuit()
        self.works("run", self.config, "-o", self.file("out"), "--quiet")

    # ---- files ----

    def test_files_that_are_missing(self):
        for name in ("circuit.json", "simulation.json", "node_sets.json", "network/nodes.h5", "network/node_types.csv",
                     "network/edges.h5", "network/edge_types.csv", "cells/pyr.json", "synapses/fast.json", "spikes.h5"):
            with self.subTest(name):
                self.circuit()
                os.remove(self.file(name))
                self.refused(name + r": cannot be (read|opened): No such file", code=3)

    def test_files_that_are_no_hdf5_or_cut_short(self):
        for name in ("network/nodes.h5", "network/edges.h5", "spikes.h5"):
            for text in ("", "rewire: 1\n", None):
                with self.subTest(name=name, text=text):
                    self.circuit()
                    if text is None:
                        os.truncate(self.file(name), os.path.getsize(self.file(name)) // 2)
                    else:
                        write_text(self.file(name), text)
                    self.refused(name + r": is not a readable HDF5 file .*truncated")

    def test_a_published_circuit_cut_anywhere(self):
        shutil.copytree(PUBLISHED, self.path("published"))
        self.root = self.path("published", "300_pointneurons")
        self.config = self.file("config.json")
        edges = self.file("network", "internal_internal_edges.h5")
        size = os.path.getsize(edges)
        for left in (size - 1, size // 2, 2048, 9):
            os.truncate(edges, left)
            self.refused(r"internal_internal_edges\.h5: is not a readable HDF5 file")

    def test_a_directory_is_no_file(self):
        self.circuit()
        os.remove(self.file("network", "nodes.h5"))
        os.mkdir(self.file("network", "nodes.h5"))
        self.refused(r"network/nodes\.h5: is not a regular file")

    def test_a_file_that_another_program_is_writing(self):
        self.circuit()
        with h5py.File(self.file("network", "edges.h5"), "a"):
            self.refused(r"edges\.h5: cannot be locked for reading .*HDF5_USE_FILE_LOCKING=FALSE", code=3)

    def test_a_damaged_byte_anywhere_does_not_crash(self):
        self.circuit()
        # of a damaged file HDF5 1.10 itself may leak, or ask for more memory than there is
        sanitizer = {"ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1"}
        for name in ("network/nodes.h5", "network/edges.h5", "spikes.h5"):
            with open(self.file(name), "rb") as file:
                sound = file.read()
            for at in range(7, len(sound), 149):
                with open(self.file(name), "r+b") as file:
                    file.seek(at)
                    file.write(bytes([sound[at] ^ 0xFF]))
                # HDF5 keeps no checksums: a damaged value may be a sound one, and what is damaged is not always reached
                done = rewire("run", self.config, "-o", self.path(f"{name[-5]}{at}"), "--quiet", "--threads", "1", "--set",
                              "run.tstop=1", env=sanitizer)
                self.assertIn(done.returncode, (0, 2, 3), f"{name}, byte {at}: {done.stderr}")
                self.assertTrue(done.returncode == 0 or done.stderr.startswith("rewire: error: "), done.stderr)
                with open(self.file(name), "wb") as file:
                    file.write(sound)

    def test_a_damaged_chunk_is_noticed(self):
        self.circuit()
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            group = file["edges/v1_to_v1"]
            del group["edge_type_id"]
            data = group.create_dataset("edge_type_id", data=[10] * 6, chunks=(6,), compression="gzip", dtype="u4")
            at = data.id.get_chunk_info(0).byte_offset
        with open(self.file("network", "edges.h5"), "r+b") as file:
            file.seek(at)
            file.write(b"\xff" * 8)
        self.refused(r"edges\.h5: dataset /edges/v1_to_v1/edge_type_id cannot be read .*damaged")

    # ---- edges ----

    def change_edges(self, edit):
        with h5py.File(self.file("network", "edges.h5"), "a") as file:
            edit(file["edges/v1_to_v1"])

    def test_edges(self):
        def huge(group):
            del group["source_node_id"]
            made = group.create_dataset("source_node_id", shape=(2**40,), chunks=(1024,), dtype="u8")
            made.attrs["node_population"] = "v1"

        def dangling(group):
            del group["edge_type_id"]
            group["edge_type_id"] = h5py.SoftLink("/nowhere")

        def without(name):
            def remove(group):
                del group[name]
            return remove

        def column(name, values, dtype=None):
            return lambda group: columns(group, **{name: numpy.array(values, dtype=dtype)})

        def attribute(name, values):
            return lambda group: columns(group["0"], **{name: numpy.array(values)})

        def population(value):
            def name(group):
                group["target_node_id"].attrs["node_population"] = value
            return name

        def nested(name):
            def make(group):
                del group[name]
                group.create_group(name)
            return make

        six = [0, 1, 2, 3, 4, 5]
        at = r"edges\.h5: dataset /edges/v1_to_v1/"
        self.each({
            "no sources": (without("source_node_id"), at + "source_node_id is missing"),
            "no targets": (without("target_node_id"), at + "target_node_id is missing"),
            "no types": (without("edge_type_id"), at + "edge_type_id is missing"),
            "dangling link": (dangling, at + "edge_type_id is missing"),
            "a group": (nested("edge_type_id"), "v1_to_v1/edge_type_id is not a dataset"),
            "floating-point ids": (column("source_node_id", six, "f8"), at + "source_node_id must hold whole numbers"),
            "text ids": (column("edge_type_id", six, "S4"), at + "edge_type_id does not hold numbers"),
            "a table of ids": (column("target_node_id", [six, six]), at + "target_node_id has 2 dimensions"),
            "one number": (column("target_node_id", 3), at + "target_node_id has 0 dimensions"),
            "negative id": (column("target_node_id", [0, -1, 2, 3, 4, 5], "i4"), at + "target_node_id, row 1: -1 is negative"),
            "source out of range": (column("source_node_id", [0, 1, 6, 3, 4, 5]),
                                    at + "source_node_id, row 2: node 6 does not exist; the population has 6"),
            "target out of range": (column("target_node_id", [0, 1, 2, 3, 4, 2**63], "u8"),
                                    at + f"target_node_id, row 5: node {2**63} does not exist"),
            "unequal lengths": (column("target_node_id", six[:4]), at + "target_node_id has 4 rows where the others have 6"),
            "unknown type": (column("edge_type_id", [10, 10, 99, 10, 10, 10]),
                             at + r"edge_type_id, row 2: type 99 is not in .*edge_types\.csv"),
            "huge claim": (huge, at + r"source_node_id claims 1099511627776 rows but the file stores only 0 bytes"),
            "population of the targets is missing": (lambda group: group["target_node_id"].attrs.clear(),
                                                     at + "target_node_id has no attribute 'node_population'"),
            "population is a number": (population(3), "'node_population' of dataset .*target_node_id is not one readable text"),
            "population is unknown": (population("v2"), at + "target_node_id: node_population 'v2' is in no nodes file"),
            "edges onto virtual cells": (population("lgn"), "end on the virtual cells of 'lgn'"),
            "a group that is not there": (column("edge_group_id", [0, 0, 1, 0, 0, 0]),
                                          r"edges\.h5: group /edges/v1_to_v1/1 is missing, to which edge_group_id assigns edges"),
            "groups without places": (lambda group: (column("edge_group_id", [0, 0, 1, 0, 0, 0])(group), group.create_group("1"),
                                                     group.pop("edge_group_index")) and None,
                                      at + "edge_group_index is missing; with several groups"),
            "group index": (column("edge_group_index", [0, 1, 2, 3, 4, 6]),
                            at + "edge_group_index, row 5: entry 6 does not exist"),
            "NaN weight": (attribute("syn_weight", [1, 1, numpy.nan, 1, 1, 1.0]),
                           at + "0/syn_weight, row 2: nan is not a finite number"),
            "infinite weight": (attribute("syn_weight", [1, 1, 1, -numpy.inf, 1, 1.0]), at + "0/syn_weight, row 3: -inf"),
            "weight beyond single precision": (attribute("syn_weight", [1e300] * 6), r"edge 0: a weight of 1e\+300"),
            "text weights": (attribute("syn_weight", [b"a"] * 6), "dataset syn_weight of the edge groups .* not hold numbers"),
            "too few weights": (attribute("syn_weight", [1.0, 2.0]), "edge_group_index, row 2: entry 2 does not exist"),
            "negative delay": (attribute("delay", [1, 1, 1, -1, 1, 1.0]), r"edge 3: a delay of -1 ms is too short.*0\.1 ms"),
            "delay below the step": (attribute("delay", [0.04] * 6), r"edge 0: a delay of 0\.04 ms is too short"),
            "NaN delay": (attribute("delay", [numpy.nan] * 6), at + "0/delay, row 0: nan is not a finite number"),
            "endless delay": (attribute("delay", [1e12] * 6), r"edge 0: a delay of 1e\+12 ms is too long"),
            "weights under another name": (attribute("weight", [1.0] * 6),
                                           "edges.h5: /edges/v1_to_v1: column 'weight' is not read, though it would"),
            "weights in capitals": (attribute("Syn_weight", [1.0] * 6), "column 'Syn_weight'.*did you mean 'syn_weight'"),
            "an unknown parameter": (lambda group: columns(group.create_group("0/dynamics_params"), U=numpy.ones(6)),
                                     "static_synapse has no parameter 'U' here; it has weight, delay"),
            "negative number of synapses": (attribute("nsyns", [-1] * 6), "edge 0: a weight of 10 times -1 synapses"),
        }, self.change_edges)

    def test_an_edges_file_without_edges(self):
        self.circuit()
        with h5py.File(self.file("network", "edges.h5"), "w") as file:
            file.create_group("nodes")
        self.refused(r"edges\.h5: group /edges is missing")

    def test_two_files_with_the_same_edges(self):
        self.circuit()
        write_edges(self.file("network", "input.h5"), "v1_to_v1__exc", "v1", "v1", [0], [0], [20], [1.0])
        self.refused(r"edge population 'v1_to_v1__exc' exists already")

    # ---- nodes ----

    def change_nodes(self, edit):
        with h5py.File(self.file("network", "nodes.h5"), "a") as file:
            edit(file["nodes/v1"])

    def test_nodes(self):
        def huge(group):
            del group["node_id"], group["node_type_id"]
            group.create_dataset("node_type_id", shape=(2**33,), chunks=(1024,), dtype="u8")

        def parameter(name, values):
            return lambda group: columns(group.create_group("0/dynamics_params"), **{name: numpy.array(values)})

        at = r"nodes\.h5: dataset /nodes/v1/"
        self.each({
            "unknown type": (lambda g: columns(g, node_type_id=[1, 1, 1, 1, 2, 3]),
                             at + r"node_type_id, row 5: type 3 is not in .*node_types\.csv"),
            "ids out of order": (lambda g: columns(g, node_id=[1, 0, 2, 3, 4, 5]), at + "node_id, row 0: the id is 1"),
            "ids and types differ in length": (lambda g: columns(g, node_id=[0, 1]), at + "node_id has 2 rows"),
            "no cells": (lambda g: columns(g, node_id=[], node_type_id=numpy.array([], dtype="u8")), "/nodes/v1 has no nodes"),
            "no types": (lambda g: g.pop("node_type_id") and None, at + "node_type_id is missing"),
            "an unknown parameter": (parameter("tau_n", [1.0] * 6),
                                     r"nodes\.h5: dynamics_params/tau_n of population 'v1': nest:iaf_psc_alpha has no parameter"),
            "a parameter out of range": (parameter("tau_m", [1, 1, -1, 1, 1, 1.0]),
                                         "dynamics_params/tau_m of population 'v1', node 2: -1 ms is outside"),
            "a parameter that is text": (parameter("tau_m", [b"a"] * 6), "dataset tau_m of the node groups .* not hold numbers"),
            "too few parameters": (parameter("tau_m", [1.0, 2.0]), r"0/dynamics_params/tau_m has 2 rows where the others have 6"),
            "huge claim": (huge, at + r"node_type_id claims 8589934592 rows"),
        }, self.change_nodes)

    def test_two_files_with_the_same_population(self):
        self.circuit()
        write_nodes(self.file("network", "virtual.h5"), v1=[7, 7, 7])
        self.refused(r"virtual\.h5: population 'v1' exists already")

    # ---- types ----

    def test_tables_of_types(self):
        def replaced(old, new):
            def edit(name):
                with open(self.file("network", name), encoding="utf-8") as file:
                    text = file.read()
                self.assertIn(old, text)
                write_text(self.file("network", name), text.replace(old, new, 1))
            return edit

        def replaced_all(old, new):
            def edit(name):
                with open(self.file("network", name), encoding="utf-8") as file:
                    text = file.read()
                with open(self.file("network", name), "w", encoding="utf-8", newline="") as file:
                    file.write(text.replace(old, new))
            return edit

        nodes = r"network/node_types\.csv"
        self.each({
            "no ids": (replaced("node_type_id", "type"), nodes + ": has no column 'node_type_id'; SONATA requires it"),
            "commas": (replaced_all(" ", ","), nodes + r": has no column 'node_type_id'; .*commas \(byte 0x2c\)"),
            "semicolons": (replaced_all(" ", ";"), nodes + r": has no column 'node_type_id'; .*semicolons \(byte 0x3b\)"),
            "carriage returns": (replaced_all("\n", "\r"), nodes + r": its lines end in carriage returns alone \(byte 0x0d\)"),
            "no-break spaces": (replaced_all(" ", "\u00a0"), nodes + r": has no column.*no-break spaces \(bytes 0xc2 0xa0\)"),
            "a no-break space": (replaced("iaf_psc_alpha e", "iaf_psc_alpha\u00a0 e"),
                                 "'nest:iaf_psc_alpha<U\\+00A0>'"),
            "a misspelt column": (replaced("dynamics_params", "dynamic_params"),
                                  nodes + ": column 'dynamic_params' is not read; did you mean 'dynamics_params'"),
            "code of the circuit": (replaced(" ei ", " model_processing "),
                                    nodes + ": column 'model_processing' is not read, though it would change"),
            "a column twice": (replaced(" ei ", " model_type "), nodes + ": has two columns 'model_type'"),
            "a field too few": (replaced("e pyr.json", "pyr.json"), nodes + ":2: has 4 fields where the header names 5"),
            "an open quote": (replaced('"i"', '"i'), nodes + ":3: a quote is not closed"),
            "no blank after a quote": (replaced('"i"', '"i"x'), nodes + ":3: there is no blank after the closing quote"),
            "an id that is none": (replaced("\n1 ", "\none "), nodes + ":2: node_type_id 'one' is not a whole number"),
            "a negative id": (replaced("\n1 ", "\n-1 "), nodes + ":2: node_type_id '-1' is not a whole number"),
            "an id twice": (replaced("\n2 ", "\n1 "), nodes + ":3: node_type_id 1 is here twice, first in line 2"),
            "a NUL byte": (replaced("pyr", "p\0r"), nodes + ": holds a NUL byte"),
            "two models": (replaced("iaf_psc_alpha", "iaf_psc_exp"),
                           nodes + ":3: population 'v1' mixes model_template 'nest:iaf_psc_exp' and 'nest:iaf_psc_alpha'"),
            "no template": (replaced("nest:iaf_psc_alpha e", "NULL e"), nodes + ":2: model_template is missing; known are"),
            "another kind": (replaced("point_neuron", "biophysical"), "mixes model_type 'biophysical' and 'point_neuron'"),
        }, lambda edit: edit("node_types.csv"))
        edges = r"network/edge_types\.csv"
        self.each({
            "another synapse": (replaced("static_synapse", "stdp_synapse"),
                                edges + ":2: model_template 'stdp_synapse' is not known; synapses are static_synapse"),
            "weights under another name": (replaced("delay", "weight"), edges + ": column 'weight' is not read, though it would"),
            "weights in capitals": (replaced("delay", "Syn_Weight"), edges + ": .*did you mean 'syn_weight'"),
            "a function for the weights": (replaced("source_query delay", "weight_function delay"),
                                           edges + r":2: weight_function 'ei=='e'' is Python code of the circuit"),
            "a delay that is none": (replaced("1.5", "1,5"), edges + ":2: delay '1,5' is not a number"),
            "a delay too short": (replaced("1.5", "0.01"), r"edge 0: a delay of 0\.01 ms is too short"),
        }, lambda edit: edit("edge_types.csv"))
        self.circuit()
        write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("iaf_psc_alpha", "hh_psc_alpha"))
        self.refused(nodes + r":2: model_template 'nest:hh_psc_alpha' of population 'v1' is not known; known are "
                     "nest:iaf_psc_alpha, nest:iaf_psc_exp")
        self.circuit()
        write_text(self.file("network", "node_types.csv"), NODE_TYPES.replace("point_neuron", "biophysical"))
        self.refused(nodes + r":2: population 'v1' has biophysical cells, with morphologies; rewire simulates point neurons")
        self.circuit()
        write_text(self.file("network", "node_types.csv"), "")
        self.refused(nodes + ": is empty")

    def test_parameter_files(self):
        cases = {
            "{": r"cells/pyr\.json:",
            "[1]": r"cells/pyr\.json: is not a JSON object",
            '{"tau_n": 20.0}': r"cells/pyr\.json:1:\d+: tau_n: .*no parameter 'tau_n'.*did you mean 'tau_m'",
            '{"tau_m": "20"}': r"cells/pyr\.json:1:\d+: tau_m: a plain finite number is expected",
            '{"tau_m": NaN}': r"cells/pyr\.json:1:11: this is not JSON: lexical error",
            '{"tau_m": 1e400}': r"tau_m: a plain finite number is expected",
            '{"tau_m": -20.0}': r"tau_m: -20 ms is outside",
            '{"tau_m": [20.0]}': r"tau_m: a plain finite number is expected",
            '{"tau_m": 20.0, "tau_m": 10.0}': r"tau_m: this key is here twice",
            '{"V_reset": -40.0}': r"'v1'.*V_reset",
        }
        for text, pattern in cases.items():
            with self.subTest(text):
                self.circuit()
                write_text(self.file("cells", "pyr.json"), text)
                self.refused(pattern)
        self.circuit()
        write_text(self.file("synapses", "fast.json"), '{"tau_rec": 100.0}')
        self.refused(r"edge_types\.csv:3: dynamics_params: .*fast\.json:1:\d+: tau_rec: static_synapse has no parameter")

    # ---- spikes ----

    def test_spikes(self):
        def change(edit):
            with h5py.File(self.file("spikes.h5"), "a") as file:
                edit(file["spikes"])

        def seconds(group):
            group["timestamps"].attrs["units"] = "s"

        def populations(group):
            del group["timestamps"], group["gids"]
            columns(group.create_group("retina"), timestamps=[1.0], node_ids=[0])

        five = [0, 1, 1, 2, 2]
        at = r"spikes of population 'lgn': .*spikes\.h5: (dataset )?/spikes/"
        self.each({
            "no times": (lambda g: g.pop("timestamps") and None, r"group /spikes/lgn is missing"),
            "no ids": (lambda g: g.pop("gids") and None, at + "node_ids is missing"),
            "no such cell": (lambda g: columns(g, gids=[0, 1, 3, 2, 2]), at + "gids, row 2: cell 3 does not exist"),
            "negative time": (lambda g: columns(g, timestamps=[1.0, -2.0, 3.0, 4.0, 5.0]),
                              at + "timestamps, row 1: -2 ms is negative"),
            "time is NaN": (lambda g: columns(g, timestamps=[1.0, numpy.nan, 3.0, 4.0, 5.0]),
                            at + "timestamps, row 1: nan is not a finite number"),
            "fewer times than ids": (lambda g: columns(g, timestamps=[1.0]), at + "gids has 5 rows where the others have 1"),
            "seconds": (seconds, at + "timestamps is in 's'; SONATA's unit is ms"),
            "another population": (populations, "group /spikes/lgn is missing"),
            "floating-point ids": (lambda g: columns(g, gids=numpy.array(five, "f4")), at + "gids must hold whole numbers"),
        }, change)

    # ---- configuration ----

    def test_circuit_configuration(self):
        def edges(**keys):
            return lambda c: c["networks"]["edges"][0].update(keys)

        at = r"circuit\.json:\d+:\d+: "
        self.each({
            "no networks": (lambda c: c.pop("networks"), at + "'networks' is missing"),
            "networks is a list": (lambda c: c.update(networks=[]), at + "networks: a map is expected, not a list"),
            "no nodes": (lambda c: c["networks"].update(nodes=[]), at + "networks.nodes: the circuit has no nodes"),
            "no types": (lambda c: c["networks"]["nodes"][0].pop("node_types_file"), at + ".*'node_types_file' is missing"),
            "types are null": (lambda c: c["networks"]["nodes"][0].update(node_types_file=None), "a path is expected"),
            "unknown variable": (edges(edges_file="$NETWORKS_DIR/edges.h5"),
                                 r"\$NETWORKS_DIR/edges\.h5: the manifest has no such variable"),
            "circle": (lambda c: c["manifest"].update({"$NETWORK": "$NETWORK/x"}), "refer to each other in a circle"),
            "no components": (lambda c: c.pop("components"), "components.point_neuron_models_dir is missing"),
            "another simulator": (lambda c: c.update(target_simulator="Brian"), "target_simulator: circuits of point neurons are read"),
            "a simulator without these cells": (lambda c: c.update(target_simulator="NEURON"),
                                                "cells of population 'v1' are nest:iaf_psc_alpha, which NEURON does not have"),
            "a time in a path": (edges(edges_file="$datetime/edges.h5"), r"\$datetime names another file in every run"),
            "a directory inside a path": (edges(edges_file="x/${configdir}/e.h5"), r"\$configdir is a whole directory"),
            "a misspelt section": (lambda c: c.update(component={}), r"component: is not read; did you mean 'components'"),
            "a misspelt key": (edges(edge_file="x"), r"networks\.edges\.0\.edge_file: is not read; did you mean 'edges_file'"),
            "an unknown key": (edges(virtual=True), r"networks\.edges\.0\.virtual: is not read; remove it"),
        }, lambda edit: change_json(self.file("circuit.json"), edit))

    def test_simulation_configuration(self):
        def run(**keys):
            return lambda s: s["run"].update(keys)

        def report(**keys):
            return lambda s: s["reports"]["potential"].update(keys)

        def an_input(**keys):
            return lambda s: s["inputs"]["thalamus"].update(keys)

        def clamp(**keys):
            all_keys = {"input_type": "current_clamp", "module": "IClamp", "node_set": "v1", "amp": 1.0, "delay": 1.0,
                        "duration": 2.0, **keys}
            return lambda s: s["inputs"].update(clamp={k: v for k, v in all_keys.items() if v is not None})

        self.each({
            "no length": (lambda s: s["run"].pop("tstop") and None, r"simulation\.json: run\.tstop is missing"),
            "no step": (lambda s: s["run"].pop("dt") and None, r"simulation\.json: run\.dt is missing"),
            "step 0": (run(dt=0), r"run\.dt: a step of 0 ms is out of range"),
            "step that does not divide": (run(dt=0.3), r"run\.tstop: 20 ms is not a multiple of run\.dt, 0\.3 ms"),
            "negative length": (run(tstop=-5.0), r"run\.tstop: a run of -5 ms is out of range"),
            "length in words": (run(tstop="long"), r"simulation\.json:\d+:\d+: run\.tstop: a plain finite number"),
            "seed below 0": (run(random_seed=-1), r"run\.random_seed: -1 is not a whole number"),
            "a misspelt section": (lambda s: s.update(inputz={}), r"inputz: is not read; did you mean 'inputs'"),
            "a late start": (run(tstart=5.0), r"simulation\.json:\d+:\d+: run\.tstart: runs begin at 0 ms"),
            "an unknown key of the run": (run(solver="fast"), r"run\.solver: is not read; remove it"),
            "a part of the circuit": (lambda s: s.update(node_set="some"), "node_set: leaves out cells of 'v1'"),
            "input of another type": (an_input(input_type="current_clamp"),
                                      "inputs of type 'current_clamp' by module 'h5' are not simulated"),
            "input from text": (an_input(module="csv"), r"module 'csv' is for files that end in \.csv"),
            "input of NWB": (an_input(module="nwb"), r"spikes from NWB files \(nwb\) are not read"),
            "input by extracellular electrodes": (an_input(module="xstim"), "by module 'xstim' are not simulated"),
            "input that begins late": (an_input(delay=5.0), r"inputs\.thalamus\.delay: spikes are replayed from 0 ms on"),
            "input that ends early": (an_input(duration=5.0), "thalamus.duration: spikes are replayed to the end"),
            "a trial of an input": (an_input(trial="trial_0"), "thalamus.trial: is not read; remove it"),
            "clamp without an amplitude": (clamp(amp=None), "'amp' is missing; a current clamp has amp, delay, duration"),
            "clamp with unequal lists": (clamp(amp=[1, 2]), r"inputs\.clamp\.delay: has 1 values where amp has 2"),
            "clamp between steps": (clamp(delay=1.05), r"1\.05 ms for 2 ms does not begin and end at whole steps of 0\.1 ms"),
            "clamp backwards": (clamp(amp=[1, 2], delay=[2, 1], duration=[1, 1]), "the delays of a clamp must ascend"),
            "clamp onto virtual cells": (clamp(node_set="lgn"), "all cells of the node set are virtual"),
            "clamp of NWB": (clamp(input_type="nwb"), "a current clamp of type 'nwb' is not read.*as a table"),
            "input onto real cells": (an_input(node_set="v1"), "cells of 'v1' are not virtual"),
            "input onto a part": (an_input(node_set={"population": "lgn", "node_id": [0]}), "is a part of 'lgn'"),
            "input onto nobody": (an_input(node_set="lgm"), "there is no node set or population 'lgm'; did you mean 'lgn'"),
            "report of nobody": (report(cells="sone"), "there is no node set or population 'sone'; did you mean 'some'"),
            "report of virtual cells": (report(cells="lgn"), "population 'lgn' is virtual"),
            "report of another variable": (report(variable_name="V"), "have no variable 'V'; they have V_m"),
            "report between steps": (report(dt=0.25), r"0\.25 ms is not a multiple of the step"),
            "report that starts late": (report(start_time=5.0), "reports begin at 0 ms"),
            "report that ends early": (report(end_time=5.0), "reports last to the end of the run, 20 ms"),
            "report of extracellular fields": (report(module="extracellular"), "only reports of cell variables"),
            "report with a path for a name": (lambda s: s["reports"].update({"../x": s["reports"].pop("potential")}),
                                              "'../x' cannot be the name of a file"),
        }, lambda edit: change_json(self.file("simulation.json"), edit))

    def test_node_sets(self):
        def some(value):
            return lambda s: s.update(some=value)

        self.each({
            "unknown population": (some({"population": "v2"}), r"node_sets\.json:\d+:\d+: .*no population 'v2'"),
            "an unknown limit": (some({"population": "v1", "node_type_id": {"$ne": 1}}), "the limits of a node set are"),
            "an expression and a limit": (some({"ei": {"$regex": "e", "$gt": 1}}), r"\$regex stands alone"),
            "no expression": (some({"ei": {"$regex": "e("}}), "regular expression"),
            "an expression that is long to find": (some({"ei": {"$regex": "(e{1,200}){1,200}"}}), "without {}"),
            "an expression of another kind": (some({"ei": {"$regex": r"\d"}}), "before a letter or digit"),
            "no such cell": (some({"population": "v1", "node_id": [6]}), "node 6 does not exist; the population has 6"),
            "half a cell": (some({"population": "v1", "node_id": 0.5}), "a whole number"),
            "unknown column": (some({"population": "v1", "layer": 4}), "has no column 'layer'"),
            "nobody": (some({"population": "v1", "ei": "x"}), "the node set is empty"),
            "circle": (some(["some"]), "refer to each other in a circle"),
        }, lambda edit: change_json(self.file("node_sets.json"), edit))

    def test_top_configuration(self):
        for text, pattern in {"": r"config\.json.*the file is empty", "[]": "is not a JSON object",
                              "{}": "neither 'network' .* nor 'networks'", "\x01": "is not UTF-8 text|byte 0x01",
                              '{"network": 5, "network": 6}': "here twice"}.items():
            with self.subTest(text):
                self.circuit()
                write_text(self.config, text)
                self.refused(pattern)

    def test_settings_of_the_command_line(self):
        self.circuit()
        self.refused(r"--set: run\.tmax: .*only run\.tstop, run\.dt and run\.random_seed", options=("--set", "run.tmax=5"))
        self.refused(r"--set: run\.tstop: '5 ms' is not a plain number", options=("--set", "run.tstop=5 ms"))


main()
