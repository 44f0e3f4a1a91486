"""Runs the program on a scenario and reads what it left; statistics of spike trains."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import python3  # noqa: E402
from checks import record  # noqa: E402

python3.need("h5py", "numpy")
import h5py  # noqa: E402
import numpy as np  # noqa: E402

CONFIGS = ROOT / "configs"
THREADS = int(os.environ.get("REWIRE_TEST_THREADS", "2"))
# Other work may share the processors: a thread that waits must not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


class Run:
    """The result directory of one finished run."""

    def __init__(self, directory):
        self.directory = Path(directory)

    def spikes(self, population, start_ms=0.0):
        """Times (ms, ascending) and cells of the spikes after start_ms."""
        with h5py.File(self.directory / "spikes.h5") as file:
            times = file[f"spikes/{population}/timestamps"][:]
            ids = file[f"spikes/{population}/node_ids"][:]
        keep = times > start_ms
        return times[keep], ids[keep]

    def series(self, name):
        """One series, for example populations/exc/calcium."""
        with h5py.File(self.directory / "series.h5") as file:
            return file[name][:]

    def time_s(self):
        return self.series("time") * 1e-3


def run(binary, scenario, settings=None, threads=THREADS):
    """Runs a scenario of configs/ or a path, with --set key=value for each of `settings`, into a directory that
    vanishes when the test ends."""
    directory = tempfile.mkdtemp(prefix="rewire_test_")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    path = scenario if Path(scenario).is_absolute() else CONFIGS / scenario
    command = [binary, "run", str(path), "-o", f"{directory}/out", "--threads", str(threads), "--quiet"]
    for key, value in (settings or {}).items():
        command += ["--set", f"{key}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return Run(f"{directory}/out")


def rate_hz(times_ms, n_cells, start_ms, end_ms):
    inside = (times_ms > start_ms) & (times_ms <= end_ms)
    return inside.sum() / n_cells / (1e-3 * (end_ms - start_ms))


def mean_cv(times_ms, ids, at_least=5):
    """Mean over cells of the coefficient of variation of their intervals; cells with few spikes are left out."""
    order = np.lexsort((times_ms, ids))
    times_ms, ids = times_ms[order], ids[order]
    starts = np.flatnonzero(np.diff(ids, prepend=-1) != 0)
    cvs = []
    for train in np.split(times_ms, starts[1:]):
        if len(train) > at_least:
            intervals = np.diff(train)
            cvs.append(intervals.std() / intervals.mean())
    return float(np.mean(cvs))


def peak_frequency_hz(times_ms, start_ms, end_ms, lowest_hz, bin_ms=0.5, segments=4):
    """Frequency above lowest_hz where the power of the population's activity is largest: Hann windows, half overlap."""
    counts, _ = np.histogram(times_ms, bins=np.arange(start_ms, end_ms + 0.5 * bin_ms, bin_ms))
    length = 2 * len(counts) // (segments + 1)
    power = 0.0
    for k in range(segments):
        piece = counts[k * length // 2 : k * length // 2 + length].astype(float)
        piece = (piece - piece.mean()) * np.hanning(length)
        power = power + np.abs(np.fft.rfft(piece, 8 * length)) ** 2
    frequency = np.fft.rfftfreq(8 * length, 1e-3 * bin_ms)
    power = np.where(frequency >= lowest_hz, power, 0.0)
    return float(frequency[np.argmax(power)])


class Checks:
    """Prints every measurement beside what is asked of it, and remembers failures."""

    def __init__(self):
        self.failed = 0

    def within(self, what, value, low, high, reference=float("nan")):
        good = bool(low <= value <= high)
        self.failed += not good
        record(what, value, low, high, reference)
        print(f"{'ok  ' if good else 'FAIL'} {what}: {value:.4g} (asked: {low:.4g} to {high:.4g})", flush=True)

    def near(self, what, value, wanted, tolerance):
        self.within(what, value, wanted - tolerance, wanted + tolerance, wanted)

    def end(self):
        sys.exit(1 if self.failed else 0)
