"""Ways of signing in as code extends them. The hub signs in; what a class overrides changes what comes of it."""

import copy

from .awaiting import settled
from .mirrors import REST, Log
from .refusal import Absent, Refusal
from .traits import Configurable, state


class Usual:
    """What the hub will find out by itself."""


USUAL = Usual()


class Authenticator(Configurable):
    log = Log()
    db = Absent("The database of the hub", REST)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        for cls in type(self).__mro__:
            section = dict.get(self.config, cls.__name__) or {}
            if name in section and not hasattr(section[name], "get_value"):
                return section[name]
        for cls in type(self).__mro__:
            known = state["known"].get(cls.__name__, {})
            if name in known:
                return copy.deepcopy(known[name])
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r} here")

    async def authenticate(self, handler, data=None, **named):
        """What the hub found out: a class of one's own changes it after `super()`."""
        if not isinstance(handler, Handler) or handler._auth_model is None:
            raise NotImplementedError(f"{type(self).__name__} has no authenticate() of its own")
        return await settled(self.update_auth_model(handler._auth_model))

    def update_auth_model(self, auth_model, **named):
        return auth_model

    def normalize_username(self, username):
        return username

    def pre_spawn_start(self, user, spawner):
        return None

    def post_spawn_stop(self, user, spawner):
        return None

    async def refresh_user(self, user, handler=None, **named):
        """`super()` of a class of one's own: the hub looks at the sign-in as usual."""
        return USUAL

    def get_handlers(self, app):
        return []

    def login_url(self, base_url):
        return f"{base_url}login"

    def logout_url(self, base_url):
        return f"{base_url}logout"


class LocalAuthenticator(Authenticator):
    pass


class OAuthenticator(Authenticator):
    def user_info_to_username(self, user_info):
        claim = self.username_claim
        return claim(user_info) if callable(claim) else user_info.get(claim)

    async def httpfetch(self, url, label="fetching", parse_json=True, raise_error=True, **named):
        import json

        from tornado.httpclient import AsyncHTTPClient, HTTPRequest

        request = url if isinstance(url, HTTPRequest) else HTTPRequest(url, **named)
        answer = await AsyncHTTPClient().fetch(request, raise_error=raise_error)
        return json.loads(answer.body) if parse_json and answer.body else answer

    def build_userdata_request_headers(self, access_token, token_type="Bearer"):
        return {"Accept": "application/json", "User-Agent": "JupyterHub", "Authorization": f"{token_type} {access_token}"}

    def build_auth_state_dict(self, token_info, user_info):
        raise Refusal("build_auth_state_dict()", "modify_auth_state_hook changes what is kept of a sign-in.")


class Handler:
    """Who knocks: the request behind a sign-in, as far as hooks look at it."""

    def __init__(self, auth_model=None, visit=None, form=None):
        self._auth_model, self._visit, self._form = auth_model, visit or {}, form or {}
        self.settings, self.log = {}, Log()

    @property
    def request(self):
        return Request(self._visit)

    def get_argument(self, name, default="", strip=True):
        return self._form.get(name, default)

    get_body_argument = get_query_argument = get_argument

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise Refusal(f"handler.{name}", "The hub answers requests itself; raise web.HTTPError(403, why) to refuse.")


class Request:
    def __init__(self, visit):
        self.headers = {name.title(): value for name, value in (visit.get("headers") or {}).items()}
        self.remote_ip = visit.get("clientIp", "")
