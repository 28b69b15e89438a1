"""Where in the administrator's code something stands, and what went wrong there."""

import traceback

from .config import SNIPPET
from .refusal import Refusal

OWN = (SNIPPET, "/usr/local/etc/jupyterhub/")


def place_of(function):
    """File and line of a function or class; None where it is not theirs."""
    function = getattr(function, "func", function)
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None and isinstance(function, type):
        lines = [place_of(one) for one in vars(function).values() if callable(one) and place_of(one)]
        return min(lines, key=lambda place: place[1]) if lines else None
    if code is None and hasattr(type(function), "__call__"):
        code = getattr(type(function).__call__, "__code__", None)
    return [code.co_filename, code.co_firstlineno] if code and code.co_filename.startswith(OWN) else None


def innermost(error):
    """The last line of theirs that ran."""
    if isinstance(error, SyntaxError) and str(error.filename).startswith(OWN):
        return [error.filename, error.lineno or 1]
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OWN)]
    return [frames[-1].filename, frames[-1].lineno] if frames else None


def thrown(error):
    """As the hub is told: sentence, hint, and a stack with a place of theirs in it."""
    place = innermost(error)
    stack = f"at {place[0]}:{place[1]}" if place else ""
    return {"message": sentence(error), "hint": hint(error), "stack": stack, "status": getattr(error, "status_code", None)}


def sentence(error):
    if isinstance(error, (Refusal, NotImplementedError)) or hasattr(error, "status_code"):
        return str(error) or type(error).__name__
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is not there."
    if isinstance(error, MemoryError):
        return "It took more memory than code of one's own is given (512 MiB)."
    if isinstance(error, KeyboardInterrupt):
        return "It did not come to an end."
    if isinstance(error, SyntaxError):
        return f"It is not valid Python: {error.msg}."
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def hint(error):
    if isinstance(error, Refusal):
        return error.instead or None
    if isinstance(error, ModuleNotFoundError):
        return (
            "Only Python's own library and what configurations usually import are there. A file of yours can be put "
            "beside the configuration with hub.extraFiles; packages with native parts would need a Python of their "
            "own beside the hub (hub.python.image), which is not possible yet."
        )
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "Only files of hub.extraFiles are there, at their mountPath."
    if isinstance(error, PermissionError):
        return "Files are there to be read; write to /tmp."
    if isinstance(error, KeyError) and innermost(error) and "environ" in "".join(traceback.format_tb(error.__traceback__)):
        return "The hub has no such environment variable; give it one with hub.extraEnv."
    return None
