"""Killed at any moment on any ranks, a run goes on, on other ranks, to the same result. Needs a build with MPI."""
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from kills import KillTest  # noqa: E402
from program import REWIRE, Case, main  # noqa: E402

KILLS = 8


class Kills(Case):
    def test_killed_on_any_ranks_a_run_comes_to_the_same_result(self):
        test = KillTest(REWIRE, self.folder, seed=int(time.time()), ranks=(1, 2, 3), threads=(1, 2))
        test.run(KILLS)
        print(f"{test.summary()} (seed {test.seed})")


if __name__ == "__main__":
    main()
