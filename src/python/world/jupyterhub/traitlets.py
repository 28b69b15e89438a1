from traitlets import Any, Bool, Callable, Dict, Integer, List, Unicode, Union  # noqa: F401

Command = type("Command", (List,), {})
URLPrefix = type("URLPrefix", (Unicode,), {})
ByteSpecification = type("ByteSpecification", (Integer,), {})
EntryPointType = type("EntryPointType", (Any,), {})
