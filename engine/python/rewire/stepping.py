"""The simulator itself, step by step: closed loops in a few lines, over the shared library of rewire."""
import ctypes
import glob
import os
from typing import Callable

import numpy as np

from .errors import InputError, error_of
from .running import program
from .scenarios import flow
from .tables import table
from .times import Time, milliseconds


class _Spike(ctypes.Structure):
    _fields_ = [("time_ms", ctypes.c_double), ("population", ctypes.c_uint32), ("id", ctypes.c_uint64)]


class _Synapse(ctypes.Structure):
    _fields_ = [("source", ctypes.c_uint64), ("target", ctypes.c_uint64), ("weight", ctypes.c_double), ("delay_ms", ctypes.c_double)]


_Listener = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Spike), ctypes.c_size_t)

SPIKES = np.dtype([("time_ms", "f8"), ("population", "u4"), ("id", "u8")], align=True)
SYNAPSES = np.dtype([("source", "u8"), ("target", "u8"), ("weight", "f8"), ("delay_ms", "f8")])


def library_path() -> str:
    """The path of the shared library: $REWIRE_LIBRARY, one installed beside this module, the one built in the checkout that this
    module is part of, or the one that came with the program. Raises InputError if there is none."""
    candidates = [os.environ.get("REWIRE_LIBRARY")]
    folder = os.path.dirname(os.path.abspath(__file__))
    candidates.append(os.path.join(folder, "librewire.so"))
    for _ in range(6):
        folder = os.path.dirname(folder)
        candidates += [os.path.join(folder, *parts, "librewire.so") for parts in (("build", "release"), ("lib",), ("lib64",))]
    candidates += _beside_program()
    for path in candidates:
        if path and os.path.isfile(path):
            return path
    raise InputError("the shared library of rewire was not found: name it in the variable REWIRE_LIBRARY; `./dev build` in a checkout "
                     "makes build/release/librewire.so, and `cmake --install` puts it beside this module")


def _beside_program() -> list:
    """Where the library lies if only the program is known: in its folder (of a build), or below its prefix."""
    try:
        folder = os.path.dirname(os.path.realpath(program()))
    except InputError:
        return []
    prefix = os.path.dirname(folder)
    installed = ("lib*/librewire.so", "lib/*/librewire.so", "lib/python3*/*-packages/rewire/librewire.so")
    return [os.path.join(folder, "librewire.so"), *(path for pattern in installed for path in sorted(glob.glob(os.path.join(prefix, pattern))))]


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(library_path())
    run, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double
    signatures = {
        "rw_run_open": [ctypes.POINTER(run), text, ctypes.POINTER(text), ctypes.c_int],
        "rw_run_close": [ctypes.POINTER(run)],
        "rw_run_record": [run, text],
        "rw_run_listen": [run, _Listener, ctypes.c_void_p],
        "rw_run_advance": [run, number],
        "rw_run_count": [run, text, ctypes.POINTER(ctypes.c_uint64)],
        "rw_run_read": [run, text, text, ctypes.POINTER(number)],
        "rw_run_set_input": [run, ctypes.c_size_t, number],
        "rw_run_set_factor": [run, ctypes.c_size_t, number],
        "rw_run_synapses": [run, text, ctypes.POINTER(ctypes.POINTER(_Synapse)), ctypes.POINTER(ctypes.c_uint64)],
    }
    for name, arguments in signatures.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, ctypes.c_int
    library.rw_error_message.restype = text
    for name in ("rw_run_time_ms", "rw_run_end_ms"):
        getattr(library, name).argtypes, getattr(library, name).restype = [run], number
    library.rw_run_free.argtypes, library.rw_run_free.restype = [run], None
    return library


class Run:
    """A scenario on its way through time; between two advances its state can be read and its inputs changed.

        with rewire.Run("scenario.yaml", set={"seed": 3}) as run:
            while run.time < run.end:
                run.advance(run.time + 10.0)
                excess = run.read("pyr", "V_m").mean() + 60.0
                run.set_input(0, 1200.0 - 50.0 * excess)     # the first entry of `inputs`

    Without such changes the bits are those of `rewire run`. scenario: a path. set: as in
    rewire.run. threads: at least 1. record: a directory for the result, as `rewire run -o`. Times are in ms, those of scenario.

    Raises InputError, SystemError, DivergedError with the message of the library."""

    def __init__(self, scenario: str | os.PathLike, set: dict | None = None, threads: int = 1,  # noqa: A002
                 record: str | os.PathLike | None = None, on_spikes: Callable[[np.ndarray], None] | None = None):
        self._library = _load()
        self._run = ctypes.c_void_p()
        self._raised: BaseException | None = None
        settings = [f"{key}={flow(value)}".encode() for key, value in (set or {}).items()]
        texts = (ctypes.c_char_p * (len(settings) + 1))(*settings, None)
        self._check(self._library.rw_run_open(ctypes.byref(self._run), os.fsencode(scenario), texts, threads))
        try:
            if record is not None:
                self._check(self._library.rw_run_record(self._run, os.fsencode(record)))
            if on_spikes is not None:
                self._listen(on_spikes)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Frees the run; its result, if it records one, is finished first. A second call does nothing."""
        run, self._run = self._run, ctypes.c_void_p()
        if run:
            self._check(self._library.rw_run_close(ctypes.byref(run)))

    @property
    def time(self) -> float:
        """The present time, ms."""
        return self._library.rw_run_time_ms(self._open())

    @property
    def end(self) -> float:
        """The end of the scenario, ms."""
        return self._library.rw_run_end_ms(self._open())

    def advance(self, until: Time) -> None:
        """Simulates until a time (ms, or a text such as "2 s"), no further than the end."""
        err = self._library.rw_run_advance(self._open(), milliseconds(until))
        if self._raised is not None:
            raised, self._raised = self._raised, None
            raise raised
        self._check(err)

    def count(self, population: str) -> int:
        """The number of cells of a population."""
        count = ctypes.c_uint64()
        self._check(self._library.rw_run_count(self._open(), population.encode(), ctypes.byref(count)))
        return count.value

    def read(self, population: str, variable: str) -> np.ndarray:
        """A state or parameter of a population's neuron model, such as V_m, [cells], in the unit that `rewire models` names."""
        values = np.empty(self.count(population))
        pointer = values.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
        self._check(self._library.rw_run_read(self._open(), population.encode(), variable.encode(), pointer))
        return values

    def set_input(self, index: int, level: float) -> None:
        """From now on the input `index` (its place in the scenario's list `inputs`) has this level: Hz of a Poisson input, pA of a
        current or the mean of a noise."""
        self._check(self._library.rw_run_set_input(self._open(), index, level))

    def set_factor(self, index: int, factor: float) -> None:
        """From now on the factor `index` of the scenario's list `blockade` has this value; 1: no block."""
        self._check(self._library.rw_run_set_factor(self._open(), index, factor))

    def synapses(self, projection: str):
        """The synapses that a projection has now, as a table: source, target, weight, delay_ms."""
        pointer, n = ctypes.POINTER(_Synapse)(), ctypes.c_uint64()
        self._check(self._library.rw_run_synapses(self._open(), projection.encode(), ctypes.byref(pointer), ctypes.byref(n)))
        array = np.frombuffer(ctypes.string_at(pointer, n.value * SYNAPSES.itemsize), dtype=SYNAPSES) if n.value else \
            np.empty(0, SYNAPSES)
        self._library.rw_run_free(pointer)
        return table({name: array[name] for name in SYNAPSES.names}, {"delay_ms": "ms"})

    def _listen(self, on_spikes: Callable[[np.ndarray], None]) -> None:
        def listener(_, spikes, n):
            try:
                on_spikes(np.frombuffer(ctypes.string_at(spikes, n * ctypes.sizeof(_Spike)), dtype=SPIKES))
            except BaseException as raised:  # no exception passes through C: advance() raises it again
                self._raised = raised
                return 5
            return 0

        self._listener = _Listener(listener)  # lives as long as the run
        self._check(self._library.rw_run_listen(self._run, self._listener, None))

    def _open(self) -> ctypes.c_void_p:
        if not self._run:
            raise InputError("the run is closed")
        return self._run

    def _check(self, err: int) -> None:
        if err != 0:
            raise error_of(err, self._library.rw_error_message().decode("utf-8", "replace"))
