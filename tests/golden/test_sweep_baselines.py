"""Points that begin alike share their beginning; those that are interrupted go on from where they were. Neither changes a
number of what they leave."""
import csv
import json
import os
import shutil
import signal
import socket
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, is_sanitized, main, patience, rewire, run_json, start  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402

SANITIZED = is_sanitized()

SCENARIO = """\
rewire: 1
seed: 3
space: {size: [300 um, 300 um]}
time: {step: 0.1 ms, until: 4 min, clock: {factor: 600}}
populations:
  pyr: {model: adex, count: 60, glun2: {A: 0.6, B: 0.4}}
  pv: {model: lif_cond, count: 15}
projections:
  - {name: ee, from: pyr, to: pyr, connect: {rule: pairwise_bernoulli, p: 0.1}, weight: 0.5 nS, delay: 1.5 ms,
     receptors: {ampa: 1, nmda: 0.5}, rewire: {kernel: gaussian, sigma: 100 um}}
  - {name: ie, from: pv, to: pyr, connect: {rule: fixed_indegree, n: 3}, weight: 2 nS, delay: 1 ms, receptors: {gaba_a: 1}}
inputs:
  - {to: pyr, kind: poisson, rate: 3000 Hz, weight: 1 nS, receptors: {ampa: 1, nmda: 0.3}}
  - {to: pv, kind: poisson, rate: 2000 Hz, weight: 1 nS, receptors: {ampa: 1}}
drugs:
  ketamine: {model: kamp_2020, dose: 0.5 mg/kg, route: iv_infusion, over: 1 min, at: 2 min, action: trapping, on: [pyr]}
growth:
  - {on: pyr.axon, model: gaussian, eta: 0 Hz, target: 5 Hz, nu: 2 /min}
  - {on: pyr.dendrite_exc, model: gaussian, eta: 0 Hz, target: 5 Hz, nu: 2 /min}
structure: {every: 12 s, tau_Ca: 1 s, beta_Ca: 0.01}
record:
  spikes: all
  snapshots: {every: 1 min}
  series: {every: 12 s}
  reports: [{name: vm, of: pyr, variable: V_m, every: 1 ms, targets: {first: 3}}]
"""

SWEEP = """\
sweep: 1
scenario: base.yaml
parameters: {dose: {set: drugs.ketamine.dose, values: [0 mg/kg, 1 mg/kg, 20 mg/kg]}}
arms:
  infusion: {}
  late: {drugs.ketamine.at: 3 min}
replicates: 2
run: {threads: 1}
"""


class Baselines(Case):
    def setUp(self):
        super().setUp()
        self.base = self.write("base.yaml", SCENARIO)
        self.sweep = self.write("sweep.yaml", SWEEP)
        self.out = self.path("out")

    def point(self, number, out=None, suffix=""):
        return os.path.join(out or self.out, "points", "000", f"{number:06d}{suffix}")

    def plan(self, text=None):
        if text is not None:
            self.write("sweep.yaml", text)
        return json.loads(self.works("sweep", "plan", self.sweep, "-o", self.out, "--json").stdout)

    def same(self, n, other):
        for number in range(n):
            a, b = self.point(number), self.point(number, other)
            self.works("diff", a, b)
            self.assertEqual(sorted(os.listdir(a)), sorted(os.listdir(b)))
            self.assertEqual(sorted(os.listdir(os.path.join(a, "edges"))), sorted(os.listdir(os.path.join(b, "edges"))))
            with open(os.path.join(a, "measures.csv"), "rb") as one, open(os.path.join(b, "measures.csv"), "rb") as two:
                self.assertEqual(one.read(), two.read())

    def test_points_that_share_their_beginning_give_the_numbers_of_those_that_do_not(self):
        own = self.path("own")
        self.works("sweep", "run", self.write("own.yaml", SWEEP.replace("threads: 1", "threads: 1, baselines: own")), "-o", own,
                   "--quiet")
        planned = self.plan()
        self.assertEqual((planned["baselines"], planned["points_that_share"]), (2, 12))
        # the dose is at 2 min, the last update of connectivity before it at 108 s: 12 points run these twice instead of 12 times
        self.assertAlmostEqual(planned["simulated_ms_without_sharing"], 12 * 240e3)
        self.assertAlmostEqual(planned["simulated_ms"], 12 * 240e3 - 10 * 108e3)
        self.works("sweep", "run", self.out, "--jobs", "2", "--quiet")
        self.same(12, own)
        for name in ("points.csv", "results.csv"):
            with open(os.path.join(self.out, name), "rb") as a, open(os.path.join(own, name), "rb") as b:
                self.assertEqual(a.read(), b.read(), name)
        self.assertEqual(run_json(self.point(5))["resumed_from_step"], 1080000)
        self.assertFalse(os.path.exists(os.path.join(self.out, "baselines")), "it is of no use any more")
        with open(os.path.join(self.out, "results.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertGreater(len({row["rate.pyr [Hz]"] for row in rows}), 4, "the doses differ in what they do")
        with h5py.File(os.path.join(self.point(5), "series.h5")) as file: # any series is an outcome
            for name, path in (("ei_ratio.pyr", "populations/pyr/ei_ratio"), ("rate_excitatory.network [Hz]", "network/rate_excitatory"),
                               ("current_nmda.pyr [pA]", "populations/pyr/current/nmda"),
                               ("occupancy_ketamine_nmda_2B.pyr", "populations/pyr/occupancy/ketamine_nmda_2B")):
                values = file[path][1:]
                self.assertAlmostEqual(float(rows[5][name]), np.mean(values[~np.isnan(values)]), places=9, msg=name)

    def test_what_differs_before_the_first_dose_is_not_shared(self):
        for change, baselines in (("arms: {a: {}, b: {inputs.0.rate: 3001 Hz}}", 4), ("arms: {a: {}, b: {time.until: 241 s}}", 4),
                                  ("arms: {a: {}, b: {drugs.ketamine.action: hill}}", 4), ("arms: {a: {}, b: {checkpoint: none}}", 2),
                                  ("arms: {a: {}, b: {blockade: [{receptor: nmda, factor: 0.5}]}}", 4),
                                  ("arms: {a: {blockade: [{receptor: nmda, factor: 0.9}]}, b: {blockade: [{receptor: nmda, factor: 0.5}]}}", 4),
                                  ("arms: {a: {}, b: {drugs.ketamine.at: 0 min}}", 2)):
            text = SWEEP[:SWEEP.index("arms")] + change + "\nreplicates: 2\n"
            self.out = self.path(str(abs(hash(change))))
            self.assertEqual(self.plan(text)["baselines"], baselines, change)
        self.out = self.path("one")
        text = SWEEP[:SWEEP.index("parameters")] + "replicates: 3\n"
        self.assertEqual(self.plan(text)["baselines"], 0, "nobody shares what only one has")
        self.assertIn("no two points have the same beginning", self.works("sweep", "plan", self.sweep, "-o", self.path("again")).stdout)

    @unittest.skipIf(SANITIZED, "the same code once more")
    def test_blockades_that_begin_later_share_what_comes_before(self):
        scenario = SCENARIO[:SCENARIO.index("drugs:")] + "blockade: [{receptor: nmda, factor: {steps: [[0 s, 1], [3 min, 1]]}}]\n" + \
            SCENARIO[SCENARIO.index("growth:"):]
        self.write("base.yaml", scenario)
        text = "sweep: 1\nscenario: base.yaml\narms:\n  none: {}\n" + "".join(
            f"  b{k}: {{'blockade.0.factor': {{steps: [[0 s, 1], [{120 + 30 * k} s, 0.{k}]]}}}}\n" for k in (1, 2, 3))
        planned = self.plan(text)
        self.assertEqual((planned["baselines"], planned["points_that_share"]), (1, 4))
        self.assertAlmostEqual(planned["simulated_ms"], 4 * 240e3 - 3 * 144e3)
        self.works("sweep", "run", self.out, "--quiet")
        own = self.path("own")
        self.works("sweep", "run", self.write("own.yaml", text + "run: {baselines: own}\n"), "-o", own, "--quiet")
        self.same(4, own)

    @unittest.skipIf(SANITIZED, "the same code once more")
    def test_kills_leave_no_trace_in_shared_points(self):
        calm = self.path("calm")
        self.works("sweep", "run", self.sweep, "-o", calm, "--quiet")
        self.plan()
        for pause in (0.1, 0.25, 0.4, 0.6):
            worker = start("sweep", "run", self.out, "--jobs", "2", "--quiet")
            time.sleep(pause)
            os.kill(worker.pid, signal.SIGKILL)
            worker.communicate()
        workers = [start("sweep", "run", self.out, "--jobs", "2", "--quiet") for _ in range(2)]
        for worker in workers:
            self.assertEqual(worker.wait(), 0, worker.stderr.read())
            worker.communicate()
        self.finish_sweep(self.out)
        self.same(12, calm)

    def test_what_a_kill_leaves_at_the_last_moment_is_no_trace_either(self):
        self.plan()
        beginning, point = self.path("beginning"), self.point(5)
        for _ in range(2):  # the second finds the state with which the first paused, as if that had been killed then
            self.works("sweep", "point", self.out, "0", "--into", beginning, "--baseline")
            self.assertEqual(run_json(beginning)["status"], "interrupted")
        self.assertEqual(run_json(beginning)["resumed_from_step"], 1080000)
        orphan = rewire("sweep", "point", self.out, "5", "--into", self.path("orphan"), "--worker", "999999999")
        self.assertEqual((orphan.returncode, orphan.stdout + orphan.stderr), (5, ""), "its stderr.txt is another's by now")
        self.works("sweep", "run", self.out, "--points", "5", "--quiet")
        files = sorted(os.listdir(point))
        os.rename(point, point + ".run")
        for name in ("claim", "claim.taken.77", "claim.released"):
            with open(os.path.join(point + ".run", name), "w", encoding="ascii") as file:
                file.write("0 nobody\n")
        self.works("sweep", "run", self.out, "--points", "5", "--quiet")
        self.assertEqual(sorted(os.listdir(point)), files)

    def test_a_beginning_that_fails_stops_nobody(self):
        self.plan()
        running = os.path.join(self.out, "baselines", "000", "000001.run")
        os.makedirs(running)
        with open(os.path.join(running, "claim"), "w", encoding="ascii") as file:
            file.write(f"{os.getpid()} {socket.gethostname()}\n")
        self.assertIn("1 beginning that points share is being run", self.works("sweep", "status", self.out).stdout)
        shutil.rmtree(running)
        os.makedirs(os.path.join(self.out, "baselines", "000", "000000.failed"))
        self.works("sweep", "run", self.out, "--quiet")
        self.assertIsNone(run_json(self.point(0))["resumed_from_step"])
        self.assertEqual(run_json(self.point(1))["resumed_from_step"], 1080000)


class Interruptions(Case):
    SCENARIO = SCENARIO.replace("until: 400 ms", "until: 20 s").replace("{every: 100 ms}", "none") + "checkpoint: {every: 1 s}\n"
    SWEEP = "sweep: 1\nscenario: base.yaml\narms: {saline: {drugs.ketamine.dose: 0 mg/kg}}\nrun: {threads: 1, baselines: own}\n"

    def test_a_stopped_point_goes_on_from_its_checkpoint_to_the_same_numbers(self):
        self.write("base.yaml", self.SCENARIO if not SANITIZED else self.SCENARIO.replace("until: 20 s", "until: 6 s"))
        sweep, out = self.write("sweep.yaml", self.SWEEP), self.path("out")
        self.works("sweep", "plan", sweep, "-o", out)
        run = os.path.join(out, "points", "000", "000000.run")
        for number, (sent, code) in enumerate(((signal.SIGTERM, 5), (signal.SIGKILL, -9))):
            worker = start("sweep", "run", out, "--quiet")
            end = time.time() + patience(60)
            while time.time() < end and not os.path.exists(os.path.join(run, "checkpoint", "AB"[number] + ".h5")):
                time.sleep(0.02)
            worker.send_signal(sent)
            self.assertEqual(worker.wait(), code)
            worker.communicate()
            self.assertEqual(json.loads(self.works("sweep", "status", out, "--json").stdout)["missing"], 1)
        self.works("sweep", "run", out, "--quiet")
        point = os.path.join(out, "points", "000", "000000")
        self.assertGreaterEqual(run_json(point)["resumed_from_step"], 10000)
        calm = self.path("calm")
        self.works("sweep", "run", sweep, "-o", calm, "--quiet")
        self.works("diff", point, os.path.join(calm, "points", "000", "000000"))

    @unittest.skipIf(SANITIZED, "the same code once more")
    def test_a_retried_point_goes_on_unless_it_would_fail_again(self):
        self.write("base.yaml", self.SCENARIO)
        sweep, out = self.write("sweep.yaml", self.SWEEP), self.path("out")
        self.works("sweep", "plan", sweep, "-o", out)
        name = os.path.join(out, "points", "000", "000000")
        for code, goes_on in ((5, True), (3, True), (4, False), (2, False)):
            shutil.rmtree(name, ignore_errors=True)
            os.makedirs(os.path.dirname(name), exist_ok=True)
            process = start("sweep", "point", out, "0", "--into", name + ".run")
            end = time.time() + patience(100)
            while time.time() < end and not os.path.exists(os.path.join(name + ".run", "checkpoint", "A.h5")):
                time.sleep(0.005)
            process.kill()
            process.communicate()
            os.rename(name + ".run", name + ".failed")
            with open(os.path.join(name + ".failed", "failure.json"), "w", encoding="utf-8") as file:
                json.dump({"reason": "planted", "exit_code": code, "last_words": ""}, file)
            self.works("sweep", "retry", out, "--quiet")
            self.assertEqual(run_json(name)["resumed_from_step"] is not None, goes_on, code)


main()
