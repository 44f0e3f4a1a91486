"""Runs the program `rewire`."""
import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from typing import Callable

from .errors import InputError, error_of
from .scenarios import dump, flow

_BAR = re.compile(r"simulating \[[#-]*\] +(\d+) %")
_PIECE = re.compile(r"\r*([^\r\n\x1b]*)\r*(\n|\x1b\[K)")  # a message ends with its line, a drawing by clearing the rest of it
_WIDTH = 90
_WARNING = "rewire: warning: "


def program() -> str:
    """The path of the program: $REWIRE_PROGRAM, the one installed beside this module, one on the PATH, or the one built in the checkout
    that this module is part of. Raises InputError if there is none."""
    here = os.path.dirname(os.path.abspath(__file__))
    candidates = [os.environ.get("REWIRE_PROGRAM")]
    folder = here
    for _ in range(6):  # PREFIX/lib/python3/dist-packages/rewire, or engine/python/rewire in a checkout
        folder = os.path.dirname(folder)
        candidates += [os.path.join(folder, "bin", "rewire"), os.path.join(folder, "build", "release", "rewire")]
    candidates.append(shutil.which("rewire"))
    for path in candidates:
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise InputError("the program rewire was not found: put it on the PATH, or name it in the variable REWIRE_PROGRAM; `./dev build` "
                     "in a checkout makes build/release/rewire")


def call(*words: str) -> str:
    """Runs `rewire WORDS` and returns its standard output. Raises what its exit code stands for."""
    done = subprocess.run([program(), *map(os.fspath, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise error_of(done.returncode, done.stderr)
    return done.stdout


def report(directories: list, output: str | os.PathLike | None = None) -> str:
    """Writes the report of some results and returns the path of its page."""
    output = os.fspath(output) if output is not None else os.path.join(os.fspath(directories[0]), "report")
    call("report", *directories, "-o", output)
    return os.path.join(output, "report.html")


def run(scenario: str | os.PathLike | dict, output: str | os.PathLike, set: dict | None = None, threads: int | None = None,  # noqa: A002
        resume: bool = False, overwrite: bool = False, progress: bool | Callable[[float], None] = True):
    """Runs a scenario as `rewire run` does and returns its Result.

    scenario: path of a YAML file or of a SONATA circuit (.json), or the scenario as a dictionary (then paths in it are relative to
    the working directory, and yaml is needed). set: keys of the scenario and their values, as `--set`: {"seed": 2,
    "drugs.ketamine.dose": "1 mg/kg"}. threads: None takes the program's default. resume: continues an interrupted run.
    overwrite: replaces the result that is in the directory, as a cell of a notebook that is run again wants it. The old result stays
    until the new run has ended, or has left a result of its own; if the run is refused, the old one is what is there.
    progress: True draws a bar in a terminal or a notebook, False nothing; a function is called with the share done, 0 to 1.

    Raises InputError, SystemError, DivergedError or StoppedError with the program's message; what the program warns of becomes a
    warning of Python."""
    from .result import Result
    replaces = not resume and os.path.exists(os.path.join(output, "run.json"))
    if replaces and not overwrite:
        raise InputError(f"{os.fspath(output)}: holds the result of a run; overwrite=True replaces it, resume=True continues it, or choose "
                         "another directory")
    words = ["-o", os.fspath(output)]
    for key, value in (set or {}).items():
        words += ["--set", f"{key}={flow(value)}"]
    if threads is not None:
        words += ["--threads", str(threads)]
    if resume:
        words.append("--resume")
    place = os.getcwd() if isinstance(scenario, dict) else os.fspath(scenario)
    with _old_result_aside(os.fspath(output), place) if replaces else contextlib.nullcontext():
        if isinstance(scenario, dict):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml", dir=place, prefix=".rewire-", encoding="utf-8") as file:
                dump(scenario, file)
                file.flush()
                _follow(["run", file.name, *words], progress, file.name)
        else:
            _follow(["run", place, *words], progress)
    return Result(output)


def _refuse_to_replace(output: str, place: str) -> None:
    """Raises InputError if the result must not be replaced; `place` is where the scenario is."""
    real = os.path.realpath(output)
    if os.path.commonpath([real, os.path.realpath(place)]) == real:
        raise InputError(f"{output}: overwrite=True would remove {place}, which the run needs; choose another directory")
    if os.path.islink(os.path.normpath(output)):
        raise InputError(f"{output}: is a symbolic link, which overwrite=True does not replace; name the directory itself")
    try:
        with open(os.path.join(output, "run.json"), encoding="utf-8") as file:
            is_running = json.load(file)["status"] == "running"
    except (ValueError, KeyError, TypeError):  # damaged: nothing that is running
        is_running = False
    if is_running:
        raise InputError(f"{output}: holds a run that has not ended; wait for it. If it was killed, resume=True continues it, or remove "
                         "the directory")


@contextlib.contextmanager
def _old_result_aside(output: str, place: str):
    """While a run replaces a result, the old one is beside it, under a name that nobody else has. It comes back if the run was
    refused or left no result of its own."""
    _refuse_to_replace(output, place)
    there = os.path.abspath(output)
    aside = tempfile.mkdtemp(prefix=os.path.basename(there) + ".old-", dir=os.path.dirname(there))
    try:
        os.rename(there, aside)
    except OSError:
        os.rmdir(aside)
        raise
    try:
        yield
    except BaseException as error:
        if isinstance(error, InputError) or not os.path.exists(os.path.join(there, "run.json")):
            if os.path.isdir(there):
                shutil.rmtree(there)
            os.rename(aside, there)
        else:
            shutil.rmtree(aside)
        raise
    shutil.rmtree(aside)


def _follow(words: list, progress, hidden: str = "") -> None:
    """Runs the program, shows how far it is, and raises what its exit code stands for. Its standard error is a terminal of its own, so
    that it draws its bar. An interruption of this program interrupts it. Messages about the file `hidden`, which the caller never
    saw, are about "the scenario"."""
    ours, theirs = pty.openpty()
    # never --quiet, which would keep warnings back
    process = subprocess.Popen([program(), *words], stdout=subprocess.DEVNULL, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    texts: list = []
    reader = threading.Thread(target=_read, args=(ours, texts, progress), daemon=True)
    reader.start()
    try:
        process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)  # the program saves its state and says how to resume
        process.wait()
        raise
    finally:
        reader.join()
        os.close(ours)
    said = [text.replace(hidden, "the scenario") if hidden else text for text in texts]
    if process.returncode != 0:
        raise error_of(process.returncode, "\n".join(said))
    for text in said:
        if text.startswith(_WARNING):
            warnings.warn(text.removeprefix(_WARNING), stacklevel=3)  # at the line that called rewire.run


def _read(descriptor: int, texts: list, progress) -> None:
    """Keeps the program's messages in `texts`, shows its bar."""
    shown, rest = False, ""
    while True:
        try:
            data = os.read(descriptor, 4096)
        except OSError:  # the program has ended
            break
        rest += data.decode("utf-8", "replace")
        end = 0
        for match in _PIECE.finditer(rest):
            end = match.end()
            if match[2] == "\n":
                texts.append(match[1])
            else:
                shown |= _show(match[1], progress)
        rest = rest[end:]
    if shown:  # the bar ends wherever it was drawn last: take it away
        sys.stdout.write("\r" + " " * _WIDTH + "\r")
        sys.stdout.flush()


def _show(line: str, progress) -> bool:
    """Shows what the program draws and draws over; true if it was written."""
    bar = _BAR.match(line)
    if bar is not None and callable(progress):
        progress(float(bar[1]) / 100.0)
    elif bar is not None and progress and (sys.stdout.isatty() or "ipykernel" in sys.modules):
        sys.stdout.write("\r" + line.ljust(_WIDTH))
        sys.stdout.flush()
        return True
    return False
