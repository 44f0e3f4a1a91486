"""Results are equal if a user would say so: what was made of one, and what changes no number, makes no difference."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
title: four cells
time: {step: 0.1 ms, until: 50 ms}
populations: {cells: {model: lif_psc_exp, count: 4, set: {I_e: 500 pA}}}
projections:
  - {from: cells, to: cells, connect: {rule: fixed_indegree, n: 2}, weight: 10 pA, delay: 1 ms, receptors: {exc: 1}}
record: {series: {every: 10 ms}}
"""


class Differences(Case):
    def setUp(self):
        super().setUp()
        for name in ("a", "b"):
            self.works("run", self.write("scenario.yaml", SCENARIO), "-o", self.path(name), "--quiet")

    def assert_equal(self):
        self.assertEqual(self.works("diff", self.path("a"), self.path("b")).stdout.strip(), "equal")

    def test_a_report_beside_a_result_makes_no_difference(self):
        self.works("report", self.path("a"))
        self.assertTrue(os.path.exists(self.path("a", "report", "report.html")))
        self.assert_equal()

    def test_another_title_makes_no_difference(self):
        text = SCENARIO.replace("four cells", "some cells")
        self.works("run", self.write("titled.yaml", text), "-o", self.path("titled"), "--quiet")
        self.assertEqual(self.works("diff", self.path("a"), self.path("titled")).stdout.strip(), "equal")

    def test_files_that_were_only_opened_for_writing_are_those_of_the_run(self):
        for folder, _, files in os.walk(self.path("a")):
            for name in files:
                if name.endswith(".h5"):
                    h5py.File(os.path.join(folder, name), "r+").close()
        self.works("report", self.path("a"))
        self.assert_equal()


if __name__ == "__main__":
    main()
