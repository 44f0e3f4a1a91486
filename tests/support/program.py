"""Runs the rewire under test, whose path is the first argument of every Python test."""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from python3 import need  # noqa: E402

need("h5py", "numpy", "yaml")

REWIRE = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "rewire"

# Other tests run beside this one: a thread that waits must not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# Limits on time hold on a quiet machine; elsewhere, so many times as long is waited. tests/CMakeLists.txt gives the factor.
PATIENCE = float(os.environ.get("REWIRE_TEST_PATIENCE", "1"))

# Whether a tool that a test needs and that is not installed is a failure, as in the full tests.
REQUIRE_TOOLS = os.environ.get("REWIRE_REQUIRE_TOOLS", "0") != "0"

# What a crash leaves on standard error.
CRASH = re.compile(r"AddressSanitizer|runtime error:|LeakSanitizer|bug at ")


def patience(seconds):
    """How long to wait for what takes less than so many seconds on a quiet machine."""
    return PATIENCE * seconds


def rewire(*words, env=None, unset=None, preexec_fn=None, cwd=None, timeout=300):
    """Runs `rewire WORDS` to its end; standard output and error are texts. The environment is this one plus `env`,
    without the variable `unset`."""
    environment = {name: value for name, value in os.environ.items() if name != unset}
    done = subprocess.run([REWIRE, *map(str, words)], capture_output=True, text=True, cwd=cwd, timeout=patience(timeout),
                          env={**environment, **(env or {})}, preexec_fn=preexec_fn, stdin=subprocess.DEVNULL)
    if done.returncode < 0 or done.returncode > 127 or CRASH.search(done.stderr):
        raise AssertionError(f"rewire {' '.join(map(str, words))} crashed ({done.returncode}):\n{done.stderr}")
    return done


def is_sanitized():
    """Whether this rewire was built with sanitizers, which take time and any amount of address space."""
    return "-fsanitize" in rewire("version", "--json").stdout


def start(*words):
    """Starts `rewire WORDS` and returns the process."""
    return subprocess.Popen([REWIRE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_json(directory):
    """The manifest of a result directory."""
    with open(os.path.join(directory, "run.json"), encoding="utf-8") as file:
        return json.load(file)


class Case(unittest.TestCase):
    """A test with a folder of its own, self.folder, that vanishes afterwards."""

    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def needs(self, found, what):
        """Skips the test if what it needs is not installed; where all tools are required, it fails."""
        if found:
            return
        if REQUIRE_TOOLS:
            self.fail(f"{what} not installed, and REWIRE_REQUIRE_TOOLS asks for every tool")
        self.skipTest(f"{what} not installed")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text):
        """Writes a file into the test's folder and returns its path."""
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def fails(self, code, pattern, *words, **options):
        """The run exits with `code`, and its message, after warnings, matches `pattern`."""
        done = rewire(*words, **options)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout[-2000:])
        self.assertRegex(done.stderr, r"\A(rewire: warning: .*\n)*rewire: error: ")
        self.assertRegex(done.stderr, pattern)
        return done

    def finish_sweep(self, directory):
        """Runs a sweep of which workers were killed until its table is there. Their claims are free when they are found
        dead, at the latest after 300 s, and until then a run leaves their points to them."""
        begin = time.monotonic()
        while not os.path.exists(os.path.join(directory, "results.h5")):
            self.works("sweep", "run", directory, "--quiet")
            waited = time.monotonic() - begin
            self.assertLess(waited, 400, self.works("sweep", "status", directory).stdout)
            time.sleep(0.5)

    def works(self, *words, **options):
        """The run exits with 0."""
        done = rewire(*words, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done


def main():
    """Runs the tests of the calling file."""
    unittest.main(argv=sys.argv[:1], verbosity=2)
