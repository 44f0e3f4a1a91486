"""What the documents show is true: the language's example and every scenario of configs/ pass `rewire check`."""
import glob
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from program import REWIRE, Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


class Documents(Case):
    def write_spikes(self):
        with h5py.File(self.path("spikes.h5"), "w") as file:
            group = file.create_group("spikes/thalamus")
            group["timestamps"] = numpy.array([1.0, 2.5])
            group["timestamps"].attrs["units"] = "ms"
            group["node_ids"] = numpy.array([0, 7], dtype="u8")

    def test_the_example_of_the_language_is_a_scenario(self):
        self.write_spikes()
        example = re.search(r"```yaml\n(.*?)```", read("configs", "README.md"), flags=re.S).group(1)
        self.works("check", self.write("example.yaml", example))

    def test_every_shipped_scenario_is_one(self):
        scenarios = sorted(glob.glob(os.path.join(ROOT, "configs", "*.yaml")))
        self.assertGreater(len(scenarios), 0)
        for scenario in scenarios:
            self.works("check", scenario)

    def test_the_microcircuit_is_what_its_program_writes(self):
        program = os.path.join(ROOT, "bench", "microcircuit.py")
        gate = ("--cells", "0.01", "--inputs", "0.3", "--until", "200 ms")
        for file, words in ((("configs", "microcircuit.yaml"), ()), (("bench", "gate", "microcircuit.yaml"), gate)):
            written = subprocess.run([sys.executable, program, *words], capture_output=True, text=True, check=True).stdout
            text = read(*file)
            self.assertEqual(text[text.index("rewire: 1"):], written)

    def test_the_first_look_of_the_readme_works(self):
        text = read("README.md")
        scenario = shutil.copy(os.path.join(ROOT, "configs", "ketamine_iv.yaml"), self.folder)
        self.works("run", scenario, "-o", self.path("out", "first"), "--set", "time.until=1 h", "--quiet")
        example = re.search(r"```python\n(.*?)```", text, flags=re.S).group(1)
        environment = {**os.environ, "PYTHONPATH": os.path.join(ROOT, "engine", "python"), "MPLBACKEND": "Agg", "REWIRE_PROGRAM": REWIRE}
        done = subprocess.run([sys.executable, "-c", example], cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assertRegex(done.stdout, r"^\d+\.\d Hz at the end\n$", done.stderr)
        self.assertTrue(os.path.exists(self.path("out", "first", "synapses.svg")))

    def test_the_files_that_the_readme_names_exist(self):
        for path in re.findall(r"`((?:engine|models|configs|tests)/[\w/.]+\.\w+)`", read("README.md")):
            self.assertTrue(os.path.exists(os.path.join(ROOT, path)), path)


if __name__ == "__main__":
    main()
