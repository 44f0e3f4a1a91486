"""Reference for the published circuit of 300 point neurons: its spikes, by a program that shares nothing with rewire.

Brian2 solves the cells of NEST's iaf_psc_alpha exactly over the circuit's own step of 0.01 ms. Everything is read here
with h5py, csv and json from the files as they were published. Conventions:
- A spike of Brian2's tick k is found after the step from k h to (k + 1) h, so its time stamp is (k + 1) h. With a delay
  of d steps it changes the state at stamp k + 1 + d.
- External spike times do not lie on the grid; each goes to the end of the step that it lies in. Before,
  they are rounded to microseconds, as in NEST: one that is less than half a microsecond behind the end of a step stays there.
- Cells are held at V_reset for t_ref after the stamp of their spike. Brian2 counts from the tick, one step earlier.
- NEST keeps the initial potential of -70 mV when a cell's E_L is set, and does not read conditions.v_init.
- A weight (pA) is the peak of the alpha-shaped current. Weights of either sign share one current, because both of NEST's
  time constants are 2 ms here. Edges without a delay have NEST's default, 1 ms.
Writes sonata_300_brian2.txt beside this file, or into the folder argv[1].
"""
import csv
import json
import math
import pathlib
import sys

import brian2
import h5py
import numpy
from brian2 import ms, mV, pA, pF

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent / "golden" / "sonata_300"
CIRCUIT = ROOT / "300_pointneurons"
NEST = ROOT / "shared_components" / "nest_models"
STEP_MS, UNTIL_MS, FIRST_MS = 0.01, 1500.0, 50.0
TAU_SYN_MS, V_INITIAL_MV, DELAY_MS = 2.0, -70.0, 1.0

EQUATIONS = """
dv/dt = (E_L - v) / tau_m + (current + I_e) / C_m : volt (unless refractory)
dcurrent/dt = drive - current / tau_syn : amp
ddrive/dt = -drive / tau_syn : amp / second
E_L : volt (constant)
V_th : volt (constant)
V_reset : volt (constant)
tau_m : second (constant)
C_m : farad (constant)
I_e : amp (constant)
held : second (constant)
"""


def read_types(name, key):
    """Rows of a table of types, by their ids."""
    with open(CIRCUIT / "network" / name, newline="") as file:
        return {int(row[key]): row for row in csv.DictReader(file, delimiter=" ")}


def read_nodes():
    """Node type of every cell, and the parameters of every type."""
    with h5py.File(CIRCUIT / "network" / "internal_nodes.h5") as file:
        group = file["nodes/internal"]
        assert (group["node_id"][:] == numpy.arange(300)).all()
        type_of = group["node_type_id"][:]
    types = read_types("internal_node_types.csv", "node_type_id")
    assert {row["model_template"] for row in types.values()} == {"nest:iaf_psc_alpha"}
    files = {t: NEST / "cell_models" / row["dynamics_params"] for t, row in types.items()}
    return type_of, {t: json.loads(path.read_text()) for t, path in files.items()}, types


def make_cells(type_of, parameters):
    cells = brian2.NeuronGroup(len(type_of), EQUATIONS, threshold="v >= V_th", reset="v = V_reset", refractory="held",
                               method="exact", namespace={"tau_syn": TAU_SYN_MS * ms})
    units = {"E_L": mV, "V_th": mV, "V_reset": mV, "tau_m": ms, "C_m": pF, "I_e": pA}
    for name, unit in units.items():
        setattr(cells, name, numpy.array([parameters[t][name] for t in type_of]) * unit)
    cells.held = (numpy.array([parameters[t]["t_ref"] for t in type_of]) + STEP_MS) * ms
    cells.v = V_INITIAL_MV * mV
    return cells


def make_external():
    """The published spike trains, as spikes of Brian2's ticks."""
    with h5py.File(CIRCUIT / "inputs" / "external_spike_trains.h5") as file:
        ids, times = file["spikes/gids"][:].astype(int), file["spikes/timestamps"][:]
    stamps = numpy.maximum(1, numpy.ceil((times - 0.0005) / STEP_MS).astype(int))
    kept = stamps <= round(UNTIL_MS / STEP_MS)
    return brian2.SpikeGeneratorGroup(100, ids[kept], (stamps[kept] - 1) * STEP_MS * ms)


def connect(source, target, name, population):
    types = read_types(name + "_edge_types.csv", "edge_type_id")
    assert {row["model_template"] for row in types.values()} == {"static_synapse"}
    with h5py.File(CIRCUIT / "network" / (name + "_edges.h5")) as file:
        group = file["edges"][population]
        weights, type_of = group["0/syn_weight"][:], group["edge_type_id"][:]
        sources, targets = group["source_node_id"][:], group["target_node_id"][:]
        assert (group["edge_group_index"][:] == numpy.arange(len(weights))).all()
    synapses = brian2.Synapses(source, target, "jump : amp / second (constant)", on_pre="drive_post += jump")
    synapses.connect(i=sources.astype(int), j=targets.astype(int))
    synapses.jump = weights * math.e / TAU_SYN_MS * (pA / ms)
    synapses.delay = numpy.array([float(types[t].get("delay", DELAY_MS)) for t in type_of]) * ms
    return synapses


def main(folder):
    brian2.defaultclock.dt = STEP_MS * ms
    type_of, parameters, types = read_nodes()
    cells, external = make_cells(type_of, parameters), make_external()
    inside = connect(cells, cells, "internal_internal", "internal_to_internal")
    outside = connect(external, cells, "external_internal", "external_to_internal")
    spikes = brian2.SpikeMonitor(cells)
    network = brian2.Network(cells, external, inside, outside, spikes)
    network.run(UNTIL_MS * ms)
    stamps = numpy.round(numpy.asarray(spikes.t / ms) / STEP_MS).astype(int) + 1
    ids = numpy.asarray(spikes.i)
    order = numpy.lexsort((ids, stamps))
    stamps, ids = stamps[order], ids[order]
    lines = [
        f"# brian2 {brian2.__version__}, exact integration, step {STEP_MS} ms, {UNTIL_MS:g} ms",
        "# command: python3 tests/physics/references/sonata_300_brian2.py",
        f"# spikes: {len(ids)}",
    ]
    for t in sorted(parameters):
        n = int((type_of == t).sum())
        count = int((type_of[ids] == t).sum())
        rate = count / n / (UNTIL_MS / 1000.0)
        lines.append(f"# node_type {t} {types[t]['model_name']}: cells {n} spikes {count} rate_Hz {rate:.9g}")
    lines.append(f"# stamp of every spike in the first {FIRST_MS:g} ms, in steps, and its cell")
    lines += [f"{s} {i}" for s, i in zip(stamps, ids) if s * STEP_MS < FIRST_MS]
    (pathlib.Path(folder) / "sonata_300_brian2.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else HERE)
