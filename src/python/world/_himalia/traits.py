"""Classes with traits, as far as classes of configurations go: declared, defaulted, set from `c`."""

import copy

from .config import Config, LazyConfigValue

state = {"config": Config(), "known": {}}


class Undefined:
    pass


class TraitType:
    """A declared attribute. What `c` says wins over its default."""

    empty = None

    def __init__(self, default_value=Undefined, *args, help=None, config=False, allow_none=False, **metadata):
        self.default_value = copy.copy(self.empty) if default_value is Undefined else default_value
        self.help, self.allow_none = help, allow_none
        self.metadata = {**metadata, "config": config}
        self.name = None

    def tag(self, **metadata):
        self.metadata.update(metadata)
        return self

    def default(self, obj=None):
        return copy.deepcopy(self.default_value)

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        values = obj.__dict__
        if self.name not in values:
            values[self.name] = obj._trait_default(self.name, self)
        return values[self.name]

    def __set__(self, obj, value):
        obj._set_trait(self.name, value)


def container(name, empty):
    def __init__(self, *args, default_value=Undefined, **named):
        # The first argument of a container may be the type of what is in it.
        first = args[0] if args else Undefined
        if default_value is Undefined and isinstance(first, (list, dict, set, tuple)):
            default_value = first
        TraitType.__init__(self, default_value, **named)

    return type(name, (TraitType,), {"empty": empty, "__init__": __init__})


def choice(name):
    def __init__(self, *args, default_value=Undefined, **named):
        TraitType.__init__(self, default_value, **named)

    return type(name, (TraitType,), {"__init__": __init__})


class Marked:
    """A method that traitlets calls by itself."""

    def __init__(self, kind, names, function=None):
        self.kind, self.names, self.function = kind, names, function

    def __call__(self, *args, **named):
        if self.function is None:
            self.function = args[0]
            return self
        return self.function(*args, **named)

    def __get__(self, obj, owner=None):
        return self if obj is None else self.function.__get__(obj, owner)


def default(name):
    return Marked("default", (name,))


def validate(*names):
    return Marked("validate", names)


def observe(*names, **_):
    return Marked("observe", names)


class HasTraits:
    def __init__(self, *args, **named):
        for name, value in named.items():
            setattr(self, name, value)

    def _marked(self, kind, name):
        for cls in type(self).__mro__:
            for one in vars(cls).values():
                if isinstance(one, Marked) and one.kind == kind and (name in one.names or "*" in one.names):
                    return one
        return None

    def _trait_default(self, name, trait):
        marked = self._marked("default", name)
        if marked:
            return marked.function(self)
        old = getattr(type(self), f"_{name}_default", None)
        return old(self) if callable(old) else trait.default(self)

    def _set_trait(self, name, value):
        marked = self._marked("validate", name)
        if marked:
            value = marked.function(self, {"value": value, "owner": self, "trait": getattr(type(self), name)})
        old = self.__dict__.get(name)
        self.__dict__[name] = value
        marked = self._marked("observe", name)
        if marked:
            marked.function(self, {"name": name, "old": old, "new": value, "owner": self, "type": "change"})

    def has_trait(self, name):
        return isinstance(getattr(type(self), name, None), TraitType) or name in self.__dict__

    @classmethod
    def class_trait_names(cls, **_):
        return [name for name in dir(cls) if isinstance(getattr(cls, name, None), TraitType)]

    def trait_names(self, **_):
        return self.class_trait_names()


class Configurable(HasTraits):
    def __init__(self, *args, config=None, parent=None, **named):
        self.parent = parent
        self.config = state["config"] if config is None else config
        self._load_config()
        super().__init__(*args, **named)

    def _load_config(self):
        """What `c` says of traits that code declared; those of the hub's own classes come from the hub."""
        for cls in reversed(type(self).__mro__):
            section = dict.get(self.config, cls.__name__)
            for name, value in (section or {}).items():
                trait = getattr(type(self), name, None)
                if not isinstance(trait, TraitType):
                    continue
                if isinstance(value, LazyConfigValue):
                    value = value.get_value(getattr(self, name))
                setattr(self, name, copy.deepcopy(value))
