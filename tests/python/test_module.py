"""The Python module against the files and the numbers of the C program, read here without it."""
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import unittest
import unittest.mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "engine", "python"))
from program import REWIRE, Case, is_sanitized, main, need  # noqa: E402

need("pandas", "scipy", "xarray", "h5netcdf", "matplotlib")
os.environ["REWIRE_PROGRAM"] = REWIRE
os.environ.setdefault("MPLBACKEND", "Agg")

import h5py  # noqa: E402
import numpy as np  # noqa: E402

import rewire  # noqa: E402

SCENARIO = """\
rewire: 1
title: a small network that rewires
seed: 5
time: {step: 0.1 ms, until: 2 s}
populations:
  e: {model: lif_psc_exp, count: 80, set: {V_m: {uniform: [-70 mV, -55 mV]}}}
  i: {model: lif_psc_exp, count: 20}
projections:
  - {name: ee, from: e, to: e, connect: {rule: fixed_indegree, n: 8}, weight: {normal: [30 pA, 5 pA]}, delay: 1.5 ms,
     receptors: {exc: 1}, rewire: {kernel: none}}
  - {name: ei, from: e, to: i, connect: {rule: fixed_indegree, n: 8}, weight: 30 pA, delay: 1.5 ms, receptors: {exc: 1}}
inputs:
  - {to: e, kind: poisson, rate: 5000 Hz, weight: 30 pA, receptors: {exc: 1}}
  - {to: i, kind: current, amplitude: 300 pA}
growth:
  - {on: e.axon, model: linear, target: 1 Hz, nu: 4e-3 /ms}
  - {on: e.dendrite_exc, model: linear, target: 1 Hz, nu: 4e-3 /ms}
structure: {every: 100 ms, growth_every: 10 ms, tau_Ca: 500 ms, beta_Ca: 0.01}
record: {spikes: all, snapshots: {every: 500 ms}, series: {every: 100 ms}}
"""

SWEEP = """\
sweep: 1
title: drive
scenario: small.yaml
parameters:
  drive: {set: inputs.1.amplitude, values: [300 pA, 500 pA]}
replicates: 2
measure: {windows: {late: [1 s, 2 s]}}
run: {threads: 1, keep: all}
"""


class Module(Case):
    def setUp(self):
        super().setUp()
        self.scenario = self.write("small.yaml", SCENARIO)
        self.out = self.path("out")

    def run_it(self, **options):
        return rewire.run(self.scenario, self.out, threads=1, progress=False, **options)

    def test_a_run_is_that_of_the_program(self):
        self.works("run", self.scenario, "-o", self.path("by_program"), "--set", "seed=9", "--quiet")
        seen = []
        result = rewire.run(self.scenario, self.out, set={"seed": 9}, threads=2, progress=seen.append)
        self.assertEqual(result.status, "done")
        self.works("diff", self.path("by_program"), self.out)
        self.assertTrue(all(0.0 <= share <= 1.0 for share in seen))

    def test_a_scenario_may_be_a_dictionary(self):
        import yaml
        self.run_it()
        for name, scenario in {"read": rewire.read_scenario(self.scenario), "yaml": yaml.safe_load(SCENARIO)}.items():
            rewire.run(scenario, self.path(name), threads=1, progress=False)
            self.works("diff", self.out, self.path(name))

    def test_numbers_of_numpy_are_numbers(self):
        import yaml
        self.run_it(set={"seed": 9})
        scenario = {**yaml.safe_load(SCENARIO), "seed": np.int64(9)}
        rewire.run(scenario, self.path("numpy"), set={"populations.e.count": np.array([80])[0]}, threads=1, progress=False)
        self.works("diff", self.out, self.path("numpy"))

    @unittest.skipIf(is_sanitized(), "its library cannot be loaded into a Python without sanitizers")
    def test_a_module_that_lies_elsewhere_finds_the_library_of_the_program(self):
        shutil.copytree(os.path.dirname(rewire.__file__), self.path("elsewhere", "rewire"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REWIRE_")}
        environment.update(PYTHONPATH=self.path("elsewhere"), PATH=os.path.dirname(REWIRE) + os.pathsep + environment["PATH"])
        code = f"import rewire; run = rewire.Run({self.scenario!r}, threads=1); print(rewire.program(), run.end)"
        done = subprocess.run([sys.executable, "-c", code], cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assertEqual(done.stdout, f"{REWIRE} 2000.0\n", done.stderr)

    def test_a_result_is_replaced_only_if_that_is_asked_for(self):
        self.run_it(set={"time.until": "100 ms"})
        with self.assertRaisesRegex(rewire.InputError, "overwrite=True replaces it"):
            self.run_it(set={"time.until": "200 ms"})
        self.assertEqual(self.run_it(set={"time.until": "200 ms"}, overwrite=True).run_info["step_reached"], 2000)
        other = self.path("other")
        os.makedirs(other)
        with open(os.path.join(other, "scenario.yaml"), "w", encoding="utf-8"):
            pass  # something else than a result is nobody's to remove
        with self.assertRaises(rewire.InputError):
            rewire.run(self.scenario, other, overwrite=True, progress=False)
        self.assertTrue(os.path.exists(os.path.join(other, "scenario.yaml")))

    def overwriting_is_refused(self, pattern, scenario=None):
        """The run is refused, and what was there before is there, with nothing beside it."""
        before = {name: os.stat(os.path.join(self.out, name)).st_ino for name in os.listdir(self.out)}
        beside = sorted(os.listdir(self.folder))
        with self.assertRaisesRegex(rewire.InputError, pattern):
            rewire.run(scenario or self.scenario, self.out, set={"time.until": "100 ms"}, overwrite=True, progress=False)
        self.assertEqual({name: os.stat(os.path.join(self.out, name)).st_ino for name in os.listdir(self.out)}, before)
        self.assertEqual(sorted(os.listdir(self.folder)), beside)

    def test_a_result_is_there_until_another_one_takes_its_place(self):
        self.run_it(set={"time.until": "100 ms"})
        self.overwriting_is_refused(r"untill: unknown key", self.write("wrong.yaml", SCENARIO.replace("until:", "untill:")))
        self.overwriting_is_refused("until: unknown key|must be", {"rewire": 1, "time": 3})
        self.overwriting_is_refused("would remove .*which the run needs", os.path.join(self.out, "scenario.yaml"))
        os.symlink(os.path.join(self.out, "scenario.yaml"), self.path("link.yaml"))
        self.overwriting_is_refused("would remove .*which the run needs", self.path("link.yaml"))
        with unittest.mock.patch.object(rewire.running, "program", side_effect=rewire.InputError("no program")):
            self.overwriting_is_refused("no program")

    def test_a_run_that_goes_on_is_not_replaced(self):
        self.run_it(set={"time.until": "100 ms"})
        path = os.path.join(self.out, "run.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**manifest, "status": "running"}, file)
        self.overwriting_is_refused("holds a run that has not ended; wait for it")

    def test_a_new_result_that_is_not_whole_replaces_the_old_one(self):
        self.run_it(set={"time.until": "100 ms"})
        with self.assertRaises(KeyboardInterrupt):
            rewire.run(self.scenario, self.out, set={"time.until": "100 s"}, overwrite=True, threads=1, progress=self.interrupt)
        self.assertEqual(rewire.open(self.out).status, "interrupted")
        self.assertEqual([name for name in os.listdir(self.folder) if ".old-" in name], [])

    @staticmethod
    def interrupt(_):
        """As a key does, once the run shows how far it is."""
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    def test_a_message_about_a_dictionary_names_no_file(self):
        with self.assertRaisesRegex(rewire.InputError, r"^the scenario:1:7: seed: must be"):
            rewire.run({"seed": "s", "rewire": 1, "time": {"until": "1 s"}, "populations": {"e": {"model": "lif_cond", "count": 1}}}, self.out, progress=False)

    def test_a_warning_of_the_program_is_a_warning(self):
        wide = {"projections.ee.weight": {"normal": ["30 pA", "60 pA"], "min": "0 pA"}}
        for progress in (True, False):
            with self.assertWarnsRegex(UserWarning, "draws outside of the limits are drawn again, which moves the mean from 30"):
                rewire.run(self.scenario, self.out, set={"time.until": "10 ms", **wide}, threads=1, progress=progress, overwrite=True)

    def test_an_error_of_the_program_is_an_exception_with_its_message(self):
        with self.assertRaisesRegex(rewire.InputError, r'time\.untill: unknown key; did you mean "until"') as caught:
            self.run_it(set={"time.untill": "3 s"})
        self.assertEqual(caught.exception.code, 2)
        with self.assertRaisesRegex(rewire.InputError, "no such directory"):
            rewire.open(self.path("nothing"))
        with self.assertRaisesRegex(rewire.InputError, "no result of"):
            rewire.open(self.folder)

    def test_spikes_and_cells_are_those_of_the_files(self):
        result = self.run_it()
        with h5py.File(os.path.join(self.out, "spikes.h5")) as file:
            times = file["spikes/e/timestamps"][()]
        spikes = result.spikes("e")
        np.testing.assert_array_equal(spikes["time_ms"], times)
        self.assertEqual(spikes.attrs["units"]["time_ms"], "ms")
        self.assertEqual(len(spikes) + len(result.spikes("i")), result.run_info["spikes"])
        self.assertEqual(result.populations, {"e": 80, "i": 20})
        self.assertEqual(len(result.cells("e")), 80)
        with self.assertRaisesRegex(rewire.InputError, "no population with recorded spikes 'x'; there are"):
            result.spikes("x")

    def test_series_have_one_time_and_their_units(self):
        series = self.run_it().series
        np.testing.assert_allclose(series["time"], 100.0 * np.arange(21))
        self.assertEqual(series["populations/e/rate"].attrs["units"], "Hz")
        counted = np.histogram(rewire.open(self.out).spikes("e")["time_ms"], bins=100.0 * np.arange(21) + 1e-6)[0]
        np.testing.assert_allclose(series["populations/e/rate"][1:], counted / (80 * 0.1))

    def test_a_circuit_of_any_snapshot_is_written(self):
        result = self.run_it()
        os.mkdir(self.path("circuits"))
        config = self.path("circuits", "config.json")
        result.write_circuit(config, at="1.2 s")
        with open(config, encoding="utf-8") as file:
            edges = json.load(file)["networks"]["edges"]
        self.assertEqual(sum(len(entry["populations"]) for entry in edges), 2)
        (rewired,) = (entry["edges_file"] for entry in edges if "ee" in entry["populations"])
        with h5py.File(rewired.replace("$BASE_DIR", self.out)) as file:
            self.assertEqual(file.attrs["snapshot_time"], 1000.0)
            self.assertEqual(len(file["edges/ee/source_node_id"]), len(result.synapse_table("ee", at="1 s")))

    def test_series_open_in_xarray_with_their_coordinates(self):
        import xarray
        result = self.run_it(set={"record.survival": "[200 ms, 1 s]"})
        path = os.path.join(self.out, "series.h5")
        with xarray.open_dataset(path, engine="h5netcdf", group="populations/e") as of_cells:
            np.testing.assert_array_equal(of_cells["time"], np.arange(0.0, 2001.0, 100.0))
            np.testing.assert_array_equal(of_cells["rate"], result.series["populations/e/rate"])
            self.assertEqual(of_cells["rate"].attrs["units"], "Hz")
        with xarray.open_dataset(path, engine="h5netcdf", group="projections/ee/survival") as survival:
            self.assertEqual(survival["fraction"].dims, ("time", "age"))
            np.testing.assert_array_equal(survival["age"], [200.0, 1000.0])
            np.testing.assert_array_equal(survival["class"], [0.0, 200.0, 1000.0])
        with h5py.File(path) as file:  # HDF5's own view, in both directions
            self.assertTrue(h5py.h5ds.is_attached(file["populations/e/rate"].id, file["time"].id, 0))
            self.assertTrue(h5py.h5ds.is_attached(file["projections/ee/survival/lived"].id,
                                                  file["projections/ee/survival/class"].id, 1))

    def test_synapses_at_any_time_are_those_of_the_snapshots(self):
        """From the first snapshot and the log alone every later snapshot is made again."""
        result = self.run_it()
        connectivity = result._connectivity
        later = connectivity.snapshots[1:]
        self.assertGreater(len(later), 2)
        for snapshot in later:
            with h5py.File(os.path.join(self.out, "edges", snapshot["file"])) as file:
                uids = file["edges/ee/0/synapse_uid"][()]
                weights = file["edges/ee/0/syn_weight"][()]
            connectivity.snapshots = connectivity.snapshots[:1]
            replayed = result.synapse_table("ee", at=snapshot["time_ms"])
            np.testing.assert_array_equal(replayed["uid"], uids)
            np.testing.assert_array_equal(replayed["weight"], weights)
        first = result.synapse_table("ee", at="0 ms")
        self.assertNotEqual(list(first["uid"]), list(uids))  # something did change

    def test_a_matrix_holds_every_synapse(self):
        result = self.run_it()
        matrix = result.synapses("ee", at="500 ms")
        synapses = result.synapse_table("ee", at="500 ms")
        self.assertEqual(matrix.shape, (80, 80))
        self.assertAlmostEqual(matrix.sum(), float(np.sum(synapses["weight"])), places=2)
        row = synapses.iloc[len(synapses) // 2]
        pair = synapses[(synapses["source"] == row["source"]) & (synapses["target"] == row["target"])]
        self.assertAlmostEqual(matrix[int(row["source"]), int(row["target"])], float(pair["weight"].sum()), places=3)
        with self.assertRaisesRegex(rewire.InputError, "no projection 'xx'; there are ee, ei"):
            result.synapses("xx")

    def test_events_count_what_the_run_counted(self):
        result = self.run_it()
        events = result.events
        self.assertEqual(int(np.sum(events["kind"] == "create")), result.run_info["synapses_created"])
        self.assertEqual(int(np.sum(events["kind"] == "delete")), result.run_info["synapses_deleted"])
        self.assertTrue(np.all(np.diff(events["time"]) >= 0))
        self.assertTrue(set(events["cause"]) <= {"growth", "retraction_axon", "retraction_dendrite"})

    def test_figures_show_the_series_with_units(self):
        result = self.run_it()
        ax = result.plot.rates()
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), result.series["populations/e/rate"])
        self.assertEqual((ax.get_xlabel(), ax.get_ylabel()), ("time (ms)", "mean rate (Hz)"))
        self.assertEqual(result.plot.weights("ee").get_xlabel(), "weight of ee (pA)")
        self.assertIn("synapses", result.plot.synapses().get_ylabel())
        self.assertTrue(len(result.plot.raster("e").lines[0].get_xdata()) > 0)

    def test_a_sweep_has_the_table_of_the_program(self):
        self.works("sweep", "plan", self.write("sweep.yaml", SWEEP), "-o", self.path("sweep"))
        with self.assertRaisesRegex(rewire.InputError, "no table yet"):
            rewire.open(self.path("sweep")).table
        self.works("sweep", "run", self.path("sweep"), "--quiet")
        sweep = rewire.open(self.path("sweep"))
        with open(self.path("sweep", "results.csv"), encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        np.testing.assert_array_equal(sweep.table["rate.i.late"], [float(row["rate.i.late [Hz]"]) for row in rows])
        self.assertEqual(sweep.table.attrs["units"]["rate.i.late"], "Hz")
        self.assertEqual([p.run_info["seed"] for p in sweep.points], list(sweep.table["seed"]))
        self.assertEqual(sweep.point(1).run_info["seed"], sweep.table["seed"][1])
        said = json.loads(self.works("compare", self.path("sweep"), "--json").stdout)
        self.assertEqual(sweep.compare()["effects"], said["effects"])

    def test_without_pandas_and_xarray_tables_are_arrays(self):
        self.run_it()
        code = ("import sys; sys.modules['pandas'] = sys.modules['xarray'] = None\n"
                f"import rewire; r = rewire.open({self.out!r})\n"
                "print(r.spikes('e')['time_ms'].sum(), r.series['populations/e/rate'][-1], r.series.dtype['time'].metadata)")
        path = os.path.join(HERE, "..", "..", "engine", "python")
        done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = rewire.open(self.out)
        total, last = done.stdout.split()[:2]
        self.assertAlmostEqual(float(total), float(result.spikes("e")["time_ms"].sum()), places=3)
        self.assertAlmostEqual(float(last), float(result.series["populations/e/rate"][-1]), places=9)
        self.assertIn("ms", done.stdout)

    def test_a_report_of_single_cells_is_read(self):
        result = self.run_it(set={"record.reports": "[{name: V_m, of: i, variable: V_m, targets: {first: 3}, every: 1 ms}]",
                                  "time.until": "200 ms"})
        times, ids, values, unit = result.report("V_m")
        self.assertEqual((values.shape, list(ids), unit), ((len(times), 3), [0, 1, 2], "mV"))
        self.assertAlmostEqual(times[1] - times[0], 1.0)


@unittest.skipIf(is_sanitized(), "a library with sanitizers cannot be loaded into a Python without")
class Stepping(Case):
    def setUp(self):
        super().setUp()
        os.environ["REWIRE_LIBRARY"] = os.path.join(os.path.dirname(REWIRE), "librewire.so")
        self.scenario = self.write("small.yaml", SCENARIO)

    def test_steps_of_any_length_give_the_run_of_the_program(self):
        self.works("run", self.scenario, "-o", self.path("by_program"), "--quiet")
        heard = []
        with rewire.Run(self.scenario, threads=2, record=self.path("stepped"), on_spikes=heard.append) as run:
            self.assertEqual(run.end, 2000.0)
            while run.time < run.end:
                run.advance(run.time + 37.3)
        self.works("diff", self.path("by_program"), self.path("stepped"))
        spikes = np.concatenate(heard)
        self.assertEqual(len(spikes), rewire.open(self.path("stepped")).run_info["spikes"])
        np.testing.assert_array_equal(spikes["id"][spikes["population"] == 0], rewire.open(self.path("stepped")).spikes("e")["id"])

    def test_a_closed_loop_changes_what_happens(self):
        with rewire.Run(self.scenario, set={"time.until": "400 ms"}) as run:
            run.advance("200 ms")
            before = run.read("i", "V_m")
            run.set_input(1, 0.0)
            run.advance(run.end)
            after = run.read("i", "V_m")
            self.assertEqual((run.count("i"), len(before)), (20, 20))
            self.assertLess(after.mean(), before.mean())
            self.assertEqual(len(run.synapses("ei")), 160)
            with self.assertRaisesRegex(rewire.InputError, "lies behind"):
                run.advance(10.0)
            with self.assertRaisesRegex(rewire.InputError, "no population 'x'"):
                run.count("x")
        with self.assertRaisesRegex(rewire.InputError, "closed"):
            run.advance(1.0)

    def test_an_exception_of_a_listener_comes_through(self):
        def listener(_):
            raise ZeroDivisionError("mine")
        with self.assertRaisesRegex(ZeroDivisionError, "mine"):
            with rewire.Run(self.scenario, on_spikes=listener) as run:
                run.advance(run.end)

    def test_a_wrong_scenario_is_said(self):
        with self.assertRaisesRegex(rewire.SystemError, "no_file.*cannot be opened"):
            rewire.Run(self.path("no_file.yaml"))


if __name__ == "__main__":
    main()
