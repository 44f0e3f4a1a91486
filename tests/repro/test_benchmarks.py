"""The scenarios of bench/ give the same bits for any number of threads. Smaller than measured, by all their keys."""
import os
import sys
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main, run_json  # noqa: E402

BENCH = Path(__file__).resolve().parents[2] / "bench"
FOUR = {"0": 80, "1": 80, "2": 20, "3": 20}  # inputs per cell, by projection
SMALL = ["populations.E.count=800", "populations.I.count=200", *(f"projections.{p}.connect.n={n}" for p, n in FOUR.items()),
         "time.until=60 ms", "record.spikes=all"]
GROWING = ["populations.exc.count=160", "populations.inh.count=40", "time.until=3 s", "record.spikes=all",
           "record.snapshots={every: 1 s}"]
SETTINGS = {"network/w6.yaml": SMALL, "network/w4_large.yaml": GROWING,
            "network/w6_growing.yaml": ["populations.cells.count=400", "projections.0.connect.n=40", "time.until=60 ms",
                                        "record.spikes=all"],
            **{f"network/{name}.yaml": SMALL for name in ("w1", "w1d", "w2", "w3", "w3mg")},
            "network/w2dc.yaml": [setting for setting in SMALL if "connect" not in setting],
            "gate/conductance.yaml": ["record.spikes=all", "time.until=60 ms"], "gate/growth.yaml": ["record.spikes=all"],
            "gate/current.yaml": ["record.spikes=all", "time.until=60 ms"],
            "gate/microcircuit.yaml": ["record.spikes=all", "time.until=40 ms"],
            "gate/vogels_abbott.yaml": ["record.spikes=all", "time.until=60 ms"],
            "network/w5.yaml": ["record.spikes=all", "time.until=300 ms"]}


class Benchmarks(Case):
    def test_every_scenario_is_here(self):
        found = {str(path.relative_to(BENCH)) for folder in ("network", "gate") for path in (BENCH / folder).glob("*.yaml")}
        self.assertEqual(found, set(SETTINGS))

    def test_threads_change_no_bit(self):
        for scenario, settings in SETTINGS.items():
            with self.subTest(scenario=scenario):
                words = [word for setting in settings for word in ("--set", setting)]
                for threads in (1, 3):
                    self.works("run", BENCH / scenario, "-o", self.path(f"{Path(scenario).stem}{threads}"), "--threads", threads,
                               "--quiet", *words)
                directories = [self.path(f"{Path(scenario).stem}{threads}") for threads in (1, 3)]
                self.assertGreater(run_json(directories[0])["spikes"], 0)
                self.works("diff", *directories)


if __name__ == "__main__":
    main()
