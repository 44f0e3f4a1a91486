"""An installed rewire serves programs outside of this tree: through pkg-config and through CMake, as a static library and as
a shared one. The argument is the rewire of the build to install."""
import glob
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import REWIRE, Case, is_sanitized, main, patience, run_json  # noqa: E402

import subprocess  # noqa: E402
import unittest  # noqa: E402

ROOT = os.path.join(HERE, "..", "..")
BUILD = os.path.dirname(REWIRE)

PROGRAM = """\
#include "rewire.h"

#include <stdio.h>

static rw_err count(void *self, const rw_run_spike *spikes, size_t n) {
    (void)spikes;
    *(size_t *)self += n;
    return RW_OK;
}

int main(int argc, char **argv) {
    size_t n = 0;
    rw_run *run = NULL;
    rw_err err = argc == 2 ? rw_run_open(&run, argv[1], NULL, 1) : RW_ERR_INPUT;
    if (err == RW_OK)
        err = rw_run_listen(run, count, &n);
    if (err == RW_OK)
        err = rw_run_advance(run, rw_run_end_ms(run));
    if (err != RW_OK)
        fprintf(stderr, "%s\\n", rw_error_message());
    printf("%zu spikes\\n", n);
    return rw_run_close(&run) == RW_OK && err == RW_OK ? 0 : 1;
}
"""

SCENARIO = """\
rewire: 1
time: {step: 0.1 ms, until: 100 ms}
populations: {cells: {model: lif_psc_exp, count: 40, set: {I_e: 500 pA, V_m: {uniform: [-65 mV, -50.5 mV]}}}}
record: {spikes: all}
"""

CMAKE = """\
cmake_minimum_required(VERSION 3.21)
project(visitor LANGUAGES C)
find_package(rewire 0.2 REQUIRED)
add_executable(visitor visitor.c)
target_link_libraries(visitor rewire::rewire)
"""


def cached(build, variable):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        return re.search(rf"^{variable}:\w+=(.*)$", file.read(), flags=re.M)[1]


def do(*words, cwd=None, **environment):
    """Runs a program that has to succeed and returns its standard output."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, cwd=cwd, env={**os.environ, **environment},
                          timeout=patience(600), check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@unittest.skipIf(is_sanitized(), "this build's library wants its sanitizers in the program that uses it")
class Package(Case):
    def setUp(self):
        super().setUp()
        self.needs(shutil.which("pkg-config"), "pkg-config is")
        self.compiler = cached(BUILD, "CMAKE_C_COMPILER")
        self.source = self.write("visitor.c", PROGRAM)
        self.write("CMakeLists.txt", CMAKE)
        self.scenario = self.write("scenario.yaml", SCENARIO)
        self.works("run", self.scenario, "-o", self.path("run"), "--quiet")
        self.expected = f"{run_json(self.path('run'))['spikes']} spikes\n"
        self.assertNotEqual(self.expected, "0 spikes\n")

    def install(self, build):
        """Installs a build; returns the prefix."""
        prefix = self.path("prefix")
        do("cmake", "--install", build, "--prefix", prefix)
        return prefix

    def module(self, prefix, *options):
        """What pkg-config says of the rewire that is installed there."""
        folder = os.path.join(prefix, cached(BUILD, "CMAKE_INSTALL_LIBDIR"), "pkgconfig")
        return do("pkg-config", *options, "rewire", PKG_CONFIG_PATH=folder).strip()

    def by_pkg_config(self, prefix, *options):
        flags = self.module(prefix, "--cflags", "--libs", *options).split()
        program = self.path("by_pkg_config")
        do(self.compiler, self.source, "-o", program, *flags)
        return program

    def by_cmake(self, prefix):
        build = self.path("by_cmake")
        do("cmake", "-S", self.folder, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_C_COMPILER={self.compiler}")
        do("cmake", "--build", build)
        return os.path.join(build, "visitor")

    def test_the_version_is_the_same_everywhere(self):
        version = self.works("version").stdout.split()[1]
        for name, pattern in (("CITATION.cff", r"^version: (\S+)"), ("CHANGELOG.md", r"^## (\d\S*)")):
            with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                self.assertEqual(re.search(pattern, file.read(), flags=re.M)[1], version, name)

    def test_a_source_archive_knows_its_revision(self):
        if not os.path.exists(os.path.join(ROOT, ".git")):
            self.skipTest("this machine has the source as an archive")
        self.needs(shutil.which("git"), "git is")
        do("git", "-C", ROOT, "archive", "-o", self.path("source.tar"), "HEAD", "cmake")
        do("tar", "-xf", self.path("source.tar"), "-C", self.folder)
        do("cmake", f"-DSOURCE={self.folder}", f"-DOUTPUT={self.path('revision.h')}", "-P", self.path("cmake", "Revision.cmake"))
        with open(self.path("revision.h"), encoding="utf-8") as file:
            self.assertIn(f'"{do("git", "-C", ROOT, "rev-parse", "--short", "HEAD").strip()}"', file.read())

    def test_a_static_library_brings_what_its_link_needs(self):
        prefix = self.install(BUILD)
        named = self.module(prefix, "--static", "--libs")
        for library in ("hdf5", "yaml", "udunits2", "gsl", "crypto"):
            self.assertIn(library, named)
        if "igraph" in self.works("version").stdout:
            self.assertIn("igraph", named)
        for program in (self.by_pkg_config(prefix), self.by_pkg_config(prefix, "--static"), self.by_cmake(prefix)):
            self.assertEqual(do(program, self.scenario), self.expected)
        self.assertIn(f"rewire {self.module(prefix, '--modversion')} ", self.works("version").stdout)

    def test_an_installation_is_complete_and_can_be_moved(self):
        os.rename(self.install(BUILD), self.path("moved"))
        moved = self.path("moved")
        program = os.path.join(moved, "bin", "rewire")
        do(program, "run", self.scenario, "-o", self.path("by_moved"), "--quiet")
        self.works("diff", self.path("run"), self.path("by_moved"))
        pages = sorted(os.listdir(os.path.join(moved, "share", "man", "man1")))
        words = [line.split("\t")[0] for line in do(program, "--help=words").splitlines()]
        for command in set(words) - {"help"}:
            self.assertIn(f"rewire-{command}.1", pages)
        with open(os.path.join(moved, "share", "rewire", "rewire.schema.json"), encoding="utf-8") as file:
            self.assertEqual(file.read(), do(program, "schema"))
        for scenario in ("share/rewire/configs/ketamine_iv.yaml", "share/doc/rewire/README.md"):
            self.assertTrue(os.path.exists(os.path.join(moved, scenario)), scenario)
        module = os.path.join(moved, cached(BUILD, "REWIRE_PYTHON_FOLDER"))
        code = f"import rewire; r = rewire.Run({self.scenario!r}); r.advance(r.end); print(rewire.program(), r.time)"
        said = do(sys.executable, "-c", code, PYTHONPATH=module, REWIRE_PROGRAM="", REWIRE_LIBRARY="", cwd=self.folder)
        self.assertEqual(said, f"{program} 100.0\n")

    def test_the_module_file_sets_the_paths_of_where_it_lies(self):
        modulecmd = next(iter(glob.glob("/usr/lib/*/modulecmd.tcl")), "")
        self.needs(modulecmd and shutil.which("tclsh"), "environment-modules is")
        os.rename(self.install(BUILD), self.path("moved"))
        moved = os.path.realpath(self.path("moved"))
        said = do("tclsh", modulecmd, "sh", "load", os.path.join("rewire", self.works("version").stdout.split()[1]),
                  MODULEPATH=os.path.join(moved, "share", "rewire", "modulefiles"), PYTHONPATH="", PKG_CONFIG_PATH="")
        code = f"set -e; {said}\ncommand -v rewire; pkg-config --modversion rewire; man -w rewire-run || true; " \
               f"unset REWIRE_PROGRAM REWIRE_LIBRARY; {sys.executable} -c 'import rewire; print(rewire.__file__)'"
        told = do("bash", "-c", code).splitlines()
        self.assertEqual(told[0], os.path.join(moved, "bin", "rewire"))
        self.assertIn(told[1], self.works("version").stdout)
        self.assertTrue(told[-1].startswith(moved), told)

    def test_pages_of_the_manual_are_well_formed(self):
        self.needs(shutil.which("groff"), "groff is")
        for command in ([], ["run"], ["sweep"], ["sweep", "plan"], ["compare"]):
            page = self.write("page.1", self.works(*command, "--help=man").stdout)
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            for heading in ("NAME", "SYNOPSIS", "EXIT STATUS"):
                self.assertIn(heading, re.sub(".\x08", "", done.stdout))  # bold letters are struck twice

    def test_bash_completes_commands_options_and_words_of_sweeps(self):
        script = os.path.join(ROOT, "packaging", "completion", "rewire.bash")

        def completed(*words):
            quoted = " ".join(f"'{word}'" for word in (REWIRE, *words))
            code = f"source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _rewire; printf '%s\\n' \"${{COMPREPLY[@]}}\""
            return do("bash", "-c", code).split()

        self.assertIn("compare", completed("comp"))
        self.assertEqual(completed("run", "--thr"), ["--threads"])
        self.assertEqual(completed("sweep", "pl"), ["plan"])
        self.assertEqual(completed("sweep", "plan", "--out"), ["--output"])
        self.assertEqual(completed("run", "scen"), [])

    def test_a_shared_library_serves_them_too(self):
        build = self.path("shared")
        do("cmake", "-S", ROOT, "-B", build, *(["-GNinja"] if shutil.which("ninja") else []), "-DBUILD_SHARED_LIBS=ON", "-DREWIRE_TESTS=OFF",
           "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS_DEBUG=-O0", "-DREWIRE_MULTIVERSION=OFF",
           f"-DCMAKE_C_COMPILER={self.compiler}")
        do("cmake", "--build", build, "--parallel", len(os.sched_getaffinity(0)), "--target", "librewire", "rewire", "manual")
        prefix = self.install(build)
        libraries = os.path.join(prefix, cached(build, "CMAKE_INSTALL_LIBDIR"))
        shutil.rmtree(build)
        version = do(os.path.join(prefix, "bin", "rewire"), "version").split()[1]
        soname = "librewire.so." + ".".join(version.split(".")[:2])
        self.assertTrue(os.path.exists(os.path.join(libraries, soname)))
        for program in (self.by_pkg_config(prefix), self.by_cmake(prefix)):
            self.assertIn(soname, do("readelf", "-d", program))
            self.assertEqual(do(program, self.scenario, LD_LIBRARY_PATH=libraries), self.expected)


if __name__ == "__main__":
    main()
