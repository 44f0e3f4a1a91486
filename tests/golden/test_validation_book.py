"""The validation book takes its numbers from a test of physics, and says when a claim does not hold."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from program import REWIRE, Case, main, need, patience  # noqa: E402

need("matplotlib")
sys.path.insert(0, os.path.join(ROOT, "bench", "validation"))
from book import Comparison  # noqa: E402
from claims import CLAIMS  # noqa: E402


class Book(Case):
    def write_book(self, *words):
        build = os.path.dirname(REWIRE)
        return subprocess.run([sys.executable, os.path.join(ROOT, "bench", "validation", "book.py"), "--build", build, "-o",
                               self.path("book"), *words], capture_output=True, text=True, check=False, timeout=patience(120))

    def read(self, name):
        with open(self.path("book", name), encoding="utf-8") as file:
            return file.read()

    def test_a_page_has_the_numbers_of_its_test_and_the_index_its_row(self):
        done = self.write_book("magnesium_block")
        self.assertEqual(done.returncode, 0, done.stderr)
        page = self.read("magnesium_block.md")
        self.assertRegex(page, r"magnesium block equals the jahr stevens table \| 20 \| [\d.]+ % \| yes")
        self.assertIn("Jahr & Stevens 1990", page)
        self.assertIn("`./dev validate magnesium_block`", page)
        self.assertIn("</svg>", self.read("magnesium_block.svg"))
        self.assertRegex(self.read("index.md"), r"\[Block of NMDA receptors by magnesium\]\(magnesium_block.md\) \| at most .* \| yes \|")
        self.assertTrue(json.loads(self.read("results.json"))["magnesium_block"]["holds"])

    def test_an_unknown_claim_is_refused_with_those_there_are(self):
        done = self.write_book("magnesium")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no claim magnesium; there are magnesium_block", done.stderr)

    def test_a_number_out_of_its_bounds_does_not_hold(self):
        outside = Comparison("a_test", "check\trate\t11\t10\t9.5\t10.5".split("\t"))
        self.assertFalse(outside.holds)
        self.assertEqual(outside.deviation, 2.0)
        self.assertTrue(Comparison("a_test", "check\trate\t3\t3\t3\t3".split("\t")).holds)
        self.assertFalse(Comparison("a_test", "check\trate\tnan\t3\t2\t4".split("\t")).holds)

    def test_every_claim_names_tests_that_exist(self):
        for name, claim in CLAIMS.items():
            for program, chosen in claim["tests"]:
                path = os.path.join(ROOT, "tests", "physics", program if program.endswith(".py") else program.replace("test_physics_", "test_") + ".c")
                with open(path, encoding="utf-8") as file:
                    tests = set(re.findall(r"cmocka_unit_test\((\w+)\)", file.read()))
                self.assertLessEqual(set(chosen or []), tests, name)
                if claim.get("curve"):
                    self.assertIn(claim["curve"], tests)


if __name__ == "__main__":
    main()
