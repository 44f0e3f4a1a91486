"""Sessions of stimulation: who is stimulated and when, and the shares that series.h5 and outcome measures have of them,
against a computation from recorded spikes that shares no code with the program."""
import csv
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy as np  # noqa: E402

SESSIONS = """\
  - {to: e, kind: session, name: training, pattern: {first: 12}, from: [FIRST], lasting: LASTING, presentations: 3, width: 60 ms,
     rate: 300 Hz, weight: 12 nS, receptors: {ampa: 1}}
  - {to: e, kind: session, name: test, pattern: {ids: [3, 5, 8, 21, 34, 2]}, cue: 50 %, from: [FIRST, SECOND], lasting: LASTING,
     presentations: 3, width: 40 ms, rate: 300 Hz, weight: 12 nS, receptors: {ampa: 1}}
"""

SCENARIO = """\
rewire: 1
seed: 5
time: {step: 0.1 ms, until: UNTIL}
populations:
  e: {model: lif_cond, count: 40, set: {V_m: {uniform: [-70 mV, -55 mV]}}}
projections:
  - {name: ee, from: e, to: e, connect: {rule: pairwise_bernoulli, p: 0.4}, weight: 1.2 nS, delay: 1 ms, receptors: {ampa: 1}}
inputs:
  - {to: e, kind: poisson, rate: 900 Hz, weight: 1.5 nS, receptors: {ampa: 1}}
SESSIONSrecord: {spikes: all, series: {every: EVERY}}
"""


def scenario(clock, sessions=SESSIONS):
    words = {"UNTIL": "3 h, clock: {factor: 3600}", "EVERY": "10 min", "FIRST": "30 min", "SECOND": "90 min",
             "LASTING": "30 min"} if clock else {
                 "UNTIL": "1 s", "EVERY": "100 ms", "FIRST": "150 ms", "SECOND": "600 ms", "LASTING": "300 ms"}
    text = SCENARIO.replace("SESSIONS", sessions)
    for word, value in words.items():
        text = text.replace(word, value)
    return text


class Sessions(Case):
    def result(self, text, name="out", *words):
        self.works("run", self.write(f"{name}.yaml", text), "-o", self.path(name), "--quiet", *words)
        with h5py.File(os.path.join(self.path(name), "spikes.h5")) as file:
            order = np.argsort(file["spikes/e/timestamps"][:], kind="stable")
            spikes = file["spikes/e/timestamps"][:][order], file["spikes/e/node_ids"][:][order]
        return spikes, h5py.File(os.path.join(self.path(name), "series.h5"))

    def shares(self, spikes, onset_ms, width_ms, cells):
        """Of each presentation, the share of `cells` with a spike in it."""
        times, ids = spikes
        return [len(set(ids[(times > t + 0.05) & (times <= t + width_ms + 0.05)]) & set(cells)) / len(cells) for t in onset_ms]

    def test_shares_are_those_of_the_spikes(self):
        spikes, series = self.result(scenario(False))
        pattern = sorted([3, 5, 8, 21, 34, 2])
        onsets = [150, 250, 350, 600, 700, 800]
        time, ended = series["time"][:], series["sessions/test/presentations"][:]
        groups = {"cued": pattern[:3], "recall": pattern[3:], "outside": [c for c in range(40) if c not in pattern]}
        wanted = {name: self.shares(spikes, onsets, 40, cells) for name, cells in groups.items()}
        self.assertEqual(ended.sum(), 6)
        for k in range(1, len(time)):
            inside = [i for i, t in enumerate(onsets) if time[k - 1] < t + 40 <= time[k]]
            self.assertEqual(ended[k], len(inside))
            for name, values in wanted.items():
                found = series[f"sessions/test/{name}"][k]
                self.assertTrue(np.isnan(found) if not inside else abs(found - np.mean([values[i] for i in inside])) < 1e-12)
        self.assertGreater(np.mean(wanted["cued"]), 0.9)
        self.assertLess(np.mean(wanted["outside"]), 0.6)
        self.assertTrue(np.isnan(series["sessions/training/recall"][:]).all(), "all of its cells are stimulated")

    def test_with_a_clock_presentations_have_real_time_and_the_rest_of_a_session_has_not(self):
        spikes, series = self.result(scenario(True))
        minutes, network = series["time"][:] / 60e3, series["clock/network_time"][:]
        onsets = [network[list(np.round(minutes)).index(m)] for m in (30, 40, 50)]  # where samples are
        width = 60
        found = series["sessions/training/cued"][:]
        wanted = self.shares(spikes, onsets, width, range(12))
        np.testing.assert_allclose(found[~np.isnan(found)], wanted, atol=1e-12)
        self.assertGreater(min(wanted), 0.9)
        # a presentation of 60 ms and the other 10 min - 60 ms of an interval, at a factor of 3600
        self.assertLess(onsets[1] - onsets[0], 60 + 1.1 * 600e3 / 3600)
        self.assertGreater(onsets[1] - onsets[0], 60 + 0.9 * 600e3 / 3600)

    def test_outcome_measures_are_means_over_presentations(self):
        self.write("base.yaml", scenario(False))
        sweep = self.write("sweep.yaml", "sweep: 1\nscenario: base.yaml\nmeasure: {windows: {first: [100 ms, 500 ms], "
                                         "none: [400 ms, 600 ms]}}\nrun: {keep: all}\n")
        self.works("sweep", "run", sweep, "-o", self.path("out"), "--quiet")
        with open(os.path.join(self.path("out"), "results.csv"), encoding="utf-8", newline="") as file:
            row = {name.split(" ")[0]: value for name, value in next(csv.DictReader(file)).items()}
        with h5py.File(os.path.join(self.path("out"), "points", "000", "000000", "spikes.h5")) as file:
            spikes = file["spikes/e/timestamps"][:], file["spikes/e/node_ids"][:]
        recall = np.mean(self.shares(spikes, [150, 250, 350], 40, [8, 21, 34]))
        outside = np.mean(self.shares(spikes, [150, 250, 350], 40, [c for c in range(40) if c not in (2, 3, 5, 8, 21, 34)]))
        self.assertAlmostEqual(float(row["recall.test.first"]), recall, places=12)
        self.assertAlmostEqual(float(row["completion.test.first"]), recall - outside, places=12)
        self.assertEqual(row["recall.test.none"], "nan")

    def test_a_rate_of_zero_is_the_run_without_the_stimulus(self):
        text = scenario(False)
        sham, series = self.result(text, "sham", "--set", "inputs.training.rate=0 Hz", "--set", "inputs.test.rate=0 Hz")
        none, _ = self.result(scenario(False, ""), "none")
        np.testing.assert_array_equal(sham, none)
        self.assertEqual(series["sessions/test/presentations"][:].sum(), 6)

    def test_an_interrupted_session_goes_on(self):
        for clock in (False, True):
            text = scenario(clock)
            whole, broken = f"whole{clock}", f"broken{clock}"
            begin = "40 min" if clock else "255 ms"  # between two presentations, and in the second one
            self.result(text, whole, "--set", f"checkpoint.at=[{begin}]")
            self.works("branch", self.path(whole), "--at", begin, "-o", self.path(broken), "--quiet")
            with h5py.File(os.path.join(self.path(whole), "series.h5")) as a, \
                    h5py.File(os.path.join(self.path(broken), "series.h5")) as b:
                for name in ("presentations", "cued", "recall", "outside", "completion"):
                    n = len(b["time"]) - 1
                    np.testing.assert_array_equal(a[f"sessions/test/{name}"][-n:], b[f"sessions/test/{name}"][-n:])


if __name__ == "__main__":
    main()
