"""`c`, with the meaning that traitlets gives it: sections that nest, and values that are merged later."""

import copy
import sys

SNIPPET = "hook:///"


def place_in_snippet():
    """File and line of the administrator's code that is running; None outside of it."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename.startswith(SNIPPET):
            return [frame.f_code.co_filename, frame.f_lineno]
        frame = frame.f_back
    return None


def is_section(key):
    return isinstance(key, str) and key[:1].isupper() and key[:1] != "_"


class LazyConfigValue:
    """What is to be done to a value that nobody has set yet."""

    def __init__(self):
        self._prepend, self._extend, self._inserts, self._update = [], [], [], None

    def append(self, item):
        self._extend.append(item)

    def extend(self, items):
        self._extend.extend(items)

    def __iadd__(self, items):
        self._extend.extend(items)
        return self

    def prepend(self, items):
        self._prepend[:0] = items

    def insert(self, index, item):
        self._inserts.append((index, item))

    def update(self, *args, **named):
        given = args[0] if args else {}
        if isinstance(given, dict) or named:
            self._update = {**(self._update or {}), **dict(given), **named}
        else:
            self._update = set(self._update or ()) | set(given)

    def add(self, item):
        self.update({item})

    def __setitem__(self, key, value):
        self.update({key: value})

    def is_empty(self):
        return not (self._prepend or self._extend or self._inserts or self._update)

    def get_value(self, initial):
        """`initial` with all of it done."""
        value = copy.deepcopy(initial)
        if isinstance(value, dict) or (value is None and isinstance(self._update, dict)):
            value = {**(value or {}), **(self._update or {})}
        elif isinstance(self._update, set):
            value = list(dict.fromkeys([*(value or []), *self._update]))
        if self._prepend or self._extend or self._inserts:
            value = list(value or [])
            for index, item in self._inserts:
                value.insert(index, item)
            value = [*self._prepend, *value, *self._extend]
        return value


class Config(dict):
    """A section: names with a capital are sections in it, others are traits."""

    def __init__(self, *args, **named):
        dict.__init__(self)
        object.__setattr__(self, "_places", {})
        for key, value in dict(*args, **named).items():
            self[key] = value

    def _note(self, key):
        place = place_in_snippet()
        if place:
            self._places[key] = place

    def __contains__(self, key):
        if isinstance(key, str) and "." in key:
            first, rest = key.split(".", 1)
            return dict.__contains__(self, first) and rest in self[first]
        return dict.__contains__(self, key)

    has_key = __contains__

    def __getitem__(self, key):
        if not dict.__contains__(self, key):
            if is_section(key):
                dict.__setitem__(self, key, Config())
            elif isinstance(key, str) and not key.startswith("_"):
                dict.__setitem__(self, key, LazyConfigValue())
        if not is_section(key):
            self._note(key)
        return dict.__getitem__(self, key)

    def __setitem__(self, key, value):
        if is_section(key) and isinstance(value, dict) and not isinstance(value, Config):
            value = Config(value)
        elif is_section(key) and not isinstance(value, Config):
            raise ValueError(f"c.{key} is a section: set its traits, such as c.{key}.name = {value!r}.")
        if not is_section(key):
            self._note(key)
        dict.__setitem__(self, key, value)

    def __getattr__(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        try:
            return self[key]
        except KeyError as error:
            raise AttributeError(key) from error

    def __setattr__(self, key, value):
        self[key] = value

    def __delattr__(self, key):
        try:
            del self[key]
        except KeyError as error:
            raise AttributeError(key) from error

    def update(self, *args, **named):
        for key, value in dict(*args, **named).items():
            self[key] = value

    def merge(self, other):
        for key, value in other.items():
            if isinstance(self.get(key), Config) and isinstance(value, Config):
                self[key].merge(value)
            else:
                self[key] = value

    def setdefault(self, key, default=None):
        if not dict.__contains__(self, key):
            self[key] = default
        return self[key]

    def copy(self):
        return copy.copy(self)

    def __copy__(self):
        return type(self)(dict(self))

    def __deepcopy__(self, memo):
        return type(self)({key: copy.deepcopy(value, memo) for key, value in self.items()})


class Named(dict):
    """Volumes and their like by name, as today's chart keeps them; code that was written for the list of old works, too."""

    def _key(self, item):
        name = str(item.get("name", len(self))) if isinstance(item, dict) else str(len(self))
        key, count = name, 1
        while key in self:
            count += 1
            key = f"{name}-{count}"
        return key

    def append(self, item):
        self[self._key(item)] = item

    def extend(self, items):
        for item in items.values() if isinstance(items, dict) else items:
            self.append(item)

    def insert(self, index, item):
        entries = list(self.items())
        entries.insert(index, (self._key(item), item))
        self.clear()
        dict.update(self, entries)

    def __iadd__(self, items):
        self.extend(items)
        return self

    def __add__(self, items):
        return [*self.values(), *(items.values() if isinstance(items, dict) else items)]

    def __radd__(self, items):
        return [*items, *self.values()]
