"""What a run reads is part of what it is: files that changed are refused by name when a run is resumed, when another branches
from it, and in the points of a sweep."""
import glob
import hashlib
import os
import re
import shutil
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py", "numpy")
from program import Case, main, rewire, run_json  # noqa: E402
from sonata_circuit import change_json, write_circuit  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

SCENARIO = """
rewire: 1
seed: 4
time: {step: 0.1 ms, until: 1500 ms}
populations:
  src: {model: spikes, count: 20, file: FILE}
  e: {model: lif_psc_alpha, count: 40}
projections:
  - {from: src, to: e, connect: {rule: fixed_indegree, n: 5}, weight: 300 pA, delay: 1.5 ms, receptors: {exc: 1}}
record: {spikes: all, snapshots: none, series: {every: 100 ms}}
checkpoint: {every: 200 ms, at: [1 s]}
"""

SWEEP = """
sweep: 1
scenario: base.yaml
parameters:
  weight: {set: projections.0.weight, values: [300 pA, 400 pA]}
"""


def sum_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write_spikes(path, seed):
    random = numpy.random.default_rng(seed)
    with h5py.File(path, "w") as file:
        group = file.create_group("spikes/src")
        group["timestamps"] = numpy.sort(random.uniform(0, 1500, 3000))
        group["node_ids"] = random.integers(0, 20, 3000).astype("u8")


def forget_inputs(path):
    """Turns a checkpoint into one of a rewire that recorded no input files."""
    with h5py.File(path, "r+") as file:
        del file["input_files"]
    with open(path, "r+b") as file:
        head, body = file.read(512), file.read()
        lines = re.sub(rb"bytes \d+\n", b"bytes %d\n" % len(body), head[:head.index(b"crc32 ")])
        sealed = lines + b"crc32 %08x\n" % zlib.crc32(body, zlib.crc32(lines))
        file.seek(0)
        file.write(sealed.ljust(512, b"\0"))


class InputFiles(Case):
    def setUp(self):
        super().setUp()
        self.spikes, self.first, self.second = (os.path.realpath(self.folder) + name for name in ("/sp.h5", "/1.h5", "/2.h5"))
        write_spikes(self.first, 1)
        write_spikes(self.second, 2)
        shutil.copy(self.first, self.spikes)
        self.scenario = self.write("scenario.yaml", SCENARIO.replace("FILE", "sp.h5"))

    def stopped(self, scenario, *words):
        """A directory with a run that was stopped before its end."""
        done = rewire("run", scenario, "-o", self.path("cut"), "--quiet", "--time-limit", "1 ms", *words)
        self.assertEqual(done.returncode, 5, done.stderr)
        return self.path("cut")

    def refused(self, path, before, *words, **options):
        """The run is refused; the message names the file, both sums and what to do."""
        done = self.fails(2, "has changed since", *words, **options)
        for part in (path, before, sum_of(path), "Put back"):
            self.assertIn(part, done.stderr)
        return done

    def test_a_run_is_not_resumed_with_another_spike_file(self):
        self.works("run", self.scenario, "-o", self.path("whole"), "--quiet")
        cut = self.stopped(self.scenario)
        shutil.copy(self.second, self.spikes)
        self.refused(self.spikes, sum_of(self.first), "run", self.scenario, "-o", cut, "--resume")
        self.assertEqual(run_json(cut)["status"], "interrupted")
        os.remove(self.spikes)
        self.fails(3, re.escape(self.folder) + ".*sp.h5: cannot be read: No such file", "run", self.scenario, "-o", cut,
                   "--resume")
        shutil.copy(self.first, self.spikes)
        self.works("run", self.scenario, "-o", cut, "--resume", "--quiet")
        self.works("diff", self.path("whole"), cut)

    def test_a_branch_reads_the_same_files_or_others_by_name(self):
        whole = self.path("whole")
        self.works("run", self.scenario, "-o", whole, "--quiet")
        branch = ("branch", whole, "--at", "1 s", "--quiet", "-o")
        self.works(*branch, self.path("same"))
        shutil.copy(self.second, self.spikes)
        self.refused(self.spikes, sum_of(self.first), *branch, self.path("changed"))
        self.assertFalse(os.path.exists(self.path("changed")))
        self.works(*branch, self.path("other"), "--set", f"populations.src.file={self.second}")
        self.assertEqual(run_json(self.path("other"))["input_files"][0]["sha256"], sum_of(self.second))

    def test_run_json_lists_what_was_read(self):
        self.works("run", self.scenario, "-o", self.path("out"), "--quiet")
        self.assertEqual(run_json(self.path("out"))["input_files"], [
            {"file": self.spikes, "bytes": os.path.getsize(self.spikes), "sha256": sum_of(self.spikes)}])

    def test_a_checkpoint_of_an_earlier_rewire_is_resumed_with_a_warning(self):
        cut = self.stopped(self.scenario)
        for path in glob.glob(os.path.join(cut, "checkpoint", "[AB].h5")):
            forget_inputs(path)
        done = rewire("run", self.scenario, "-o", cut, "--resume", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, "warning: .*does not say what the run read.*sp.h5 cannot be checked")

    def test_every_file_of_a_circuit_is_watched(self):
        root = os.path.realpath(self.folder) + "/circuit"
        os.makedirs(root)
        config = write_circuit(root)
        words = ("--set", "run.tstop=20000")
        cut = self.stopped(config, *words)
        files = run_json(cut)["input_files"]
        read = {os.path.relpath(file["file"], root) for file in files}
        every = {os.path.relpath(path, root) for path in glob.glob(root + "/**/*", recursive=True) if os.path.isfile(path)}
        self.assertEqual(read, every - {os.path.relpath(config, root)})
        for file in files:
            path, suffix = file["file"], os.path.splitext(file["file"])[1]
            with open(path, "rb") as stream:
                before = stream.read()
            if suffix == ".h5":
                with h5py.File(path, "a") as stream:
                    stream.attrs["note"] = "other bytes"
            elif suffix == ".json":
                change_json(path, lambda content: None)
                with open(path, "a", encoding="utf-8") as stream:
                    stream.write("\n")
            else:
                with open(path, "a", encoding="utf-8") as stream:
                    stream.write("\n")
            with self.subTest(path):
                self.refused(path, file["sha256"], "run", config, "-o", cut, "--resume", *words)
            with open(path, "wb") as stream:
                stream.write(before)
        self.works("run", config, "-o", cut, "--resume", "--quiet", *words)

    def test_points_of_a_sweep_read_what_was_planned(self):
        self.write("base.yaml", SCENARIO.replace("FILE", self.spikes).replace("1500", "300").replace("at: [1 s]", "at: []"))
        sweep, out = self.write("sweep.yaml", SWEEP), self.path("out")
        self.works("sweep", "plan", sweep, "-o", out)
        shutil.copy(self.second, self.spikes)
        for words in (("run", out), ("run", sweep, "-o", out), ("retry", out), ("plan", sweep, "-o", out),
                      ("point", out, 0, "--into", self.path("point"))):
            with self.subTest(words[0]):
                self.refused(self.spikes, sum_of(self.first), "sweep", *words)
        os.remove(self.spikes)
        self.fails(3, "sp.h5: cannot be read: No such file", "sweep", "run", out)
        shutil.copy(self.first, self.spikes)
        self.works("sweep", "run", out, "--quiet")

    def test_a_sweep_over_files_watches_each(self):
        self.write("base.yaml", SCENARIO.replace("FILE", self.spikes).replace("1500", "300").replace("at: [1 s]", "at: []"))
        sweep = self.write("sweep.yaml", "sweep: 1\nscenario: base.yaml\nreplicates: 2\nparameters:\n"
                           f"  train: {{set: populations.src.file, values: [{self.first}, {self.second}]}}\n")
        out, before = self.path("out"), sum_of(self.second)
        self.works("sweep", "plan", sweep, "-o", out)
        write_spikes(self.second, 3)
        self.refused(self.second, before, "sweep", "run", out)


    def test_a_sweep_watches_cells_and_synapses_that_come_from_a_result(self):
        base = """\
rewire: 1
time: {step: 0.1 ms, until: 20 ms}
populations:
  a: {model: lif_psc_alpha, count: 5, NODES}
projections:
  - {name: aa, from: a, to: a, connect: {RULE}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}}
record: {snapshots: {}, series: {every: 10 ms}}
"""
        first = self.path("first")
        scenario = self.write("first.yaml", base.replace("NODES", "set: {V_m: {uniform: [-70 mV, -60 mV]}}").replace("RULE", "rule: all_to_all"))
        self.works("run", scenario, "-o", first, "--quiet")
        nodes, edges = os.path.join(first, "nodes.h5"), os.path.join(first, "edges", "edges.t000000000000.h5")
        base = base.replace("NODES", f"nodes: {nodes}").replace("RULE", f"rule: file, file: {edges}")
        sweep, out = self.write("sweep.yaml", "sweep: 1\nscenario: base.yaml\nreplicates: 2\n"), self.path("out")
        for whole, name in ((nodes, "population a"), (edges, "projection aa")):
            self.write("base.yaml", base.replace(whole, os.path.relpath(whole, self.folder)))
            self.fails(2, name + " reads .*; the base scenario of a sweep is copied, so give the whole path", "sweep", "plan",
                       sweep, "-o", out)
        self.write("base.yaml", base)
        self.works("sweep", "plan", sweep, "-o", out)
        for name in ("nodes.h5", "edges/edges.t000000000000.h5"):
            path = os.path.join(os.path.realpath(first), name)
            shutil.copy(path, self.path("kept.h5"))
            before = sum_of(path)
            with h5py.File(path, "a") as file:
                file.attrs["note"] = "other bytes"
            with self.subTest(name):
                self.refused(path, before, "sweep", "run", out)
            shutil.copy(self.path("kept.h5"), path)
        self.works("sweep", "run", out, "--quiet")


if __name__ == "__main__":
    main()
