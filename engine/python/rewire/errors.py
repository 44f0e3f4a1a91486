"""What rewire reports when something fails, as exceptions. The text is the program's own: what, where, what to do."""


class RewireError(Exception):
    """Anything that rewire reports. `code` is the exit code that the program has for it."""

    code = 70


class InputError(RewireError):
    """The scenario, a setting or an argument is wrong."""

    code = 2


class SystemError(RewireError):  # noqa: A001  (always written rewire.SystemError)
    """A file, memory or the system failed."""

    code = 3


class DivergedError(RewireError):
    """The simulation left the range of meaningful numbers."""

    code = 4


class StoppedError(RewireError):
    """The run was stopped before its end and can be resumed."""

    code = 5


class BugError(RewireError):
    """A bug in rewire."""


_BY_CODE = {kind.code: kind for kind in (InputError, SystemError, DivergedError, StoppedError, BugError)}


def error_of(code: int, message: str) -> RewireError:
    """The exception for an exit code of the program or a result of the library, with its message."""
    message = message.strip()
    if message.startswith("rewire: error: "):
        message = message[len("rewire: error: "):]
    return _BY_CODE.get(code, BugError)(message or f"rewire failed with code {code}")
