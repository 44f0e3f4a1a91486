"""Times as a user writes them."""
import re
from typing import Union

from .errors import InputError

Time = Union[float, int, str]

_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "min": 6e4, "h": 3.6e6, "d": 8.64e7, "week": 6.048e8}
_TEXT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-z]+)\s*")


def milliseconds(time: Time) -> float:
    """A time in ms: of a text with a unit ("5.5 d", "40 min", "200 ms"), or a number, which is in ms.

    Raises InputError for a text without a unit, or with one that is not us, ms, s, min, h, d or week."""
    if isinstance(time, str):
        match = _TEXT.fullmatch(time)
        if match is None or match[2] not in _MS:
            raise InputError(f"'{time}' is not a time with a unit of {', '.join(_MS)}, such as '5.5 d'")
        return float(match[1]) * _MS[match[2]]
    return float(time)


def axis(longest_ms: float) -> tuple[float, str]:
    """The ms in one unit of a time axis that ends at longest_ms, and the name of the unit."""
    for unit in ("d", "h", "min", "s"):
        if longest_ms >= 3.0 * _MS[unit]:
            return _MS[unit], unit
    return 1.0, "ms"
