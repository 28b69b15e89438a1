"""What hooks are given: the people and the log. Names are those of JupyterHub's own objects."""

import sys

from .refusal import Absent, Refusal

REST = "Read it from the hub's REST API, or write a hook in TypeScript (docs/hooks.md)."


class Log:
    """Lines of it go to the hub's log."""

    def _write(self, message, args):
        try:
            text = str(message) % args if args else str(message)
        except (TypeError, ValueError):
            text = f"{message} {args}"
        print(text, file=sys.stderr)

    def info(self, message="", *args, **_):
        self._write(message, args)

    debug = warning = warn = error = critical = exception = info

    def log(self, level, message="", *args, **_):
        self._write(message, args)

    def isEnabledFor(self, level):
        return True

    def getChild(self, name):
        return self


class Group:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<Group {self.name}>"


class User:
    def __init__(self, facts, settings):
        self.name = facts["name"]
        self.admin = facts.get("admin", False)
        self.id = facts.get("id")
        self.groups = [Group(name) for name in facts.get("groups", [])]
        self.settings = settings
        self._auth_state = facts.get("authState")
        self.spawners, self.server = {}, None
        self.state = {}

    @property
    def escaped_name(self):
        from urllib.parse import quote

        return quote(self.name, safe="@~")

    @property
    def url(self):
        return f"{self.settings.get('base_url', '/')}user/{self.escaped_name}/"

    base_url = prefix = url

    @property
    def spawner(self):
        return self.spawners.get("")

    async def get_auth_state(self):
        return self._auth_state

    async def save_auth_state(self, auth_state):
        raise Refusal("user.save_auth_state()", "Change it at the sign-in: modify_auth_state_hook or post_auth_hook.")

    db = orm_user = Absent("The database of the hub", REST)

    def __repr__(self):
        return f"<User {self.name}>"


class Server:
    def __init__(self, base_url):
        self.base_url = base_url
        self.cookie_name = "jupyterhub-user"
