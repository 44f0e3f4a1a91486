"""Reference for BMTK's published circuit of 120 cells of NEST's iaf_psc_delta: its spikes, from event to event.

Between two arrivals the potential relaxes by a closed form, so nothing is integrated and no step is taken. Everything is read
here with h5py and csv from the files as they were published. Conventions, as in NEST:
- Times are whole steps of the circuit's 0.001 ms. A spike with stamp s and a delay of d steps arrives at stamp s + d.
- What arrives at a stamp is added up, then the threshold is compared; a spike has the stamp of its arrivals.
- For t_ref after the stamp of its spike a cell stays at V_reset, and what arrives is lost.
- Parameter files are empty: NEST's defaults. A weight (mV) is syn_weight times nsyns.
Writes sonata_120_events.txt beside this file, or into the folder argv[1].
"""
import csv
import heapq
import math
import pathlib
import sys

import h5py
import numpy

HERE = pathlib.Path(__file__).resolve().parent
CIRCUIT = HERE.parent.parent / "golden" / "bmtk" / "point_120cells"
STEP_MS, UNTIL_MS = 0.001, 3000.0
TAU_M_MS, E_L_MV, V_TH_MV, V_RESET_MV, T_REF_MS = 10.0, -70.0, -55.0, -70.0, 2.0


def read_edges(name, population):
    """For every source its (target, weight in mV, delay in steps)."""
    with open(CIRCUIT / "network" / (name + "_edge_types.csv"), newline="") as file:
        types = {int(row["edge_type_id"]): row for row in csv.DictReader(file, delimiter=" ")}
    out = {}
    with h5py.File(CIRCUIT / "network" / (name + "_edges.h5")) as file:
        group = file["edges"][population]
        columns = [group[c][:] for c in ("source_node_id", "target_node_id", "edge_type_id", "edge_group_index")]
        nsyns = group["0/nsyns"][:]
        for source, target, type_id, index in zip(*columns):
            row = types[int(type_id)]
            weight = numpy.float32(float(row["syn_weight"]) * int(nsyns[index]))
            out.setdefault(int(source), []).append((int(target), float(weight), round(float(row["delay"]) / STEP_MS)))
    return out


def main(folder):
    inside, outside = read_edges("cortex_cortex", "cortex_to_cortex"), read_edges("thalamus_cortex", "thalamus_to_cortex")
    with h5py.File(CIRCUIT / "inputs" / "thalamus_spikes.h5") as file:
        group = file["spikes/thalamus"]
        inputs = zip(group["node_ids"][:], group["timestamps"][:])
        stamps = [(int(i), math.floor(t / STEP_MS + 0.5)) for i, t in inputs]
    last, t_ref = round(UNTIL_MS / STEP_MS), round(T_REF_MS / STEP_MS)
    arrivals = [(s + d, target, w) for i, s in stamps for target, w, d in outside.get(i, [])]
    heapq.heapify(arrivals)
    v, at, free = [E_L_MV] * 120, [0] * 120, [0] * 120
    spikes = []
    while arrivals and arrivals[0][0] <= last:
        stamp, cell, weight = heapq.heappop(arrivals)
        while arrivals and arrivals[0][:2] == (stamp, cell):
            weight += heapq.heappop(arrivals)[2]
        if stamp <= free[cell]:
            continue
        begin = max(at[cell], free[cell])
        v[cell] = E_L_MV + (v[cell] - E_L_MV) * math.exp(-(stamp - begin) * STEP_MS / TAU_M_MS) + weight
        at[cell] = stamp
        if v[cell] >= V_TH_MV:
            spikes.append((stamp, cell))
            v[cell], free[cell] = V_RESET_MV, stamp + t_ref
            for target, w, d in inside.get(cell, []):
                heapq.heappush(arrivals, (stamp + d, target, w))
    lines = ["# command: python3 tests/physics/references/sonata_120_events.py", f"# spikes: {len(spikes)}",
             "# stamp of every spike, in steps of 0.001 ms, and its cell"]
    lines += [f"{stamp} {cell}" for stamp, cell in sorted(spikes)]
    (pathlib.Path(folder) / "sonata_120_events.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else HERE)
