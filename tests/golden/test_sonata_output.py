"""Results are SONATA that independent readers open, and two equal runs leave the same bytes."""
import filecmp
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main, patience, rewire, run_json, start  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402
import sonata_checker  # noqa: E402

try:
    warnings.simplefilter("ignore")
    import pyNN.mock
    from pyNN.serialization import import_from_sonata
except ImportError:
    import_from_sonata = None

# Populations are large enough for seven threads to have cells of their own (a thread owns blocks of 16).
# Currents, weights over many orders of magnitude, rewiring, space, reports; a population of one cell, a projection
# without synapses, one that starts without.
CURRENTS = """
rewire: 1
title: a "title" with \\\\ signs
seed: 3
time: {step: 0.1 ms, until: 200 ms}
space: {size: [500 um, 500 um], periodic: true}
populations:
  exc: {model: lif_psc_exp, count: 120, set: {I_e: {uniform: [380 pA, 520 pA]}}}
  inh: {model: lif_psc_exp, count: 40, set: {I_e: 450 pA, V_m: {uniform: [-70 mV, -55 mV]}}}
  one: {model: lif_psc_exp, count: 1}
projections:
  - {name: grown, from: exc, to: exc, connect: {rule: none}, weight: 20 pA, delay: 1.5 ms, receptors: {exc: 1}, rewire: {kernel: gaussian, sigma: 200 um}}
  - {name: drawn, from: exc, to: inh, connect: {rule: pairwise_bernoulli, p: 0.3}, weight: {lognormal: [1 pA, 1e9 pA]}, delay: {uniform: [1 ms, 3 ms]}, receptors: {exc: 1}}
  - {name: twice, from: inh, to: exc, connect: {rule: fixed_indegree, n: 9, multapses: true}, weight: -50 pA, delay: 1 ms, receptors: {inh: 1}}
  - {name: empty, from: inh, to: one, connect: {rule: none}, weight: -50 pA, delay: 1 ms, receptors: {inh: 1}}
  - {name: single, from: one, to: one, connect: {rule: all_to_all, autapses: true}, weight: 5 pA, delay: 1 ms, receptors: {exc: 1}}
growth:
  - {on: exc.axon, model: gaussian, eta: 0, target: 30 Hz, nu: 0.02 /ms}
  - {on: exc.dendrite_exc, model: gaussian, eta: 0, target: 30 Hz, nu: 0.02 /ms}
structure: {every: 10 ms, growth_every: 10 ms, tau_Ca: 100 ms, beta_Ca: 0.1}
record:
  snapshots: {every: 50 ms}
  series: {every: 10 ms}
  reports:
    - {name: vm, of: exc, variable: V_m, every: 1 ms, targets: {fraction: 0.2}}
    - {name: calcium, of: exc, variable: calcium, every: 7 ms}
    - {name: lonely, of: one, variable: V_m, every: 0.1 ms}
"""

# Conductances, two receptors at one synapse, a blockade, virtual cells, no space.
CONDUCTANCES = """
rewire: 1
time: {step: 0.1 ms, until: 100 ms}
populations:
  pyr: {model: lif_cond, count: 112}
  pv: {model: lif_cond, count: 32}
  silent: {model: spikes, count: 5}
projections:
  - {from: pyr, to: pv, connect: {rule: pairwise_bernoulli, p: 0.1}, weight: {lognormal: [0.5 nS, 0.3 nS]}, delay: 1.5 ms, receptors: {ampa: 1, nmda: 0.4}}
  - {from: pv, to: pyr, connect: {rule: pairwise_bernoulli, p: 0.1}, weight: 1 nS, delay: 1 ms, receptors: {gaba_a: 1}}
  - {from: silent, to: pyr, connect: {rule: all_to_all}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1}}
inputs:
  - {to: pyr, kind: poisson, rate: 9 kHz, weight: 1.5 nS, receptors: {ampa: 1}}
blockade:
  - {receptor: nmda, on: pv, factor: {table: [[0 ms, 1], [100 ms, 0.5]]}}
record:
  spikes: [pyr]
  series: {every: 10 ms}
"""


class Output(Case):
    def simulate(self, text, name="run", *words, threads=1):
        scenario = self.write("scenario.yaml", text)
        # waiting threads sleep, because the tests may share few cores
        self.works("run", scenario, "-o", self.path(name), "--quiet", "--threads", threads, *words,
                   env={"OMP_WAIT_POLICY": "passive"})
        return self.path(name)

    def files(self, directory):
        return sorted(os.path.relpath(os.path.join(folder, name), directory)
                      for folder, _, names in os.walk(directory) for name in names if name != "run.json")


class Sonata(Output):
    def assert_conforms(self, directory):
        self.assertEqual(list(sonata_checker.check_result(directory)), [])

    def test_currents_conform(self):
        directory = self.simulate(CURRENTS)
        self.assert_conforms(directory)
        with h5py.File(os.path.join(directory, "spikes.h5")) as file:
            self.assertGreater(len(file["spikes/exc/timestamps"]), 100)
        with h5py.File(os.path.join(directory, "reports", "vm.h5")) as file:
            self.assertEqual(file["report/exc/data"].shape, (201, 24))
        with h5py.File(os.path.join(directory, "reports", "lonely.h5")) as file:
            self.assertEqual(file["report/one/data"].shape, (2001, 1))
        with h5py.File(os.path.join(directory, "edges", "edges.t000000000000.h5")) as file:
            self.assertEqual(len(file["edges/empty/edge_type_id"]), 0)
            self.assertEqual(len(file["edges/grown/edge_type_id"]), 0)
            self.assertEqual(len(file["edges/single/edge_type_id"]), 1)
            self.assertEqual(len(file["edges/twice/edge_type_id"]), 1080)
            self.assertEqual(file["edges/twice/0/syn_weight"].attrs["units"], "pA")
        with h5py.File(os.path.join(directory, "edges", "edges.t000000002000.h5")) as file:
            self.assertGreater(len(file["edges/grown/edge_type_id"]), 0)

    def test_conductances_conform(self):
        directory = self.simulate(CONDUCTANCES)
        self.assert_conforms(directory)
        with h5py.File(os.path.join(directory, "spikes.h5")) as file:
            self.assertEqual(list(file["spikes"]), ["pyr"])
            self.assertGreater(len(file["spikes/pyr/timestamps"]), 10)
        with h5py.File(os.path.join(directory, "series.h5")) as file:
            numpy.testing.assert_allclose(file["blockade/0/factor"][[0, 5, 10]], [1, 0.75, 0.5])
            self.assertEqual(file["blockade/0"].attrs["receptor"], "nmda")

    def test_a_published_circuit_conforms_when_written_again(self):
        config = os.path.join(HERE, "sonata_300", "300_pointneurons", "config.json")
        directory = self.path("run")
        self.works("run", config, "-o", directory, "--quiet", "--threads", 1, "--set", "run.tstop=20")
        self.assert_conforms(directory)
        with h5py.File(os.path.join(directory, "edges", "edges.t000000000000.h5")) as file:
            self.assertEqual(sum(len(group["edge_type_id"]) for group in file["edges"].values()), 48432)
        with open(os.path.join(directory, "simulation_config.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["inputs"], {"external": {
                "input_type": "spikes", "module": "sonata", "input_file": "$BASE_DIR/spikes.h5", "node_set": "external"}})

    def test_the_checker_finds_damage(self):
        whole = self.simulate(CURRENTS)

        def edit(file, function):
            def damage(directory):
                with h5py.File(os.path.join(directory, file), "r+") as content:
                    function(content)
            return damage

        def replace(path, change):
            def function(content):
                values, attributes = change(content[path][()]), dict(content[path].attrs)
                del content[path]
                content[path] = values
                for key, value in attributes.items():
                    content[path].attrs[key] = value
            return function

        def remove(path):
            return lambda content: content.__delitem__(path)

        def swap(values):
            values[[0, 8]] = values[[8, 0]]  # the first and the last edge onto target 0
            return values

        edges, final = "edges/edges.t000000000000.h5", "edges/edges.t000000002000.h5"
        damages = {
            "magic": edit("nodes.h5", lambda content: content.attrs.__setitem__("magic", numpy.uint32(7))),
            "node_type_id: has type uint32": edit("nodes.h5", replace("nodes/exc/node_type_id", lambda v: v.astype("u4"))),
            "node_group_index: is missing": edit("nodes.h5", remove("nodes/exc/node_group_index")),
            "node_id does not count": edit("nodes.h5", replace("nodes/exc/node_id", lambda v: v[::-1])),
            "node_id_to_range: is missing": edit(edges, remove("edges/drawn/indices/source_to_target/node_id_to_range")),
            "syn_weight: has type float64": edit(edges, replace("edges/drawn/0/syn_weight", lambda v: v.astype("f8"))),
            "does not exist": edit(edges, replace("edges/drawn/source_node_id", lambda v: v + numpy.uint64(120))),
            "not sorted by (target": edit(final, replace("edges/twice/source_node_id", swap)),
            "edges of another node": edit(edges, replace("edges/twice/indices/target_to_source/range_to_edge_id", swap)),
            "every edge exactly once": edit(edges, replace("edges/twice/indices/target_to_source/range_to_edge_id",
                                                           lambda v: numpy.maximum(v, 1))),
            "sorting is not the enumeration": edit("spikes.h5", lambda content: content["spikes/exc"].attrs.__setitem__(
                "sorting", "by_time")),
            "not sorted by (time": edit("spikes.h5", replace("spikes/exc/timestamps", lambda v: v[::-1])),
            "no UTF-8 attribute units": edit("reports/vm.h5", lambda content: content["report/exc/data"].attrs.__delitem__(
                "units")),
            "does not fit": edit("reports/vm.h5", replace("report/exc/mapping/time", lambda v: v * [1, 2, 1])),
            "checksum": edit(final, lambda content: content.attrs.__setitem__("more", 1)),
            "no rows for the types": lambda directory: self.cut(os.path.join(directory, "edge_types.csv")),
        }
        for breach, damage in damages.items():
            damaged = shutil.copytree(whole, self.path("damaged"))
            damage(damaged)
            found = "\n".join(sonata_checker.check_result(damaged))
            self.assertIn(breach, found)
            shutil.rmtree(damaged)

    @staticmethod
    def cut(path):
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines[:-1])


class Peers(Output):
    def setUp(self):
        super().setUp()
        self.needs(import_from_sonata, "PyNN (Debian: python3-pynn) is")
        self.addCleanup(os.chdir, os.getcwd())

    def import_result(self, directory):
        os.chdir(directory)  # PyNN takes relative paths from the current folder
        pyNN.mock.setup(timestep=0.1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return import_from_sonata("circuit_config.json", pyNN.mock)

    def assert_same_edges(self, network, directory, names, inhibitory):
        """What PyNN read is what the file says, number by number; its weights are in nA and uS."""
        projections = {projection.label: projection for projection in network.projections}
        self.assertEqual(set(projections), {f"{name}-0" for name in names})
        with h5py.File(os.path.join(directory, "edges", "edges.t000000000000.h5")) as file:
            for name in names:
                group = file["edges"][name]
                self.assertEqual(projections[f"{name}-0"].receptor_type,
                                 "inhibitory" if name == inhibitory else "excitatory", name)
                ours = numpy.array([group["source_node_id"], group["target_node_id"], group["0/syn_weight"],
                                    group["0/delay"]]).T * [1, 1, 1e-3, 1]
                theirs = numpy.array(projections[f"{name}-0"].get(["weight", "delay"], "list"))
                self.assertEqual(len(theirs), len(ours), name)
                numpy.testing.assert_allclose(sorted(map(tuple, theirs)), sorted(map(tuple, ours)), rtol=1e-6)

    def assert_cells(self, network, label, cell, **parameters):
        """Every parameter of PyNN's cells, in PyNN's units."""
        assembly = network.get_component(label)
        self.assertEqual([type(population.celltype).__name__ for population in assembly.populations], [cell])
        self.assertEqual(set(parameters), set(assembly.populations[0].celltype.default_parameters))
        for name, value in parameters.items():
            numpy.testing.assert_allclose(assembly.get(name, simplify=False), numpy.broadcast_to(value, assembly.size), rtol=1e-12,
                                          err_msg=name)

    def test_pynn_reads_currents(self):
        directory = self.simulate(CURRENTS)
        network = self.import_result(directory)
        self.assertEqual({a.label: a.size for a in network.assemblies}, {"exc": 120, "inh": 40, "one": 1})
        self.assert_same_edges(network, directory, ("drawn", "twice", "single"), inhibitory="twice")
        with h5py.File(os.path.join(directory, "nodes.h5")) as file:
            drive = file["nodes/exc/0/dynamics_params/I_e"][:]
        self.assertGreater(len(set(drive.tolist())), 100)
        same = {"cm": 0.25, "tau_m": 10, "v_rest": -70, "v_thresh": -55, "v_reset": -70, "tau_refrac": 2, "tau_syn_E": 2,
                "tau_syn_I": 2}
        self.assert_cells(network, "exc", "IF_curr_exp", i_offset=drive / 1000, **same)
        self.assert_cells(network, "inh", "IF_curr_exp", i_offset=0.45, **same)

    def test_pynn_reads_alpha_currents_and_conductances(self):
        alpha = CURRENTS.replace("lif_psc_exp", "lif_psc_alpha").replace("I_e: 450 pA", "I_e: 450 pA, tau_syn_in: 7 ms")
        network = self.import_result(self.simulate(alpha, "alpha"))
        self.assert_cells(network, "inh", "IF_curr_alpha", i_offset=0.45, cm=0.25, tau_m=10, v_rest=-70, v_thresh=-55,
                          v_reset=-70, tau_refrac=2, tau_syn_E=2, tau_syn_I=7)
        text = CONDUCTANCES.replace(", nmda: 0.4", "").replace("{receptor: nmda, ", "{receptor: ampa, ")
        text = text.replace("{model: lif_cond, count: 32}", "{model: lif_cond, count: 32, receptors: {gaba_a: {E_rev: -81 mV}}, "
                            "set: {g_L: {uniform: [9 nS, 21 nS]}}}")
        text = text.replace("  - {from: silent", "  - {from: pv, to: pv, connect: {rule: one_to_one, autapses: true}, weight: 1 nS, "
                            "delay: 1 ms, receptors: {gaba_a: 0.5}}\n  - {from: silent")
        directory = self.simulate(text, "conductances")
        network = self.import_result(directory)
        self.assertEqual({a.label: a.size for a in network.assemblies}, {"pyr": 112, "pv": 32, "silent": 5})
        with h5py.File(os.path.join(directory, "nodes.h5")) as file:
            ours = {name: data[:] for name, data in file["nodes/pv/0/dynamics_params"].items()}
        self.assert_cells(network, "pv", "IF_cond_exp", cm=ours["C_m"] / 1000, tau_m=ours["C_m"] / ours["g_L"],
                          v_rest=ours["E_L"], v_thresh=ours["V_th"], v_reset=ours["V_reset"], tau_refrac=ours["t_ref"],
                          i_offset=ours["I_e"] / 1000, tau_syn_E=ours["ampa.tau_decay"], tau_syn_I=ours["gaba_a.tau_decay"],
                          e_rev_E=ours["ampa.E_rev"], e_rev_I=-81.0)
        half = next(p for p in network.projections if p.label == "pv__pv__gaba_a-0")
        numpy.testing.assert_allclose(half.get("weight", "list", with_address=False), 0.0005)

    def test_pynn_refuses_what_it_does_not_have(self):
        for name, text, what in (("nmda", CONDUCTANCES, "rewire:?.*lif_cond|not: rewire"),
                                 ("adex", CONDUCTANCES.replace("lif_cond", "adex"), "not: rewire")):
            with self.subTest(name):
                with self.assertRaisesRegex(NotImplementedError, what):
                    self.import_result(self.simulate(text, name))


class Equality(Output):
    def assert_same_bytes(self, a, b):
        self.assertEqual(self.files(a), self.files(b))
        self.assertEqual(filecmp.cmpfiles(a, b, self.files(a), shallow=False)[1:], ([], []))

    def test_equal_runs_leave_equal_bytes_on_any_number_of_threads(self):
        for text in (CURRENTS, CONDUCTANCES):
            one = self.simulate(text, "one")
            for name, threads in (("again", 1), ("two", 2), ("three", 3), ("seven", 7)):
                other = self.simulate(text, name, threads=threads)
                self.assert_same_bytes(one, other)
                self.assertEqual(rewire("diff", one, other).returncode, 0)
                shutil.rmtree(other)
            shutil.rmtree(one)

    def test_diff_tells_file_dataset_index_and_values(self):
        one = self.simulate(CURRENTS, "one")
        for path, place, pattern in (("spikes.h5", "spikes/exc/node_ids", r"spikes\.h5: /spikes/exc/node_ids\[3\]: "),
                                     ("series.h5", "populations/exc/rate", r"series\.h5: /populations/exc/rate\[3\]: ")):
            other = shutil.copytree(one, self.path("other"))
            with h5py.File(os.path.join(other, path), "r+") as file:
                before = file[place][3].item()
                file[place][3] = before + 1
            done = rewire("diff", one, other)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stdout, pattern + f"{str(before)[:6]}.* against {str(before + 1)[:6]}")
            shutil.rmtree(other)

    def test_another_scenario_is_told_with_the_difference(self):
        done = rewire("diff", self.simulate(CURRENTS, "one"), self.simulate(CURRENTS, "two", "--set", "seed=4"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"The scenarios differ, too: scenario\.yaml: line \d+: seed: 3 against seed: 4")

    def test_diff_of_what_is_no_result_is_an_error(self):
        os.mkdir(self.path("empty"))
        self.fails(2, "no run.json", "diff", self.path("empty"), self.path("empty"))
        self.fails(3, "No such file", "diff", self.path("nowhere"), self.path("empty"))

    def test_the_manifest_lists_every_file_with_its_checksum(self):
        directory = self.simulate(CURRENTS)
        manifest = run_json(directory)
        self.assertEqual(sorted(entry["file"] for entry in manifest["files"]), self.files(directory))
        for entry in manifest["files"]:
            with open(os.path.join(directory, entry["file"]), "rb") as file:
                content = file.read()
            self.assertEqual((len(content), hashlib.sha256(content).hexdigest()), (entry["bytes"], entry["sha256"]))
        for key in ("engine_version", "git_describe", "build_type", "compiler", "cflags", "hdf5_version", "mpi_version",
                    "openmp_version", "config_text", "config_resolved", "config_sha256", "seed", "command_line", "n_ranks",
                    "n_threads", "hostname", "slurm_job_id", "start", "end", "wall_s", "phases_s"):
            self.assertIn(key, manifest)
        self.assertEqual((manifest["status"], manifest["message"], manifest["step_reached"]), ("done", None, 2000))
        self.assertEqual(manifest["title"], 'a "title" with \\\\ signs')


class FullDisk(Output):
    def setUp(self):
        super().setUp()
        self.disk = self.path("disk")
        os.mkdir(self.disk)

    def mount(self, size):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.disk], capture_output=True,
                              check=False)
        if done.returncode != 0:
            self.skipTest("this machine lets nobody mount a file system")

    def test_a_full_disk_is_told_in_run_json_and_every_file_with_its_final_name_is_whole(self):
        # without journals it is HDF5 that meets the end of the disk
        scenario = self.write("scenario.yaml", CURRENTS.replace("until: 200 ms", "until: 20 s") + "checkpoint: none\n")
        for size in ("256k", "500k", "900k"):
            self.mount(size)
            try:
                self.check_full(scenario, os.path.join(self.disk, "run"))
            finally:
                subprocess.run(["umount", self.disk], check=True)

    def check_full(self, scenario, directory):
        done = self.fails(3, r"\.part: cannot .*No space left on device; free space there", "run", scenario, "-o",
                          directory, "--quiet", "--threads", 1)
        failed = re.search(directory + r"/(.*)\.part: cannot", done.stderr).group(1)
        manifest = run_json(directory)
        self.assertEqual(manifest["status"], "failed")
        self.assertRegex(manifest["message"], "No space left on device")
        whole = [name for name in self.files(directory) if not name.endswith(".part")]
        self.assertEqual(whole, sorted(entry["file"] for entry in manifest["files"]))
        self.assertNotIn(failed, whole)
        for name in whole:
            if name.endswith(".h5"):
                with h5py.File(os.path.join(directory, name), "r") as file:
                    file.visititems(lambda _, item: item[()] if isinstance(item, h5py.Dataset) else None)


class Killed(Output):
    def test_a_killed_run_leaves_parts_that_open_and_nothing_that_looks_whole(self):
        directory = self.path("run")
        text = CURRENTS.replace("until: 200 ms", "until: 100 s").replace("every: 50 ms", "every: 50 s")
        process = start("run", self.write("scenario.yaml", text), "-o", directory, "--quiet", "--threads", "1")
        deadline = time.monotonic() + patience(200)
        while self.longest(os.path.join(directory, "reports", "lonely.h5.part")) < 100:  # the last file of a flush
            self.assertIsNone(process.poll(), "the run ended too early")
            self.assertLess(time.monotonic(), deadline, "nothing is flushed")
            time.sleep(0.2)
        process.kill()
        process.communicate()
        self.assertEqual(run_json(directory)["status"], "running")
        for name in ("spikes.h5", "series.h5", "edge_events.h5", "reports/vm.h5"):
            self.assertFalse(os.path.exists(os.path.join(directory, name)))
            self.assertGreater(self.longest(os.path.join(directory, name + ".part")), 100, name)

    def longest(self, path):
        """Rows of the longest dataset of a copy of the file, because a running writer locks it; 0 if there is none."""
        rows = [0]
        try:
            with h5py.File(shutil.copy(path, self.path("copy.h5")), "r") as file:
                file.visititems(lambda _, item: rows.append(len(item)) if isinstance(item, h5py.Dataset) else None)
        except OSError:
            return 0
        return max(rows)


if __name__ == "__main__":
    main()
