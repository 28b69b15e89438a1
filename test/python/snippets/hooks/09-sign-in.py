async def who_they_are(authenticator, handler, model):
    name, _, domain = model["name"].partition("@")
    if domain == "guests.example.org":
        return None
    model["name"] = name
    model["admin"] = name == "bob"
    return model


c.Authenticator.post_auth_hook = who_they_are
c.Authenticator.allowed_users = {"ana@example.org", "bob@example.org", "guest@guests.example.org"}
c.Authenticator.blocked_users = set(get_config("custom.blocked", []))
