"""A sweep: many runs, one table."""
import csv
import functools
import json
import os

import numpy as np

from .errors import InputError
from .result import Result
from .running import call
from .tables import table


class Sweep:
    """The directory that `rewire sweep plan -o` wrote, read only."""

    def __init__(self, directory: str | os.PathLike):
        self.directory = os.fspath(directory)
        with open(os.path.join(self.directory, "plan.json"), encoding="utf-8") as file:
            self.plan = json.load(file)

    def __repr__(self) -> str:
        return f"<rewire sweep {self.directory!r}: {self.plan.get('title')}, {self.plan['n_points']} points>"

    @functools.cached_property
    def table(self):
        """The table of outcomes: a row for each run with its arm, parameters, replicate, seed, status and outcome measures. Names are
        without units, which are in the table's `attrs["units"]`. Raises InputError as long as no table was written."""
        path = os.path.join(self.directory, "results.csv")
        if not os.path.exists(path):
            raise InputError(f"{self.directory}: the sweep has no table yet; `rewire sweep run {self.directory}` continues it, and "
                             "`rewire sweep collect` writes what there is")
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        columns, units = {}, {}
        for k, head in enumerate(rows[0]):
            name, _, unit = head.partition(" [")
            columns[name] = _column([row[k] for row in rows[1:]])
            if unit:
                units[name] = unit.rstrip("]")
        return table(columns, units)

    @property
    def points(self) -> list:
        """The results of the runs whose files were kept, in the order of their numbers."""
        found = []
        root = os.path.join(self.directory, "points")
        for folder, _, files in os.walk(root):
            if "run.json" in files:
                found.append(folder)
        return [Result(folder) for folder in sorted(found, key=os.path.basename)]

    def point(self, number: int) -> Result:
        """The result of one run by its number in the table."""
        for result in self.points:
            if os.path.basename(result.directory) == f"{number:06d}":
                return result
        raise InputError(f"{self.directory}: no files of point {number} are there; was it run, and what does `run.keep` keep?")

    def compare(self, *options: str) -> dict:
        """What `rewire compare` says of the sweep, as a dictionary; options are those of the command, such as "--reference",
        "saline". The effects are under "effects", one for each outcome and pair of arms."""
        return json.loads(call("compare", self.directory, "--json", *options))


def _column(texts: list) -> np.ndarray:
    """Whole numbers, numbers, or texts."""
    for kind in (np.int64, np.float64):
        try:
            return np.array(texts, dtype=kind)
        except ValueError:
            continue
    return np.array(texts, dtype=object)
