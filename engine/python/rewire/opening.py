"""From a directory to what it holds."""
import os
from typing import Union

from .errors import InputError
from .result import Result
from .sweep import Sweep


def open(directory: str | os.PathLike) -> Union[Result, Sweep]:  # noqa: A001
    """The result of a run, or the sweep, in a directory.

    Raises InputError if it holds neither."""
    path = os.fspath(directory)
    if os.path.exists(os.path.join(path, "run.json")):
        return Result(path)
    if os.path.exists(os.path.join(path, "plan.json")):
        return Sweep(path)
    if not os.path.isdir(path):
        raise InputError(f"{path}: there is no such directory")
    raise InputError(f"{path}: holds no result of `rewire run` (run.json) and no sweep (plan.json); name the directory that was "
                     "given with -o")
