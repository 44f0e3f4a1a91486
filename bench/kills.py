#!/usr/bin/python3
"""The long kill test: `bench/kills.py [REWIRE [KILLS [SEED]]]` kills runs of a scenario with every feature at random
moments (200 times unless said otherwise), also while they write checkpoints and snapshots, resumes them on 1 to 3
threads, and compares every result with the uninterrupted one. Exits with 1 if one differs or is lost."""
import os
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from kills import KillTest  # noqa: E402

rewire = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release", "rewire"))
n_kills = int(sys.argv[2]) if len(sys.argv) > 2 else 200
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
with tempfile.TemporaryDirectory() as folder:
    began = time.monotonic()
    test = KillTest(rewire, folder, seed)
    test.run(n_kills)
    print(f"{test.summary()}. Seed {seed}, {time.monotonic() - began:.0f} s")
