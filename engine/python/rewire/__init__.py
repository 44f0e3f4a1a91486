"""rewire from Python: results as arrays, tables and sparse matrices; runs; and stepping, for closed loops. ::

    import rewire
    result = rewire.run("configs/ketamine_iv.yaml", "out/first", threads=2)
    result.series["populations/pyr/rate"]      # one time coordinate, units kept
    result.spikes("pyr")                       # a table: time_ms, id
    result.synapses("pyr_to_pyr", at="2 d")    # a sparse matrix, source x target
    result.plot.rates()                        # the figure of the report, with matplotlib

    again = rewire.open("out/first")           # a result, or a sweep
    with rewire.Run("scenario.yaml") as run:   # the simulator itself, step by step
        run.advance(100.0)
        run.read("pyr", "V_m")

Needs numpy and h5py. Tables are pandas DataFrames and series are xarray Datasets where those are installed, else numpy structured
arrays; either way `table["column"]` is the column. Matrices need scipy, figures matplotlib, running the program `rewire`
(see `rewire.program`), stepping its shared library (see `rewire.Run`).
"""
from .errors import BugError, DivergedError, InputError, RewireError, StoppedError, SystemError
from .opening import open  # noqa: A004  (as gzip.open and h5py's siblings: always written rewire.open)
from .result import Result
from .running import program, run
from .scenarios import read as read_scenario
from .stepping import Run
from .sweep import Sweep
from .times import milliseconds

__all__ = ["BugError", "DivergedError", "InputError", "Result", "RewireError", "Run", "StoppedError", "Sweep", "SystemError",
           "milliseconds", "open", "program",
           "read_scenario", "run"]
