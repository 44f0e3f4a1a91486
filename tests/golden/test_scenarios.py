#!/usr/bin/env python3
"""Every scenario in configs/ is read by `rewire check` and runs, shortened; what it records of drugs is what `check` says."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import h5py
import numpy as np
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
REWIRE = sys.argv[1]
SHORT_MS = 60


def rewire(*arguments):
    done = subprocess.run([REWIRE, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise AssertionError(f"rewire {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return done.stdout


def duration_s(text):
    """Seconds of "240 s" or "24 h"."""
    number, unit = text.split()
    return float(number) * {"ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}[unit]


def short(path):
    """What shortens a scenario: a faster clock, so that all doses are still given."""
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "clock" not in scenario["time"]:
        settings = [f"time.until={SHORT_MS} ms", "record.series={every: 1 ms}", "record.snapshots={}"]
        many = [(k, spec["connect"]["n"]) for k, spec in enumerate(scenario["projections"]) if spec["connect"].get("n", 0) > 200]
        settings += [f"projections.{k}.connect.n={n // 10}" for k, n in many]  # building takes longer than this run
        return [word for setting in settings for word in ("--set", setting)]
    interval_s = round(duration_s(scenario["time"]["until"]) / SHORT_MS, 3)  # stands for a millisecond of network
    step_ms = 1e3 * duration_s(scenario["time"]["step"])
    every_s = interval_s * max(0.2, 2 * step_ms)  # at least two steps
    sessions = [spec["name"] for spec in scenario["inputs"] if spec["kind"] == "session"]
    tick_ms = 8 * step_ms if sessions else 1  # of the clock; with sessions it holds whole groups of eight steps
    cells = {name: spec.get("count", 0) for name, spec in scenario["populations"].items()}
    few = [f"populations.{name}.count={n // 20}" for name, n in cells.items()] if sum(cells.values()) > 5000 else []
    settings = few + [f"time.clock={{factor: {interval_s * 1e3!r}}}", f"record.series={{every: {every_s:.4f} s}}", "record.snapshots={}"]
    if "structure" in scenario:
        settings.append(f"structure={{every: {interval_s * tick_ms:.4f} s, growth_every: {tick_ms:g} ms, vacant_decay: 0}}")
    settings += [f"inputs.{name}.presentations=1" for name in sessions]  # each takes its time of the network
    if "survival" in scenario["record"]:
        settings.append(f"record.survival=[{100 * interval_s} s]")
    return [word for setting in settings for word in ("--set", setting)]


class Scenarios(unittest.TestCase):
    def compare(self, checked, directory):
        """Levels and blocked shares of the series, five times in a millisecond of network, reach the peaks that were predicted."""
        with h5py.File(f"{directory}/series.h5") as series:
            for drug in checked["drugs"]:
                peak = next(level["peak_uM"] for level in drug["levels"] if level["name"] == "at_receptor")
                seen = series[f"drugs/{drug['name']}/at_receptor"][:].max()
                self.assertLessEqual(seen, peak * 1.001 + 1e-12)
                if series["time"][1] - series["time"][0] <= 3.6e6:  # else a dose falls between samples
                    self.assertGreaterEqual(seen, 0.25 * peak)
                for blocked in drug["blocked"]:
                    name = f"{drug['name']}_{blocked['receptor']}_{blocked['subunit']}"
                    share = series[f"populations/{blocked['population']}/occupancy/{name}"][:]
                    self.assertTrue((share >= 0).all() and (share <= 1).all())

    def test_every_scenario_is_checked_and_runs(self):
        paths = sorted((ROOT / "configs").glob("*.yaml"))
        self.assertGreater(len(paths), 12)
        for path in paths:
            with self.subTest(path.name), tempfile.TemporaryDirectory() as folder:
                if path.name == "microcircuit.yaml":  # 2.5 GB: a small one has the same keys
                    rewire("check", str(path))
                    path = ROOT / "bench/gate/microcircuit.yaml"
                checked = json.loads(rewire("check", str(path), "--json", *short(path)))
                rewire("run", str(path), "-o", f"{folder}/out", "--quiet", *short(path))
                self.compare(checked, f"{folder}/out")

    def test_magnesium_counted_twice_or_not_at_all_is_told(self):
        path = str(ROOT / "configs/ketamine_iv_40min.yaml")
        for action, words in (
            ("{model: mg_competitive, constants: in_mg}", "counts magnesium twice"),
            ("{model: hill, constants: mg_free}", "leaves out magnesium"),
            ("woodhull", None),
            ("hill", None),
        ):
            told = rewire("check", path, "--set", f"drugs.ketamine.action={action}")
            self.assertEqual("warning" in told, words is not None, action)
            self.assertIn(words or "", told)
        told = rewire("check", path, "--set", "blockade=[{receptor: nmda, on: pyr, factor: 0.9}]")
        self.assertIn("said twice", told)

    def test_the_drawn_course_reaches_every_peak(self):
        """Six infusions of 40 min in three weeks: each curve of a level comes to its peak six times."""
        path = str(ROOT / "configs/ketamine_iv_series_6.yaml")
        with tempfile.TemporaryDirectory() as folder:
            drug = json.loads(rewire("check", path, "--json", "--plot", f"{folder}/c.svg"))["drugs"][0]
            root = ElementTree.parse(f"{folder}/c.svg").getroot()
        name = "{http://www.w3.org/2000/svg}"
        self.assertEqual([text.text for text in root.findall(f"{name}text")],
                         ["ketamine: levels", "ketamine: receptors blocked in cells at rest"])
        levels = root.find(f"{name}g/{name}svg")
        curves = [re.findall(r"[ML][\d.]+ ([\d.]+)", line.get("d")) for line in levels.findall(f"{name}path")
                  if " l" in line.get("class", "") and len(line.get("d")) > 100]
        self.assertEqual(len(curves), 2)
        for curve, place in zip(curves, ("at_receptor", "ketamine")):
            height = max(map(float, curve)) - np.array(curve, float)
            tops = sum(1 for k in range(1, len(height) - 1) if height[k] == height.max() and height[k - 1] < height[k])
            self.assertEqual(tops, 6, place)
        peaks = {level["name"]: level["peak_uM"] for level in drug["levels"]}
        heights = [max(map(float, curve)) - min(map(float, curve)) for curve in curves]
        self.assertAlmostEqual(heights[0] / heights[1], peaks["at_receptor"] / peaks["ketamine"], delta=0.01)

    def test_doses_that_the_run_is_too_short_for_are_told(self):
        path = str(ROOT / "configs/ketamine_iv_series_6.yaml")
        self.assertNotIn("warning", rewire("check", path))
        self.assertIn("2 of 6 doses after the end of the run", rewire("check", path, "--set", "time.until=17 d"))

    def test_a_factor_of_the_clock_that_cannot_run_is_told(self):
        path = str(ROOT / "configs/ketamine_iv.yaml")
        factor = ("--set", "time.clock.factor=7200", "--set", "structure.every=12 min", "--set", "structure.growth_every=")
        self.assertNotIn("warning", rewire("check", path, *factor[:-1], factor[-1] + "10 ms"))
        told = rewire("check", path, *factor[:-1], factor[-1] + "200 ms")
        self.assertIn("time.clock.factor: not 7200 but 3600 is what runs", told)
        self.assertIn("structure.growth_every", told)

    def test_a_dose_of_nothing_is_the_control_without_a_drug(self):
        """Saline has the bits of a scenario that has no drug at all."""
        path = ROOT / "configs/control_saline.yaml"
        with tempfile.TemporaryDirectory() as folder:
            rewire("run", str(path), "-o", f"{folder}/saline", "--quiet", *short(path))
            rewire("run", str(path), "-o", f"{folder}/none", "--quiet", *short(path), "--set", "drugs={}")
            spikes = []
            for name in ("saline", "none"):
                with h5py.File(f"{folder}/{name}/spikes.h5") as file:
                    spikes.append({key: group["timestamps"][:].tolist() for key, group in file["spikes"].items()})
            self.assertEqual(spikes[0], spikes[1])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
