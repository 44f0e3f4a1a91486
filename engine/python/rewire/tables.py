"""Columns as a table: a pandas DataFrame where pandas is installed, a numpy structured array elsewhere."""
import numpy as np

try:
    import pandas
except ImportError:
    pandas = None


def table(columns: dict, units: dict | None = None):
    """A table of equally long columns. The units, one text for each name, are in `attrs["units"]` of a DataFrame, and in the
    metadata of the columns' types of an array (`array.dtype["name"].metadata["units"]`)."""
    units = units or {}
    if pandas is not None:
        frame = pandas.DataFrame(columns)
        frame.attrs["units"] = units
        return frame
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    types = [(name, np.dtype(a.dtype, metadata={"units": units[name]}) if name in units else a.dtype)
             for name, a in arrays.items()]
    result = np.empty(len(next(iter(arrays.values()), ())), dtype=types)
    for name, values in arrays.items():
        result[name] = values
    return result


def text_of(value) -> str:
    """An attribute of an HDF5 file as text."""
    return value.decode() if isinstance(value, bytes) else str(value)


def units_of(dataset) -> str:
    """The unit of a dataset; "1" if it has none."""
    return text_of(dataset.attrs.get("units", "1"))
