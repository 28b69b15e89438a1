"""What the chart's own module offers: the values of the release."""

import copy
import os

_values = {}
_secrets = {}


def get_config(key, default=None):
    """The value at a dotted path; `default` where there is none."""
    value = _values
    for step in key.split("."):
        if not isinstance(value, dict) or step not in value:
            return default
        value = value[step]
    return default if value is None else copy.deepcopy(value)


def get_secret_value(key, default=None):
    return _secrets.get(key, default)


def set_config_if_not_none(cparent, name, key):
    value = get_config(key)
    if value is not None:
        setattr(cparent, name, value)


def get_name(name):
    return os.environ.get(f"{name.upper().replace('-', '_')}_NAME", name)


def get_name_env(name, suffix=""):
    return os.environ[name.upper().replace("-", "_") + suffix]


def camelCaseify(text):
    first, *others = text.split("_")
    return first + "".join(part.capitalize() for part in others)
