"""Measurements of tests, printed for the validation book (bench/validation/book.py) when it asks for them."""
import math
import os


def record(what, value, low, high, reference=math.nan):
    """A number that was measured, and between which bounds it is accepted."""
    if "REWIRE_CHECKS" in os.environ:
        print(f"check\t{what}\t{value:.17g}\t{reference:.17g}\t{low:.17g}\t{high:.17g}", flush=True)
