"""Modules like h5py belong to the system's own Python, /usr/bin/python3, which may not be the first on the path."""
import importlib.util
import os
import sys

SYSTEM = "/usr/bin/python3"


def need(*modules):
    """Starts the calling program again under the system's Python if this one lacks a module."""
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if not missing:
        return
    if not os.path.exists(SYSTEM) or os.path.realpath(sys.executable) == os.path.realpath(SYSTEM):
        sys.exit(f"this needs the Python modules {', '.join(missing)}; Debian has them as python3-<module>")
    os.execv(SYSTEM, [SYSTEM, *sys.argv])
