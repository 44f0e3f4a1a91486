"""Whatever call to the system fails, a command ends with one message and exit code 3, or as if nothing had been, and goes on to
the same result when it is given again. The library that lets calls fail is named by REWIRE_FAULTS; bench/faults.py is the long
form."""
import os
import shutil
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from faults import FaultTest  # noqa: E402
from program import REWIRE, Case, main  # noqa: E402

# Every call of these kinds fails, in one run of each command.
WALKS = (("check", "memory"), ("watch", "memory"), ("collect", "memory"), ("collect", "open"), ("plan", "write+"), ("compare", "open+"),
         ("report_sweep", "write"))

# How many calls of each kind fail, drawn anew each time. With +, all later ones fail, too.
FILES = {"read": 1, "write": 2, "write+": 2, "fsync": 1, "rename": 2, "open": 1, "open+": 1, "close": 1, "mkdir": 1}
FEWER = {"memory": 2, "read": 1, "write+": 1, "rename": 1, "open": 1}
SAMPLES = {
    "run": {"memory": 6, **FILES}, "resume": {"memory": 3, "read": 1, "write+": 1, "rename": 1, "open": 1},
    "branch": FEWER, "check": {"memory": 3, "open": 1}, "plan": FEWER, "sweep": {"memory": 2, "write": 1, "open": 1}, "collect": FEWER, "compare": FEWER,
    "report": FEWER, "report_sweep": FEWER, "diff": {"memory": 2, "read": 2, "open": 1}}


class Faults(Case):
    def setUp(self):
        super().setUp()
        self.test = FaultTest(REWIRE, os.environ["REWIRE_FAULTS"], self.folder, seed=int(time.time()))

    def check(self, cases):
        findings = self.test.run(cases, workers=min(4, os.cpu_count() or 1))
        print(self.test.summary())
        self.assertEqual(findings, [], "\n".join(findings))

    def test_a_call_that_fails_is_told_and_leaves_what_can_be_continued(self):
        self.check([case for name, kinds in SAMPLES.items() for case in self.test.cases(name, kinds)])

    def test_every_call_of_commands_that_are_short(self):
        """In copies of the process, where the system lets a test make them (as root, mostly)."""
        self.needs(shutil.which("unshare"), "unshare is")
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
            self.skipTest("this machine does not let its user make a mount namespace")
        if self.test.is_sanitized:
            self.skipTest("a copy of the process under the sanitizers takes too long")  # the build without them runs it
        findings = [finding for name, kind in WALKS for finding in self.test.walk(name, kind)]
        print(self.test.summary())
        self.assertEqual(findings, [], "\n".join(findings))
        self.assertGreater(sum(self.test.injected.values()), 2000)

    def test_a_call_of_commands_that_are_short(self):
        """Where no process can be copied, this is what is left of the walk."""
        self.check([case for name, kind in WALKS for case in self.test.cases(name, {kind: 1})])
        self.assertEqual(sum(self.test.injected.values()), len(WALKS))

    def test_threads_that_cannot_be_started_are_told(self):
        if self.test.count("team", own=False)["thread"] == 0:
            self.skipTest("built without OpenMP")
        self.check([("team", "thread", n, False) for n in (1, 2)])


if __name__ == "__main__":
    main()
