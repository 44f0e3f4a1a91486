"""A network in NEURON: cells that are point processes of our own (neuron_cells/), NetCons, NetStims as Poisson input.

    /usr/bin/python3 neuron_peer.py REWIRE SCENARIO.yaml FOLDER THREADS SKIP_MS TIMED_MS REPEAT SCALE

compiles the cells into FOLDER (unless they are there), builds the network with SCALE times as many cells, each with all
its inputs, and prints JSON: for each of REPEAT stretches of TIMED_MS wall and processor seconds, and the mean rate.
NEURON keeps about half a kilobyte per synapse and takes seconds of building per million, hence SCALE."""
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import network as description  # noqa: E402

CELLS = Path(__file__).resolve().parent / "neuron_cells"


def compile_cells(folder):
    """The library of cells, compiled once. By hand, since Debian's nrnivmodl does not find its own makefile."""
    sources = {path.name: path.read_bytes() for path in CELLS.glob("*.mod")}
    kept = {path.name: path.read_bytes() for path in folder.glob("*.mod")}
    library = folder / "libcells.so"
    if sources == kept and library.exists():
        return library
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in sources.items():
        (folder / name).write_bytes(text)
        subprocess.run(["nocmodl", name], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                       env={**os.environ, "MODLUNIT": str(next(Path("/usr/share/nrn").rglob("nrnunits.lib")))})
    names = [Path(name).stem for name in sources]
    (folder / "register.c").write_text(
        "\n".join(f"extern void _{name}_reg(void);" for name in names) +
        "\nvoid modl_reg(void) {" + " ".join(f"_{name}_reg();" for name in names) + "}\n", encoding="utf-8")
    subprocess.run(["cc", "-O3", "-march=native", "-w", "-shared", "-fPIC", "-I.", "-o", library.name,
                    "register.c"] + [f"{name}.c" for name in names] + ["-L/usr/lib/nrn", "-lnrniv", "-Wl,-rpath,/usr/lib/nrn"], cwd=folder, check=True)
    return library


class Model:
    """The network in NEURON; whatever it consists of stays alive with it."""

    def __init__(self, net, h, threads):
        self.net, self.h, self.random = net, h, random.Random(1)
        self.sections = [h.Section(name=f"s{k}") for k in range(threads)]
        self.cells = [self.make_cell(k) for k in range(net.count)]
        self.connections = [c for pathway in net.pathways for c in self.connect(pathway)]
        self.stimuli = self.make_stimuli() if net.poisson_hz else []

    def make_cell(self, k):
        net, h = self.net, self.h
        cell = (h.LifCond if net.conductances else h.LifPsc)(self.sections[k % len(self.sections)](0.5))
        for name, value in net.cell.items():
            if hasattr(cell, name):
                setattr(cell, name, value)
        cell.tau_e, cell.tau_i = net.tau_exc_ms, net.tau_inh_ms
        if net.conductances:
            cell.E_e, cell.E_i, cell.nmda, cell.mg, cell.gamma = net.E_exc, net.E_inh, net.nmda_factor, net.mg_per_k, net.gamma
            cell.tau_n = net.tau_nmda_ms or 100.0
        return cell

    def draw_sources(self, pathway):
        """Of one cell."""
        sources = range(pathway.first, pathway.first + pathway.count)
        if pathway.indegree:
            return self.random.choices(sources, k=pathway.indegree)
        return [source for source in sources if self.random.random() < pathway.probability]

    def connect(self, pathway):
        h = self.h
        weight = -pathway.weight if pathway.inhibitory else pathway.weight
        for target in self.cells:
            for source in self.draw_sources(pathway):
                connection = h.NetCon(self.cells[source], target)
                connection.delay = pathway.delay_ms
                connection.weight[0] = weight
                yield connection

    def make_stimuli(self):
        h, stimuli = self.h, []
        for k, cell in enumerate(self.cells):
            stimulus = h.NetStim()
            stimulus.interval, stimulus.number, stimulus.start, stimulus.noise = 1e3 / self.net.poisson_hz, 1e12, 0, 1
            stimulus.noiseFromRandom123(k, 1, 2)
            connection = h.NetCon(stimulus, cell)
            connection.delay = self.net.step_ms
            connection.weight[0] = self.net.poisson_weight
            stimuli.append((stimulus, connection))
        return stimuli

    def start(self, threads):
        h = self.h
        context = h.ParallelContext()
        context.nthread(threads)
        for thread in range(threads):
            context.partition(thread, h.SectionList([self.sections[thread]]))
        h.dt = self.net.step_ms
        context.set_maxstep(min(p.delay_ms for p in self.net.pathways))
        h.finitialize()
        for cell in self.cells:
            cell.v_m = self.random.uniform(*self.net.v_start)
        return context

    def spikes(self):
        return sum(cell.n_spikes for cell in self.cells)


def main():
    rewire, scenario, folder = sys.argv[1:4]
    threads, skip_ms, timed_ms, repeat, scale = (kind(word) for kind, word in
                                                 zip((int, float, float, int, float), sys.argv[4:9]))
    library = compile_cells(Path(folder).resolve())
    from neuron import h
    h.nrn_load_dll(str(library))
    net = description.read(rewire, scenario).scaled(scale)
    begun = time.perf_counter()
    model = Model(net, h, threads)
    built = time.perf_counter() - begun
    context = model.start(threads)
    context.psolve(skip_ms)
    stretches, spikes = [], model.spikes()
    for k in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        context.psolve(skip_ms + (k + 1) * timed_ms)
        stretches.append({"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu})
    rate = (model.spikes() - spikes) / net.count / (1e-3 * repeat * timed_ms)
    print(json.dumps({"stretches": stretches, "rate_hz": rate, "build_s": built, "cells": net.count}))


if __name__ == "__main__":
    main()
