"""What code made, as plain data for the hub; what is none is told apart."""

import datetime
import math
import pathlib


class NotPlain(TypeError):
    """Something that no configuration can hold as a value."""

    def __init__(self, path, value):
        super().__init__(f"{path} is {described(value)}, which is no plain value.")


def described(value):
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if callable(value):
        return f"the function {getattr(value, '__name__', type(value).__name__)}"
    return f"an object of {type(value).__name__}"


def plain(value, path="It"):
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        raise NotPlain(path, value)
    if isinstance(value, dict):
        return {_key(key, path): plain(item, f"{path}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, path) for item in value), key=str)
    if hasattr(value, "items") and hasattr(value, "keys"):
        return plain(dict(value.items()), path)
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, pathlib.PurePath):
        return str(value)
    raise NotPlain(path, value)


def _key(key, path):
    if isinstance(key, bool) or not isinstance(key, (str, int, float)):
        raise NotPlain(f"A key in {path}", key)
    return str(key)


def patch(before, after):
    """What makes `after` of `before` when it is merged into it: a null takes a key away, lists are replaced."""
    changes = {}
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if key not in after:
            changes[key] = None
        elif isinstance(old, dict) and isinstance(new, dict):
            inner = patch(old, new)
            if inner:
                changes[key] = inner
        elif key not in before or old != new or type(old) is not type(new):
            changes[key] = new
    return changes
