from jupyterhub.auth import DummyAuthenticator


class CampusAuthenticator(DummyAuthenticator):
    async def authenticate(self, handler, data):
        name = await super().authenticate(handler, data)
        if isinstance(name, dict):
            name = name["name"]
        if name.startswith("_"):
            return None
        return {"name": name.removesuffix("-x"), "admin": name.startswith("root"), "auth_state": {"from": "campus"}}

    def normalize_username(self, username):
        return username.lower().replace(".", "-")

    async def pre_spawn_start(self, user, spawner):
        auth_state = await user.get_auth_state()
        spawner.environment["FROM"] = (auth_state or {}).get("from", "nowhere")


c.JupyterHub.authenticator_class = CampusAuthenticator
c.CampusAuthenticator.allowed_users = {"ana", "mary-ann"}
