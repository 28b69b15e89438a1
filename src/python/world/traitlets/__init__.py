from _himalia.traits import Configurable as _Configurable
from _himalia.traits import HasTraits, TraitType, Undefined, choice, container, default, observe, validate


class TraitError(Exception):
    pass


def _plain(name, empty=None):
    return type(name, (TraitType,), {"empty": empty})


Any = _plain("Any")
Unicode = _plain("Unicode", "")
CUnicode, ObjectName, DottedObjectName = Unicode, Unicode, Unicode
Bytes = _plain("Bytes", b"")
Bool = _plain("Bool", False)
CBool = Bool
Integer = _plain("Integer", 0)
Int = CInt = Long = Integer
Float = _plain("Float", 0.0)
CFloat = Float
TCPAddress = _plain("TCPAddress", ("127.0.0.1", 0))
Callable = _plain("Callable")
List = container("List", [])
Set = container("Set", set())
Tuple = container("Tuple", ())
Dict = container("Dict", {})
Enum = choice("Enum")
CaselessStrEnum = Enum
Instance = choice("Instance")
Type = choice("Type")
ForwardDeclaredInstance, This, UseEnum = Instance, Instance, Enum


class Union(TraitType):
    def __init__(self, trait_types=(), default_value=Undefined, **named):
        first = trait_types[0].default_value if trait_types else None
        super().__init__(first if default_value is Undefined else default_value, **named)


MetaHasTraits = type(HasTraits)
from . import config  # noqa: E402
