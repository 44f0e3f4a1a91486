"""The recipes in packaging/ name what exists: packages, options of CMake, the version. Images are not built here."""
import ast
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import Case, main  # noqa: E402


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


def installed_by(recipe):
    """The lists of packages that a recipe installs, one set for each command."""
    lines = re.sub(r"\\\n", " ", recipe)
    return [set(words.split()) for words in re.findall(r"--no-install-recommends ([^&\n]*)", lines)]


BUILD = set(re.search(r"build_packages=\((.*?)\)", read("dev"), re.S)[1].split())
OPTIONS = set(re.findall(r"(?:option|set)\((REWIRE_\w+)", read("CMakeLists.txt") + read("cmake", "Python.cmake")))


class Recipes(Case):
    def test_they_install_what_a_build_needs(self):
        self.assertEqual(installed_by(read("packaging", "container", "Dockerfile"))[0], BUILD)
        self.assertEqual(installed_by(read("packaging", "container", "rewire.def"))[0] - {"python3-h5py", "python3-numpy"}, BUILD)
        depends = re.search(r"^Build-Depends: (.*)$", read("packaging", "debian", "control"), re.M)[1]
        named = {re.sub(r" \(.*\)", "", word) for word in depends.split(", ")}
        # build-essential, which has gcc and libc6-dev, is there whenever a Debian package is built
        self.assertEqual(named - {"debhelper-compat", "dh-python", "python3"}, BUILD - {"gcc", "libc6-dev"})

    def test_the_libraries_of_the_image_are_those_that_the_program_is_linked_with(self):
        if not os.path.exists("/etc/debian_version") or not read("/etc/debian_version").startswith("12"):
            self.skipTest("this machine has another system than Debian 12, whose names of packages these are")
        self.needs(shutil.which("dpkg-query"), "dpkg-query is")
        for package in installed_by(read("packaging", "container", "Dockerfile"))[1]:
            done = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Status}", package], capture_output=True, text=True)
            self.assertEqual(done.stdout, "installed", package)

    def test_their_options_are_options_of_the_build(self):
        self.assertGreater(len(OPTIONS), 5)
        for path in ("container/Dockerfile", "container/rewire.def", "debian/rules", "spack/package.py"):
            text = read("packaging", path)
            named = set(re.findall(r"-D(REWIRE_\w+)", text)) | set(re.findall(r'"(REWIRE_\w+)"', text))
            self.assertTrue(named, path)
            self.assertLessEqual(named, OPTIONS, path)

    def test_the_recipe_for_spack_is_python_and_has_this_version(self):
        version = self.works("version").stdout.split()[1]
        tree = ast.parse(read("packaging", "spack", "package.py"))
        recipe = next(node for node in tree.body if isinstance(node, ast.ClassDef))
        self.assertEqual(recipe.name, "Rewire")
        calls = [node.value for node in recipe.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
        told = {call.func.id: ast.literal_eval(call.args[0]) for call in calls}
        self.assertEqual(told["version"], version)
        self.assertIn(f"({version}-", read("packaging", "debian", "changelog").split("\n", 1)[0])
        self.assertIn(f'version = "{version}"', read("engine", "python", "pyproject.toml"))

    def is_read_by(self, shell, file):
        self.needs(shutil.which(shell), f"{shell} is")
        done = subprocess.run([shell, "-n", os.path.join(ROOT, "packaging", "completion", file)], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_bash_reads_its_completion(self):
        self.is_read_by("bash", "rewire.bash")

    def test_zsh_reads_its_completion(self):
        self.is_read_by("zsh", "_rewire")

    def test_fish_reads_its_completion(self):
        self.is_read_by("fish", "rewire.fish")


if __name__ == "__main__":
    main()
