#!/usr/bin/python3
"""The long kill test: `bench/kills.py [REWIRE [KILLS [SEED]]]` kills runs of a scenario with every feature at random
moments (200 times unless said otherwise), also while they write checkpoints and snapshots, resumes them on 1 to 3
threads (and ranks, with a rewire that has MPI), and compares every result with the uninterrupted one. Exits with 1 if one differs or is lost."""
import os
import subprocess
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
    has_ranks = '"mpi": null' not in subprocess.run([rewire, "version", "--json"], capture_output=True, text=True).stdout
    test = KillTest(rewire, folder, seed, ranks=(1, 2, 3) if has_ranks else (1,))
    test.run(n_kills, tell=lambda text: print(text, file=sys.stderr, flush=True))  # an interrupted test has a result, too
    print(f"{test.summary()}. Seed {seed}, {time.monotonic() - began:.0f} s")
