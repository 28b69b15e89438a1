from _himalia.refusal import refusing

_NOT_HERE = ("A service inside the hub", "Run it as a program of its own: hub.services.")
HubAuth = type("HubAuth", (), {"__init__": refusing(*_NOT_HERE)})
HubOAuth = type("HubOAuth", (), {"__init__": refusing(*_NOT_HERE)})
HubAuthenticated = type("HubAuthenticated", (), {})
HubOAuthenticated = type("HubOAuthenticated", (HubAuthenticated,), {})
