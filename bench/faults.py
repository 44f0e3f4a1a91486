#!/usr/bin/python3
"""The long fault test: `bench/faults.py [REWIRE [LIMIT [COMMAND...]]]` lets calls to the system fail, one at a time: every call of
rewire itself, or at most LIMIT of each kind (0: all), in the commands of tests/support/faults.py, or in those named. It prints
what was not as promised, then what was injected, and exits with 1 if there was anything. LIBRARIES=1 counts the calls of the
libraries, too, of which some have faults of their own. Needs a build with tests, which makes librewire_faults.so."""
import os
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from faults import KINDS, FaultTest  # noqa: E402

rewire = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release", "rewire"))
library = os.path.join(os.path.dirname(rewire), "tests", "librewire_faults.so")
limit = int(sys.argv[2]) or None if len(sys.argv) > 2 else None
own = not os.environ.get("LIBRARIES")
n_findings = 0
with tempfile.TemporaryDirectory() as folder:
    began = time.monotonic()
    test = FaultTest(rewire, library, folder, seed=int(time.time()))
    for name in sys.argv[3:] or test.subjects:
        kinds = ("thread",) if name == "team" else KINDS
        n_findings += len(test.run(test.cases(name, kinds, own and name != "team", limit), os.cpu_count() or 1,
                                   tell=lambda text: print(text, flush=True)))
        print(test.summary(), file=sys.stderr, flush=True)  # an interrupted test has a result, too
    print(f"{test.summary()}\n{sum(test.injected.values())} faults, {n_findings} findings, {time.monotonic() - began:.0f} s")
sys.exit(n_findings > 0)
