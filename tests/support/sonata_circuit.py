"""A small SONATA circuit that tests write, bend and run: six cells, three virtual ones, nine edges."""
import json
import os

import h5py
import numpy

NODE_TYPES = """\
node_type_id model_type model_template ei dynamics_params
1 point_neuron nest:iaf_psc_alpha e pyr.json
2 point_neuron nest:iaf_psc_alpha "i" pv.json
"""
VIRTUAL_TYPES = "node_type_id model_type\n7 virtual\n"
EDGE_TYPES = """\
edge_type_id target_query source_query delay dynamics_params model_template
10 * ei=='e' 1.5 NULL static_synapse
11 * ei=='i' 2.0 fast.json static_synapse
"""
INPUT_TYPES = "edge_type_id syn_weight delay model_template\n20 900.0 1.0 static_synapse\n"


def columns(group, **datasets):
    """Writes datasets, replacing those that are there."""
    for name, values in datasets.items():
        if name in group:
            attributes = dict(group[name].attrs)
            del group[name]
        else:
            attributes = {}
        group[name] = values
        group[name].attrs.update(attributes)


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)


def write_text(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def change_json(path, change):
    """Rewrites a JSON file after change(value)."""
    with open(path, encoding="utf-8") as file:
        value = json.load(file)
    change(value)
    write_json(path, value)


def write_nodes(path, **populations):
    """A nodes file: population=list of node type ids."""
    with h5py.File(path, "w") as file:
        for name, types in populations.items():
            columns(file.create_group(f"nodes/{name}"), node_type_id=numpy.array(types, dtype="u8"),
                    node_id=numpy.arange(len(types), dtype="u8"))


def write_edges(path, name, source, target, sources, targets, types, weights=None):
    """An edges file with one population."""
    n = len(sources)
    with h5py.File(path, "w") as file:
        group = file.create_group(f"edges/{name}")
        columns(group, source_node_id=numpy.array(sources, dtype="u8"), target_node_id=numpy.array(targets, dtype="u8"),
                edge_type_id=numpy.array(types, dtype="u4"), edge_group_id=numpy.zeros(n, dtype="u2"),
                edge_group_index=numpy.arange(n, dtype="u4"))
        group["source_node_id"].attrs["node_population"] = source
        group["target_node_id"].attrs["node_population"] = target
        attributes = group.create_group("0")
        if weights is not None:
            columns(attributes, syn_weight=numpy.array(weights, dtype="f8"))


def write_spikes(path, population, times, ids):
    """A spikes file of today's layout, or of the first SONATA's if `population` is None."""
    with h5py.File(path, "w") as file:
        group = file.create_group("spikes" if population is None else f"spikes/{population}")
        columns(group, timestamps=numpy.array(times, dtype="f8"),
                **{"gids" if population is None else "node_ids": numpy.array(ids, dtype="u8")})


def write_circuit(folder):
    """Writes the circuit into `folder` and returns the path of its config.json."""
    def path(*parts):
        return os.path.join(folder, *parts)

    for part in ("network", "cells", "synapses"):
        os.makedirs(path(part))
    write_json(path("config.json"), {"network": "./circuit.json", "simulation": "./simulation.json"})
    write_json(path("circuit.json"), {
        "manifest": {"$NETWORK": "./network"},
        "components": {"point_neuron_models_dir": "./cells", "synaptic_models_dir": "synapses"},
        "networks": {
            "nodes": [{"nodes_file": "$NETWORK/nodes.h5", "node_types_file": "$NETWORK/node_types.csv"},
                      {"nodes_file": "$NETWORK/virtual.h5", "node_types_file": "$NETWORK/virtual_types.csv"}],
            "edges": [{"edges_file": "$NETWORK/edges.h5", "edge_types_file": "$NETWORK/edge_types.csv"},
                      {"edges_file": "$NETWORK/input.h5", "edge_types_file": "$NETWORK/input_types.csv"}]},
        "target_simulator": "NEST"})
    write_json(path("simulation.json"), {
        "manifest": {"$BASE": ".", "$INPUT": "$BASE"}, "run": {"tstop": 20.0, "dt": 0.1},
        "node_sets_file": "$BASE/node_sets.json",
        "inputs": {"thalamus": {"input_type": "spikes", "module": "h5", "input_file": "${INPUT}/spikes.h5",
                                "node_set": "lgn"}},
        "reports": {"potential": {"cells": "some", "variable_name": "V_m", "module": "membrane_report", "dt": 0.5}}})
    write_json(path("node_sets.json"), {"some": {"population": "v1", "node_id": [0, 5]},
                                        "exc": {"population": "v1", "ei": "e"}})
    write_json(path("cells", "pyr.json"), {"tau_m": 20.0, "E_L": -70.0, "V_reset": -65.0, "V_th": -50.0})
    write_json(path("cells", "pv.json"), {"tau_m": 10.0, "C_m": 100.0})
    write_json(path("synapses", "fast.json"), {"delay": 0.5})
    write_text(path("network", "node_types.csv"), NODE_TYPES)
    write_text(path("network", "virtual_types.csv"), VIRTUAL_TYPES)
    write_text(path("network", "edge_types.csv"), EDGE_TYPES)
    write_text(path("network", "input_types.csv"), INPUT_TYPES)
    write_nodes(path("network", "nodes.h5"), v1=[1, 1, 1, 1, 2, 2])
    write_nodes(path("network", "virtual.h5"), lgn=[7, 7, 7])
    write_edges(path("network", "edges.h5"), "v1_to_v1", "v1", "v1", [0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0],
                [10, 10, 10, 10, 11, 11], [10.0, 20.0, 30.0, 40.0, -50.0, -60.0])
    write_edges(path("network", "input.h5"), "lgn_to_v1", "lgn", "v1", [0, 1, 2], [0, 1, 4], [20, 20, 20])
    write_spikes(path("spikes.h5"), None, [1.0, 2.04, 2.06, 30.0, 1.0], [0, 0, 1, 2, 2])
    return path("config.json")
