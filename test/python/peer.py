"""What JupyterHub and KubeSpawner make of Python in a configuration: a job as JSON on standard input, answers on standard output.

A job: {"snippets": [[name, code]], "traits", "values", "environment", "starts": [...], "visits": [...]}.
A start: {"user": {"name", "id", "admin", "groups"}, "options", "authState"}; its answer: {"pod"} or {"error"}, and {"profiles"}.
A visit: the fields of the form; its answer: the user as JupyterHub would take them in, or null.
"""

import asyncio
import json
import logging
import os
import sys
import tempfile
import types
from unittest import mock

job = json.load(sys.stdin)
kubeconfig = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "none",
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "none"}}],
    "clusters": [{"name": "none", "cluster": {"server": "http://127.0.0.1:1"}}],
    "users": [{"name": "none", "user": {}}],
}
config_file = tempfile.NamedTemporaryFile("w", suffix=".json")
json.dump(kubeconfig, config_file)
config_file.flush()
os.environ.update(job["environment"], KUBECONFIG=config_file.name)

from jupyterhub.auth import DummyAuthenticator  # noqa: E402
from jupyterhub.objects import Hub, Server  # noqa: E402
from jupyterhub.spawner import Spawner  # noqa: E402
from jupyterhub.utils import maybe_future, url_path_join  # noqa: E402
from kubernetes_asyncio.client import ApiClient  # noqa: E402
from traitlets.config import Config  # noqa: E402

from kubespawner import KubeSpawner  # noqa: E402


def get_config(key, default=None):
    """As the chart's module does; it is in no package."""
    value = job["values"]
    for step in key.split("."):
        if not isinstance(value, dict) or step not in value:
            return default
        value = value[step]
    return default if value is None else value


z2jh = types.ModuleType("z2jh")
z2jh.get_config = get_config
sys.modules["z2jh"] = z2jh


class User:
    def __init__(self, facts, auth_state):
        self.name, self.id, self.admin = facts["name"], facts["id"], facts["admin"]
        self.groups = [types.SimpleNamespace(name=name) for name in facts["groups"]]
        self.settings = {"public_url": "", "domain": ""}
        self.db = None
        self.escaped_name = self.name
        self.url = url_path_join("/user/", self.name, "/")
        self._auth_state = auth_state

    def server_url(self, name=""):
        return self.url

    async def get_auth_state(self):
        return self._auth_state


async def started(self):
    """What comes before the API of Kubernetes is asked for anything."""
    await self.load_user_options()
    pod = await self.get_pod_manifest()
    if self.modify_pod_hook:
        pod = await maybe_future(self.modify_pod_hook(self, pod))
    self.made = pod
    return ("127.0.0.1", 8888)


KubeSpawner._start = started
# The original asks the database.
Spawner.server = property(lambda self: Server(base_url=self.user.url, port=self.port))


def spawner_of(start, config, cls, authenticator):
    user = User(start["user"], start["authState"])
    row = mock.Mock()
    row.name, row.server, row.oauth_client = "", None, None
    spawner = cls(
        config=config,
        hub=Hub(public_host="", base_url="/hub/", port=8081, bind_url="http://:8081", connect_url="http://hub:8081"),
        user=user,
        orm_spawner=row,
        authenticator=authenticator,
        api_token="a-token",
        oauth_client_id="jupyterhub-user-x",
        oauth_access_scopes=["access:servers"],
    )
    spawner.user_options = start["options"]
    return spawner


async def pod_of(start, config, cls, authenticator, plain):
    """In the order of jupyterhub.user.User.spawn."""
    spawner = spawner_of(start, config, cls, authenticator)
    try:
        await maybe_future(authenticator.pre_spawn_start(spawner.user, spawner))
        await spawner.run_auth_state_hook(await spawner.user.get_auth_state())
        await spawner.apply_group_overrides()
        await maybe_future(spawner.run_pre_spawn_hook())
        await maybe_future(spawner.start())
        return {"pod": plain(spawner.made)}
    except Exception as error:
        return {"error": str(getattr(error, "log_message", None) or error) % getattr(error, "args", ()) if hasattr(error, "log_message") else str(error)}


async def profiles_of(start, config, cls, authenticator):
    spawner = spawner_of(start, config, cls, authenticator)
    found = spawner.profile_list
    try:
        found = await maybe_future(found(spawner)) if callable(found) else found
    except Exception as error:
        return f"{type(error).__name__}"
    return [profile["display_name"] for profile in found]


async def visitor(form, authenticator):
    model = await authenticator.get_authenticated_user(None, form)
    return model and {"name": model["name"], "admin": bool(model["admin"]), "auth_state": model["auth_state"]}


async def main():
    logging.disable(logging.CRITICAL)
    config = Config(job["traits"])
    names = {"c": config, "get_config": get_config, "os": os, "__file__": __file__}
    for name, code in job["snippets"]:
        exec(compile(code, name, "exec"), names)
    cls = config.JupyterHub.get("spawner_class", KubeSpawner)
    auth_class = config.JupyterHub.get("authenticator_class", DummyAuthenticator)
    auth_class = DummyAuthenticator if isinstance(auth_class, str) else auth_class
    authenticator = auth_class(config=config)
    client = ApiClient()
    starts = []
    for start in job["starts"]:
        made = await pod_of(start, config, cls, authenticator, client.sanitize_for_serialization)
        starts.append({**made, "profiles": await profiles_of(start, config, cls, authenticator)})
    visits = [await visitor(form, authenticator) for form in job["visits"]]
    await client.close()
    hub = {name: value for name, value in config.JupyterHub.items() if name in ("template_vars", "authenticate_prometheus")}
    json.dump({"starts": starts, "visits": visits, "hub": hub}, sys.stdout)


asyncio.run(main())
