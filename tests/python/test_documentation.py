"""Every block of docs/python.md, run as it stands, one after the other, in a copy of what a checkout has. And numbers that pages
take from elsewhere."""
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import REWIRE, Case, is_sanitized, main, need  # noqa: E402

need("pandas", "scipy", "xarray", "matplotlib", "yaml")


class Documentation(Case):
    def test_the_blocks_of_the_page_run(self):
        with open(os.path.join(ROOT, "docs", "python.md"), encoding="utf-8") as file:
            blocks = re.findall(r"```python\n(.*?)```", file.read(), re.S)
        self.assertGreater(len(blocks), 6)
        if is_sanitized():  # its library cannot be loaded into a Python without sanitizers
            blocks = [block for block in blocks if "rewire.Run(" not in block]
        shutil.copytree(os.path.join(ROOT, "configs"), self.path("configs"))
        short = "import rewire\n" \
                "_run = rewire.run\n" \
                "def run(*words, set=None, **options):\n" \
                "    return _run(*words, set={'time.until': '2 h', **(set or {})}, **options)\n" \
                "rewire.run = run\n"  # the page's runs, cut short
        environment = {**os.environ, "PYTHONPATH": os.path.abspath(os.path.join(ROOT, "engine", "python")), "MPLBACKEND": "Agg",
                       "REWIRE_PROGRAM": REWIRE, "REWIRE_LIBRARY": os.path.join(os.path.dirname(REWIRE), "librewire.so")}
        done = subprocess.run([sys.executable, "-c", short + "\n".join(blocks)], cwd=self.folder, env=environment,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.assertIn('did you mean "seed"', done.stdout)
        self.assertTrue(os.path.exists(self.path("out", "python", "report", "report.html")))

    def test_the_speeds_beside_other_simulators_are_those_that_were_measured(self):
        with open(os.path.join(ROOT, "bench", "peers", "published.json"), encoding="utf-8") as file:
            measured = json.load(file)["tables"][-1]["real_time_factor"]
        with open(os.path.join(ROOT, "docs", "explanation", "comparison.md"), encoding="utf-8") as file:
            rows = re.findall(r"^\| (W\w+|VA): .*? \| (.*) \|$", file.read(), re.M)
        self.assertEqual({name for name, _ in rows}, set(measured))
        for name, cells in rows:
            expected = [measured[name].get(simulator, {}) for simulator in ("rewire", "Auryn", "GeNN", "Brian2")]
            told = [[float(number) for number in cell.split(" / ") if number != "-"] for cell in cells.split(" | ")]
            self.assertEqual(told, [list(times.values()) for times in expected], name)


if __name__ == "__main__":
    main()
