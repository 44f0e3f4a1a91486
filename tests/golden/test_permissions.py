"""A scenario, a circuit or a result from a stranger reads and writes nothing outside of the directories that the command line
names, unless the user says so."""
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import Case, main  # noqa: E402
from sonata_circuit import write_circuit  # noqa: E402

import h5py  # noqa: E402

SCENARIO = """\
rewire: 1
time: {step: 0.1 ms, until: 20 ms}
populations:
  src: {model: spikes, count: 3, file: FILE}
  e: {model: lif_psc_exp, count: 4}
projections:
  - {from: src, to: e, connect: {rule: fixed_indegree, n: 2}, weight: 300 pA, delay: 1.5 ms, receptors: {exc: 1}}
record: {spikes: all, series: {every: 1 ms}}
checkpoint: {at: [10 ms]}
"""
OUTSIDE = r"lies outside of the folder of .*, and is not read without your consent; .*--allow-read "


def write_spikes(path):
    with h5py.File(path, "w") as file:
        group = file.create_group("spikes/src")
        group["timestamps"] = [1.0, 2.0, 5.0]
        group["node_ids"] = [0, 1, 2]


class Permissions(Case):
    def setUp(self):
        super().setUp()
        self.folder = os.path.realpath(self.folder)
        for name in ("own/below", "secret"):
            os.makedirs(self.path(name))
        self.spikes = self.path("secret", "sp.h5")
        write_spikes(self.spikes)

    def scenario(self, file, name="own/scenario.yaml"):
        return self.write(name, SCENARIO.replace("FILE", file))

    def run_it(self, scenario, *words):
        return ("run", scenario, "-o", self.path("out"), "--quiet", *words)


class Reading(Permissions):
    def test_files_beside_and_below_the_scenario_are_read(self):
        shutil.copy(self.spikes, self.path("own", "below", "sp.h5"))
        os.symlink("below/sp.h5", self.path("own", "link.h5"))
        for file in ("below/sp.h5", "./below/../below/sp.h5", "link.h5", self.path("own", "below", "sp.h5")):
            self.works("check", self.scenario(file))

    def test_files_elsewhere_are_refused_however_they_are_named(self):
        os.symlink("../secret/sp.h5", self.path("own", "file.h5"))
        os.symlink("../secret", self.path("own", "folder"))
        for file in ("../secret/sp.h5", self.spikes, "file.h5", "folder/sp.h5", "below/../../secret/sp.h5"):
            for words in (("check", self.scenario(file)), self.run_it(self.scenario(file))):
                done = self.fails(2, OUTSIDE + self.path("secret") + "\n", *words)
                self.assertIn(self.spikes, done.stderr, file)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_a_folder_of_a_like_name_is_elsewhere(self):
        shutil.move(self.path("secret"), self.path("own2"))
        self.fails(2, OUTSIDE, "check", self.scenario("../own2/sp.h5"))

    def test_the_user_can_allow_a_directory_or_a_file(self):
        scenario = self.scenario("../secret/sp.h5")
        self.works("check", scenario, "--allow-read", self.path("secret"))
        self.works("check", scenario, "--allow-read", self.spikes)
        self.works("check", scenario, "--allow-read", "/")
        self.works("check", scenario, env={"REWIRE_ALLOW_READ": f"/nowhere:{self.path('secret')}"})
        self.works("check", scenario, "--set", f"populations.src.file={self.spikes}")  # the command line names it
        self.fails(2, OUTSIDE, "check", scenario, "--allow-read", self.path("own", "below"))
        self.fails(2, "--allow-read .*nowhere: No such file", "check", scenario, "--allow-read", self.path("nowhere"))

    def test_a_branch_and_a_resumed_run_read_what_the_run_read(self):
        out = self.path("out")
        self.works(*self.run_it(self.scenario("../secret/sp.h5"), "--allow-read", self.path("secret")))
        self.works("branch", out, "--at", "10 ms", "-o", self.path("branch"), "--quiet")
        with open(os.path.join(out, "scenario.yaml"), encoding="utf-8") as file:
            text = file.read()
        write_spikes(self.path("other.h5"))
        with h5py.File(self.path("other.h5"), "a") as file:
            file["more"] = 1
        with open(os.path.join(out, "scenario.yaml"), "w", encoding="utf-8") as file:
            file.write(re.sub(r"file: .*sp\.h5\"?", f"file: {self.path('other.h5')}", text))
        self.fails(2, OUTSIDE, "branch", out, "--at", "10 ms", "-o", self.path("branch2"))

    def test_devices_and_pipes_are_no_input(self):
        os.mkfifo(self.path("own", "pipe.h5"))
        for file in ("pipe.h5", "/dev/zero", "/dev/stdin", "/proc/self/environ"):
            self.fails(2, "not a regular file|outside of the folder", "check", self.scenario(file), timeout=20)

    def test_circuits_stay_in_their_tree_unless_allowed(self):
        root = self.path("own", "circuit")
        os.makedirs(root)
        config = write_circuit(root)
        self.works("check", config)
        nodes = next(os.path.join(folder, "nodes.h5") for folder, _, names in os.walk(self.path("own")) if "nodes.h5" in names)
        shutil.move(nodes, self.path("secret", "nodes.h5"))
        os.symlink(self.path("secret", "nodes.h5"), nodes)
        self.fails(2, OUTSIDE, "check", config)
        self.works("check", config, "--allow-read", self.path("secret"))
        for shared, code in (("shared", 0), (".hidden", 2)):  # beside the circuit, as in those of BMTK
            os.mkdir(self.path("own", shared))
            shutil.copy(self.path("secret", "nodes.h5"), self.path("own", shared))
            os.remove(nodes)
            os.symlink(self.path("own", shared, "nodes.h5"), nodes)
            if code == 0:
                self.works("check", config)
            else:
                self.fails(code, OUTSIDE, "check", config)

    def test_hdf5_files_do_not_lead_to_other_files(self):
        with h5py.File(self.path("own", "sp.h5"), "w") as file:
            file["spikes/src"] = h5py.ExternalLink(self.spikes, "/spikes/src")
        self.fails(2, "src", "check", self.scenario("sp.h5"))
        for name, create in (("external", self.external), ("virtual", self.virtual)):
            create(self.path("own", "sp.h5"))
            self.fails(2, "lie in other files, which are not read", "check", self.scenario("sp.h5"))
            self.assertTrue(name)

    def external(self, path):
        with h5py.File(path, "w") as file:
            file.create_dataset("spikes/src/timestamps", (1,), "f8", external=[(self.spikes, 0, 8)])
            file["spikes/src/node_ids"] = [0]

    def virtual(self, path):
        layout = h5py.VirtualLayout((3,), "f8")
        layout[:] = h5py.VirtualSource(self.spikes, "spikes/src/timestamps", (3,))
        with h5py.File(path, "w") as file:
            file.create_virtual_dataset("spikes/src/timestamps", layout)
            file["spikes/src/node_ids"] = [0, 1, 2]

    def test_a_sweep_reads_a_scenario_of_its_tree(self):
        shutil.copy(self.spikes, self.path("own", "sp.h5"))
        self.scenario(self.path("own", "sp.h5"))
        sweep = "sweep: 1\nscenario: {}\nparameters: {{w: {{set: projections.0.weight, values: [300 pA, 400 pA]}}}}\n"
        inner = self.write("own/below/sweep.yaml", sweep.format("../scenario.yaml"))
        self.works("sweep", "run", inner, "-o", self.path("out"), "--quiet")
        self.write("secret/notes.txt", "words\n")
        self.scenario("sp.h5", "secret/scenario.yaml")
        far = self.write("own/below/far.yaml", sweep.format("../../secret/scenario.yaml"))
        self.fails(2, "is not read without your consent.*--allow-read", "sweep", "plan", far, "-o", self.path("far"))
        done = self.fails(2, r"notes.txt: is no \*.yaml", "sweep", "plan",
                          self.write("own/sweep.yaml", sweep.format("../secret/notes.txt")), "-o", self.path("far"))
        self.assertNotIn("words", done.stderr)
        self.scenario(self.spikes)
        self.fails(2, OUTSIDE, "sweep", "plan", inner, "-o", self.path("far"))
        self.works("sweep", "run", inner, "-o", self.path("far"), "--quiet", "--allow-read", self.path("secret"))


class Writing(Permissions):
    def setUp(self):
        super().setUp()
        shutil.copy(self.spikes, self.path("own", "sp.h5"))
        self.file = self.scenario("sp.h5")
        self.target = self.write("secret/target", "untouched")

    def untouched(self):
        with open(self.target, encoding="utf-8") as file:
            self.assertEqual(file.read(), "untouched")
        self.assertEqual(sorted(os.listdir(self.path("secret"))), ["sp.h5", "target"])

    def test_links_in_a_directory_for_results_are_not_followed(self):
        for name, target in (("run.json", self.target), ("series.h5.part", self.target), ("edges", self.path("secret")),
                             ("spikes.h5", self.path("nowhere")), ("run.json.part", self.path("nowhere"))):
            os.makedirs(self.path("out"))
            os.symlink(target, self.path("out", name))
            self.fails(2, "holds another run", *self.run_it(self.file))
            self.fails(2, "is a symbolic link|holds another run", *self.run_it(self.file, "--resume"))
            self.assertTrue(os.path.islink(self.path("out", name)))
            self.untouched()
            self.assertFalse(os.path.exists(self.path("nowhere")))
            shutil.rmtree(self.path("out"))

    def test_links_in_a_result_that_is_resumed_are_not_followed(self):
        for name in ("run.json.part", "series.h5.part", "checkpoint/A.h5.part", "checkpoint/series.h5.rows", "reports"):
            done = self.fails(5, "stopped", *self.run_it(self.file, "--time-limit", "1 ms"))
            path = self.path("out", name)
            if os.path.isdir(path):
                shutil.rmtree(path)
            elif os.path.exists(path):
                os.remove(path)
            os.symlink(self.target if name != "reports" else self.path("secret"), path)
            self.fails(2, "is a symbolic link", *self.run_it(self.file, "--resume"))
            self.untouched()
            os.remove(path)
            shutil.rmtree(self.path("out"))
            self.assertTrue(done)

    def test_a_result_with_links_or_pipes_is_not_read_or_written_through(self):
        self.works(*self.run_it(self.file))
        out, series = self.path("out"), self.path("out", "series.h5")
        os.mkdir(self.path("out", "report"))
        os.symlink(self.target, self.path("out", "report", "report.html.part"))
        self.fails(2, "is .*a symbolic link", "report", out)
        shutil.rmtree(self.path("out", "report"))
        self.works("diff", out, out)
        shutil.move(series, self.path("elsewhere.h5"))
        os.symlink("../elsewhere.h5", series)
        for words in (("report", out), ("diff", out, out), ("compare", out, "-o", self.path("c"))):
            self.fails(2, "series.h5: is .*a symbolic link to what lies outside", *words)
        self.works("diff", out, out, env={"REWIRE_ALLOW_READ": self.folder})
        os.remove(series)
        os.mkfifo(series)
        self.fails(2, "a pipe", "diff", out, out, timeout=20)
        self.untouched()

    def test_the_directory_itself_may_be_a_link(self):
        os.mkdir(self.path("disk"))
        os.symlink(self.path("disk"), self.path("out"))
        self.works(*self.run_it(self.file))
        self.works(*self.run_it(self.file, "--resume"))
        self.works("report", self.path("out"))

    def test_names_do_not_lead_out_of_the_result(self):
        for name in ("../evil", "/evil", "a/b", ".hidden", ".."):
            self.write("own/names.yaml", SCENARIO.replace("FILE", "sp.h5").replace(
                "  e: {", f'  "{name}": {{').replace("to: e", f'to: "{name}"'))
            self.fails(2, "names.yaml", *self.run_it(self.path("own", "names.yaml")))
            self.write("own/reports.yaml", SCENARIO.replace("FILE", "sp.h5").replace(
                "series: {", f'reports: [{{name: "{name}", of: e, variable: V_m, every: 1 ms}}], series: {{'))
            self.fails(2, "reports.yaml", *self.run_it(self.path("own", "reports.yaml")))


main()
