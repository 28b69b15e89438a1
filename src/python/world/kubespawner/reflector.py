from _himalia.refusal import refusing

_REFUSED = {"__init__": refusing("A reflector", "The hub watches pods by itself.")}
ResourceReflector = type("ResourceReflector", (), _REFUSED)
NamespacedResourceReflector = type("NamespacedResourceReflector", (ResourceReflector,), {})
