"""Sweeps: planned points, workers that share them, failures, kills, and a table that depends on none of these."""
import csv
import glob
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import REWIRE, Case, is_sanitized, main, patience, rewire, start  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402

SCENARIO = """\
rewire: 1
title: forty cells
seed: 7
stop: {rate_above: 200 Hz}
time: {step: 0.1 ms, until: 300 ms}
populations:
  cells: {model: lif_psc_exp, count: 40, set: {I_e: 500 pA}}
projections:
  - {name: cc, from: cells, to: cells, connect: {rule: fixed_indegree, n: 5}, weight: 10 pA, delay: 1.5 ms,
     receptors: {exc: 1}}
record: {spikes: all, series: {every: 10 ms}, snapshots: {}}
"""

SWEEP = """\
sweep: 1
title: current and weight
scenario: base.yaml
parameters:
  current: {set: populations.cells.set.I_e, values: [450 pA, 550 pA]}
  weight: {set: projections.cc.weight, range: [5 pA, 20 pA], scale: log, steps: 3}
arms:
  rest: {}
  drive: {inputs: [{to: cells, kind: current, amplitude: 50 pA}]}
replicates: 2
measure: {windows: {early: [0 ms, 100 ms], late: [200 ms, 300 ms]}}
"""


class Sweeps(Case):
    def setUp(self):
        super().setUp()
        self.base = self.write("base.yaml", SCENARIO)
        self.sweep = self.write("sweep.yaml", SWEEP)
        self.out = self.path("out")

    def plan(self, text=None, out=None):
        if text is not None:
            self.sweep = self.write("sweep.yaml", text)
        self.works("sweep", "plan", self.sweep, "-o", out or self.out)
        return self.rows("points.csv", out)

    def rows(self, name, out=None):
        with open(os.path.join(out or self.out, name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def read(self, name, out=None):
        with open(os.path.join(out or self.out, name), "rb") as file:
            return file.read()

    @staticmethod
    def text_of(path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def status(self):
        return json.loads(self.works("sweep", "status", self.out, "--json").stdout)

    def test_a_sweep_runs_every_point_and_measures_what_a_single_run_gives(self):
        self.works("sweep", "run", self.sweep, "-o", self.out)
        rows = self.rows("results.csv")
        self.assertEqual(len(rows), 2 * 3 * 2 * 2)
        self.assertEqual({row["status"] for row in rows}, {"done"})
        self.assertEqual([row["seed"] for row in rows[:2]], ["7", "8"])
        self.assertEqual({float(row["weight [pA]"]) for row in rows}, {5, 10, 20})
        row = next(r for r in rows if r["arm"] == "drive" and r["current [pA]"] == "550" and r["seed"] == "8"
                   and r["weight [pA]"] == "20")
        self.works("run", self.base, "-o", self.path("one"), "--set", "populations.cells.set.I_e=550 pA", "--set",
                   "projections.cc.weight=20 pA", "--set", "seed=8", "--set",
                   "inputs=[{to: cells, kind: current, amplitude: 50 pA}]")
        with h5py.File(self.path("one", "spikes.h5")) as file:
            times, ids = file["spikes/cells/timestamps"][:], file["spikes/cells/node_ids"][:]
        late = (times > 200) & (times <= 300)
        self.assertAlmostEqual(float(row["rate.cells.late [Hz]"]), late.sum() / 40 / 0.1, places=9)
        counts = np.bincount(np.ceil((times[late] - 200) / 10).astype(int) - 1, minlength=10)
        self.assertAlmostEqual(float(row["fano.cells.late"]), counts.var(ddof=1) / counts.mean(), places=9)
        cvs = [np.std(d) / np.mean(d) for d in (np.diff(times[late & (ids == i)]) for i in range(40)) if len(d) >= 5]
        self.assertAlmostEqual(float(row["cv_isi.cells.late"]), np.mean(cvs), places=7)
        with h5py.File(os.path.join(self.out, "results.h5")) as file:
            rate = file["table/rate.cells.late"]
            self.assertEqual(rate.attrs["units"], "Hz")
            np.testing.assert_array_equal(rate[:], [float(r["rate.cells.late [Hz]"]) for r in rows])

    def test_workers_order_and_kills_leave_no_trace_in_the_table(self):
        self.works("sweep", "run", self.sweep, "-o", self.path("calm"), "--jobs", "1")
        self.plan()
        for pause in (0.15, 0.4, 0.8):
            worker = start("sweep", "run", self.out, "--jobs", "3", "--quiet")
            time.sleep(pause)
            os.kill(worker.pid, signal.SIGKILL)
            worker.communicate()
        workers = [start("sweep", "run", self.out, "--jobs", "2", "--quiet") for _ in range(2)]
        for worker in workers:
            self.assertEqual(worker.wait(), 0, worker.stderr.read())
            worker.communicate()
        self.finish_sweep(self.out)
        for name in ("points.csv", "results.csv", "results.h5"):
            self.assertEqual(self.read(name), self.read(name, self.path("calm")), name)
        self.assertEqual(sorted(os.listdir(os.path.join(self.out, "points", "000"))), [f"{i:06d}" for i in range(24)])

    def test_what_a_dead_worker_claimed_is_free_at_once(self):
        self.plan()
        ended = subprocess.Popen(["true"])  # and nobody asks for its end, as in many containers: it stays a zombie
        while "State:\tZ" not in self.text_of(f"/proc/{ended.pid}/status"):
            time.sleep(0.01)
        claims = {
            "zombie": f"{ended.pid} {socket.gethostname()} 1\n", "no process": f"999999999 {socket.gethostname()} 1\n",
            "another process since": f"{os.getpid()} {socket.gethostname()} 1\n", "killed before it wrote": "",
            "released": "0 nobody\n"}
        for point, note in enumerate(claims.values()):
            folder = os.path.join(self.out, "points", "000", f"{point:06d}.run")
            os.makedirs(folder)
            with open(os.path.join(folder, "claim"), "w", encoding="ascii") as file:
                file.write(note)
            if note == "":
                os.utime(os.path.join(folder, "claim"), (time.time() - 11, time.time() - 11))
        self.works("sweep", "run", self.out, "--quiet")
        self.assertEqual({row["status"] for row in self.rows("results.csv")}, {"done"})
        ended.wait()

    def test_a_claim_of_a_living_worker_is_respected(self):
        self.plan()
        folder = os.path.join(self.out, "points", "000", "000003.run")
        os.makedirs(folder)
        with open(f"/proc/{os.getpid()}/stat", encoding="ascii") as file:
            started = file.read().rpartition(")")[2].split()[19]
        for note in (f"{os.getpid()} {socket.gethostname()} {started}\n", f"{os.getpid()} {socket.gethostname()}\n",
                     "1 another-machine 5\n"):
            with open(os.path.join(folder, "claim"), "w", encoding="ascii") as file:
                file.write(note)
            self.assertIn("1 points are with other workers", self.works("sweep", "run", self.out).stdout, note)

    def test_ranks_share_the_points_of_a_sweep(self):
        self.needs(shutil.which("mpirun"), "mpirun (Debian: openmpi-bin) is")
        self.plan()
        environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        done = subprocess.run(["mpirun", "--oversubscribe", "-n", "3", REWIRE, "sweep", "run", self.out, "--mpi", "--json"], env=environment,
                              capture_output=True, text=True, timeout=patience(200))
        self.assertEqual(done.returncode, 0, done.stderr)
        shares = [int(n) for n in re.findall(r'"done": (\d+)', done.stdout)]
        self.assertEqual((len(shares), sum(shares)), (3, 24))
        self.assertTrue(all(shares), shares)
        self.assertEqual({row["status"] for row in self.rows("results.csv")}, {"done"})
        self.fails(2, "--mpi: plan first", "sweep", "run", self.sweep, "-o", self.out, "--mpi")

    def test_an_interrupted_sweep_goes_on_and_never_runs_a_finished_point_again(self):
        self.plan()
        self.works("sweep", "run", self.out, "--points", "0-3")
        before = {i: os.stat(os.path.join(self.out, f"points/000/{i:06d}/run.json")).st_mtime_ns for i in range(4)}
        self.assertEqual(self.status()["done"], 4)
        worker = start("sweep", "run", self.out, "--jobs", "1", "--quiet")
        while worker.poll() is None and not glob.glob(os.path.join(self.out, "points", "000", "00000[4-9]*")):
            time.sleep(0.01)
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(), 5)
        self.assertIn("give the same command once more", worker.stderr.read())
        worker.communicate()
        self.works("sweep", "run", self.out)
        after = {i: os.stat(os.path.join(self.out, f"points/000/{i:06d}/run.json")).st_mtime_ns for i in range(4)}
        self.assertEqual(before, after)

    def test_what_was_damaged_since_is_told_with_what_to_do(self):
        text = SWEEP[:SWEEP.index("parameters")] + "run: {keep: measures}\n"
        self.plan(text)
        self.works("sweep", "run", self.out, "--quiet")
        measures = os.path.join(self.out, "points", "000", "000000", "measures.csv")
        for damaged in ("", "rate\n1\n2\n", 'rate\n"1\n'):
            with open(measures, "w", encoding="utf-8") as file:
                file.write(damaged)
            self.fails(2, "measures of point 0 are damaged; remove its directory, and `rewire sweep run` runs it again", "sweep",
                       "collect", self.out)
        shutil.rmtree(os.path.dirname(measures))
        self.works("sweep", "run", self.out, "--quiet")
        os.truncate(os.path.join(self.out, "plan.json"), 40)
        self.fails(2, "its plan is damaged; bring plan.json back from a copy, or make a new plan", "sweep", "collect", self.out)

    def test_a_failing_point_is_recorded_with_its_last_words_and_stops_nobody(self):
        text = SWEEP.replace("values: [450 pA, 550 pA]", "values: [500 pA, 90000 pA]").replace("replicates: 2", "replicates: 1")
        self.sweep = self.write("sweep.yaml", text)
        done = rewire("sweep", "run", self.sweep, "-o", self.out, "--json")
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, "6 of 12 points failed")
        status = self.status()
        self.assertEqual((status["done"], status["failed"], status["missing"]), (6, 6, 0))
        with open(os.path.join(self.out, "points/000/000006.failed/failure.json"), encoding="utf-8") as file:
            failure = json.load(file)
        self.assertEqual(failure["exit_code"], 4)
        self.assertIn("cells", failure["last_words"])
        self.assertIn("the simulation diverged", self.works("sweep", "status", self.out).stdout)
        rows = self.rows("results.csv")
        self.assertEqual([row["status"] for row in rows], ["done"] * 6 + ["failed"] * 6)
        self.assertEqual(rows[-1]["rate.cells.late [Hz]"], "nan")
        retried = rewire("sweep", "retry", self.out, "--failed")
        self.assertEqual(retried.returncode, 3)
        self.assertIn("6 failed points to run again", retried.stderr)

    def test_a_point_that_hangs_fails_alone(self):
        slow = SCENARIO.replace("until: 300 ms", "until: 2000 s").replace("spikes: all", "spikes: none")
        self.write("base.yaml", slow)
        text = SWEEP[:SWEEP.index("parameters")] + "run: {time_limit: 0.3 s}\n"
        self.sweep = self.write("sweep.yaml", text)
        self.fails(3, "1 of 1 points failed", "sweep", "run", self.sweep, "-o", self.out, "--quiet")
        self.assertIn("out of time", self.works("sweep", "status", self.out).stdout)

    def failure(self, point):
        with open(os.path.join(self.out, f"points/000/{point:06d}.failed/failure.json"), encoding="utf-8") as file:
            return json.load(file)

    @unittest.skipIf(is_sanitized(), "sanitizers take any amount of address space")
    def test_a_point_that_wants_too_much_memory_fails_alone(self):
        text = SWEEP[:SWEEP.index("parameters")] + (
            "parameters: {cells: {set: populations.cells.count, values: ['40', '4000000']}}\n"
            "run: {threads: 1, memory_limit: 5e8 byte, baselines: own}\nset: {time.until: 10 ms, projections: []}\n")
        self.sweep = self.write("sweep.yaml", text)
        done = rewire("sweep", "run", self.sweep, "-o", self.out, "--quiet", "--jobs", "1")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual([row["status"] for row in self.rows("results.csv")], ["done", "failed"])
        failure = self.failure(1)
        self.assertEqual(failure["exit_code"], 3)
        self.assertRegex(failure["last_words"], "cannot get .* of memory")
        # the same under a limit that the shell set for all
        limited = self.path("limited")
        self.write("sweep.yaml", text.replace("memory_limit: 5e8 byte, ", ""))
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))  # noqa: E731
        done = rewire("sweep", "run", self.sweep, "-o", limited, "--quiet", "--jobs", "1", preexec_fn=limit)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual([row["status"] for row in self.rows("results.csv", limited)], ["done", "failed"])

    def test_a_killed_point_is_recorded_and_stops_nobody(self):
        self.write("base.yaml", SCENARIO.replace("until: 300 ms", "until: 20 s").replace("spikes: all", "spikes: none"))
        text = SWEEP[:SWEEP.index("parameters")] + "replicates: 2\nrun: {threads: 1}\n"
        self.sweep = self.write("sweep.yaml", text)
        worker = start("sweep", "run", self.sweep, "-o", self.out, "--quiet", "--jobs", "1")
        end, children = time.time() + patience(60), []
        while not children and time.time() < end: # as the kernel does when memory runs out
            with open(f"/proc/{worker.pid}/task/{worker.pid}/children", encoding="ascii") as file:
                children = file.read().split()
        os.kill(int(children[0]), signal.SIGKILL)
        self.assertEqual(worker.wait(), 3)
        worker.communicate()
        failure = self.failure(0)
        self.assertEqual(failure["signal"], 9)
        self.assertIn("out of memory", failure["reason"])
        self.assertEqual([row["status"] for row in self.rows("results.csv")], ["failed", "done"])
        self.works("sweep", "retry", self.out, "--quiet")
        self.assertEqual([row["status"] for row in self.rows("results.csv")], ["done", "done"])

    def test_a_changed_plan_is_refused(self):
        self.plan()
        self.write("sweep.yaml", SWEEP.replace("450 pA", "440 pA"))
        self.fails(2, "holds another plan", "sweep", "run", self.sweep, "-o", self.out)
        self.write("sweep.yaml", SWEEP)
        self.write("base.yaml", SCENARIO.replace("n: 5", "n: 6"))
        self.fails(2, "holds another plan", "sweep", "plan", self.sweep, "-o", self.out)
        points = self.read("points.csv")
        with open(os.path.join(self.out, "points.csv"), "wb") as file:
            file.write(points.replace(b"450", b"451"))
        self.fails(2, "was changed after the plan was frozen", "sweep", "run", self.out)
        with open(os.path.join(self.out, "points.csv"), "wb") as file:
            file.write(points)
        path = os.path.join(self.out, "plan.json")
        with open(path, encoding="utf-8") as file:
            plan = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(plan.replace('"git_describe": "', '"git_describe": "another-'))
        self.fails(2, "was planned by rewire another-", "sweep", "run", self.out)

    def test_designs_have_the_points_they_should(self):
        head = SWEEP[:SWEEP.index("arms")].replace(", steps: 3", "")

        def cube(design, steps=""):
            text = head.replace("scale: log", "scale: linear" + steps) + f"design: {design}\n"
            text = text.replace("values: [450 pA, 550 pA]", "range: [0 pA, 1 pA]" + steps)
            out = self.path("d")
            shutil.rmtree(out, ignore_errors=True)
            rows = self.plan(text, out)
            shutil.rmtree(out)
            return rows, np.array([[float(r["current [pA]"]), (float(r["weight [pA]"]) - 5) / 15] for r in rows])

        _, lhs = cube("{kind: lhs, points: 16, seed: 3}")
        for column in lhs.T:
            self.assertEqual(sorted(np.floor(column * 16)), list(range(16)))
        _, other = cube("{kind: lhs, points: 16, seed: 4}")
        self.assertFalse(np.allclose(lhs, other))
        _, sobol = cube("{kind: sobol, points: 64, seed: 1}")
        boxes = np.bincount((np.floor(sobol[:, 0] * 8) * 8 + np.floor(sobol[:, 1] * 8)).astype(int), minlength=64)
        self.assertTrue((boxes == 1).all(), "64 points of a shifted net fill every box of 1/8 x 1/8 once")
        rows, saltelli = cube("{kind: saltelli, points: 4}")
        self.assertEqual([r["block"] for r in rows[:4]], ["A", "B", "AB.current", "AB.weight"])
        a, b, mixed = saltelli[0], saltelli[1], saltelli[2]
        np.testing.assert_array_equal(mixed, [b[0], a[1]])
        rows, _ = cube("{kind: one_at_a_time}", ", steps: 3")
        self.assertEqual([(r["current [pA]"], r["weight [pA]"]) for r in rows],
                         [("0", "5"), ("0.5", "5"), ("1", "5"), ("0", "12.5"), ("0", "20")])
        rows, _ = cube("{kind: zip}", ", steps: 3")
        self.assertEqual([(r["current [pA]"], r["weight [pA]"]) for r in rows], [("0", "5"), ("0.5", "12.5"), ("1", "20")])
        rows, _ = cube("{kind: list}\nrows: [{current: 1 pA, weight: 5 pA}, {current: 0 pA, weight: 20 pA}]", ", steps: 2")
        self.assertEqual([(r["current [pA]"], r["weight [pA]"]) for r in rows], [("1", "5"), ("0", "20")])

    def test_more_parameters_than_sobol_has_dimensions_are_refused(self):
        names = "".join(f"  p{i}: {{set: inputs.{i}.amplitude, range: [0 pA, 1 pA]}}\n" for i in range(41))
        text = SWEEP[:SWEEP.index("parameters")] + "parameters:\n" + names + "design: {kind: sobol, points: 4}\n"
        self.sweep = self.write("sweep.yaml", text)
        self.fails(2, "needs a Sobol sequence of 41 dimensions, but there are 40", "sweep", "plan", self.sweep, "-o", self.out)

    def test_subjects_are_the_same_in_every_arm_and_spread_as_asked(self):
        text = SWEEP[:SWEEP.index("parameters")] + SWEEP[SWEEP.index("arms"):].replace("replicates: 2\n", "") + (
            "subjects: {count: 400, seed: 5, draw: {C: {set: populations.cells.set.C_m, lognormal: [250 pF, 50 pF], "
            "min: 150 pF, max: 400 pF}}}\n")
        rows = self.plan(text)
        arms = {arm: [(r["subject"], r["C [pF]"], r["seed"]) for r in rows if r["arm"] == arm] for arm in ("rest", "drive")}
        self.assertEqual(arms["rest"], arms["drive"])
        drawn = np.array([float(c) for _, c, _ in arms["rest"]])
        self.assertTrue((drawn >= 150).all() and (drawn <= 400).all())
        self.assertAlmostEqual(drawn.mean(), 250, delta=8)
        self.assertAlmostEqual(drawn.std(), 49, delta=6)

    def test_numbered_subjects_are_the_persons_of_the_drugs_cohort(self):
        self.base = self.write("base.yaml", """rewire: 1
time: {step: 0.1 ms, until: 20 min, clock: {factor: 60000}}
populations: {cells: {model: lif_cond, count: 4, receptors: {nmda: {}}, glun2: {A: 1}}}
drugs: {esketamine: {model: fanta_2015, dose: 40 mg, route: iv_bolus, at: 0 s}}
record: {spikes: none, series: {every: 10 min}, snapshots: none}
""")
        rows = self.plan("sweep: 1\nscenario: base.yaml\narms: {a: {}, b: {drugs.esketamine.dose: 20 mg}}\n"
                         "subjects: {count: 2, number: drugs.esketamine.subject}\n")
        self.assertEqual([row["subject"] for row in rows], ["0", "1", "0", "1"])
        self.works("sweep", "run", self.out, "--quiet")
        level = []
        for i in range(4):
            with h5py.File(os.path.join(self.out, "points", "000", f"{i:06d}", "series.h5")) as file:
                level.append(file["drugs/esketamine/at_receptor"][1])
        alone = []
        for person in (1, 2):
            self.works("run", self.base, "-o", self.path(f"p{person}"), "--quiet", "--set", f"drugs.esketamine.subject={person}")
            with h5py.File(self.path(f"p{person}", "series.h5")) as file:
                alone.append(file["drugs/esketamine/at_receptor"][1])
        self.assertEqual(level[:2], alone)
        np.testing.assert_allclose(level[2:], np.array(alone) / 2, rtol=1e-12)
        self.assertNotAlmostEqual(alone[0] / alone[1], 1, places=3)

    def test_ten_thousand_points_stay_manageable(self):
        text = SWEEP.replace("replicates: 2", "replicates: 1000")
        began = time.time()
        rows = self.plan(text)
        self.assertEqual(len(rows), 12000)
        self.assertLess(time.time() - began, patience(30))
        for point in range(0, 12000):
            if point % 1000 == 0:
                os.makedirs(os.path.join(self.out, "points", f"{point // 1000:03d}"))
            os.mkdir(os.path.join(self.out, "points", f"{point // 1000:03d}", f"{point:06d}"))
        began = os.times()
        status = self.status()
        ended = os.times()
        self.assertEqual(status["done"], 12000)
        self.assertLess((ended.children_user + ended.children_system) - (began.children_user + began.children_system), patience(1.0))

    def test_every_sweep_that_is_shipped_can_be_planned(self):
        shipped = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "sweeps")
        names = sorted(name for name in os.listdir(shipped) if name.endswith(".yaml"))
        self.assertLessEqual({"blockade_site.yaml", "cohort.yaml", "cohort_recovery.yaml", "dose_response.yaml", "learning_window.yaml",
                              "relearning.yaml", "route_comparison.yaml", "wang_psychometric.yaml"}, set(names))
        for name in names:
            self.plan_of(os.path.join(shipped, name))

    def plan_of(self, path):
        planned = json.loads(self.works("sweep", "plan", path, "-o", self.path(os.path.basename(path)), "--json").stdout)
        self.assertGreater(planned["points"], 10)
        self.assertLess(planned["least_p"] * 50, 0.05, "enough pairs for fifty comparisons")

    def test_what_is_wrong_in_a_sweep_is_said_with_its_place(self):
        bad = SWEEP.replace("[450 pA, 550 pA]", "[450 pA, 550 mV]").replace("scale: log", "scale: cubic")
        self.sweep = self.write("sweep.yaml", bad)
        self.fails(2, r"sweep.yaml:6:\d+: parameters.weight.scale: \"cubic\" is none of the choices", "sweep", "plan", self.sweep,
                   "-o", self.out)
        self.sweep = self.write("sweep.yaml", SWEEP.replace("[450 pA, 550 pA]", "[450 pA, 550 mV]"))
        self.fails(2, r"point 12 of the sweep \(rest, current = 550 mV, weight = 5 pA\): what .*sweep\.yaml:5 sets:1:\d+: .*I_e.*mV", "sweep", "plan", self.sweep, "-o", self.out)
        self.assertFalse(os.path.exists(self.out))
        self.sweep = self.write("sweep.yaml", SWEEP.replace("late: [200 ms, 300 ms]", "late: [200 ms, 400 ms]"))
        self.fails(2, "the window late of measure ends at 400 ms, after the run, which ends at 300 ms", "sweep", "plan", self.sweep, "-o", self.out)
        self.fails(2, "did you mean `rewire sweep run`", "sweep", "rum", self.out)
        self.fails(2, "this is a scenario, not a sweep; `rewire run", "sweep", "plan", self.base, "-o", self.out)
        self.fails(2, "this is a sweep, not a scenario; `rewire sweep run", "run", self.sweep, "-o", self.out)
        for change, reason in (
                (("projections.cc.weight", "populations.cells.set.I_e"), r":6:\d+: parameters.weight: sets .*I_e, which current sets"),
                (("inputs:", "populations.cells.set.I_e: 1 pA, inputs:"), r":5:\d+: parameters.current: sets .*I_e, which drive sets"),
                (("projections.cc.weight", "seed"), r"parameters.weight: seeds count on from the scenario's"),
                (("replicates: 2", "subjects: {count: 3}"), r":10:\d+: subjects: say what differs between subjects"),
                (("replicates: 2", "subjects: {count: 3, number: seed}"), "subjects.number: seeds count on"),
                (("replicates: 2", "subjects: {count: 3, draw: {C: {set: populations.cells.set.C_m, normal: [250 pF, 1 pF], "
                  "min: 300 pF}}}"), r"subjects.draw.C: hardly any draw lies between 300 and inf")):
            self.sweep = self.write("sweep.yaml", SWEEP.replace(*change))
            self.fails(2, reason, "sweep", "plan", self.sweep, "-o", self.out)
        self.sweep = self.write("sweep.yaml", SWEEP.replace("scenario: base.yaml", "scenario: gone.yaml"))
        self.fails(3, "the scenario of .*sweep.yaml: .*gone.yaml: cannot be opened", "sweep", "plan", self.sweep, "-o", self.out)
        self.assertFalse(os.path.exists(self.out))
        self.fails(2, "holds no planned sweep", "sweep", "status", self.path("nowhere"))

    def test_the_job_script_for_slurm_covers_every_point_once(self):
        self.plan()
        script = self.works("sweep", "slurm", self.out, "--per-task", "5", "--max-parallel", "2", "--time", "00:10:00").stdout
        self.assertIn("--dependency=\"afterany$jobs\"", script)
        fake = self.write("sbatch", "#!/bin/bash\necho \"$@\" >> \"$LOG\"\ncase \"$*\" in *--array*) cat > \"$LOG.task\";; esac\necho 42\n")
        os.chmod(fake, 0o755)
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "LOG": self.path("log")}
        subprocess.run(["bash", self.write("submit.sh", script)], check=True, env=environment, stdout=subprocess.DEVNULL)
        with open(self.path("log"), encoding="utf-8") as file:
            array, collect = file.read().splitlines()
        self.assertIn("--array=0-4%2", array)
        self.assertIn("--time=00:10:00", array)
        self.assertIn("--dependency=afterany:42", collect)
        for task in range(5):
            subprocess.run(["bash", self.path("log.task")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={**environment, "SLURM_ARRAY_TASK_ID": str(task), "start": "0", "sweep": self.out, "rewire": REWIRE})
        self.assertEqual(self.status()["done"], 24)


main()
