"""What KubeSpawner makes of configurations: reads a JSON list of cases on standard input, prints a list of answers.

A case: {"traits": {...}, "user": {"name", "id"}, "server": "", "options": {...}, "pod": {...}}.
An answer: {"environment", "names", "pod", "claim", "service", "namespace", "url"}, or {"error"} where it refuses.
"""

import asyncio
import json
import logging
import os
import sys
import tempfile
from unittest import mock

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
os.environ["KUBECONFIG"] = config_file.name

import jupyterhub.utils  # noqa: E402
from jupyterhub.objects import Hub, Server  # noqa: E402
from jupyterhub.utils import url_path_join  # noqa: E402
from kubernetes_asyncio.client import ApiClient  # noqa: E402
from traitlets.config import Config  # noqa: E402

from kubespawner import KubeSpawner  # noqa: E402
from kubespawner.objects import make_namespace, make_owner_reference  # noqa: E402


class User:
    def __init__(self, name, id):
        self.name = name
        self.id = id
        self.admin = False
        self.groups = []
        self.settings = {"public_url": "", "domain": ""}
        self.db = None

    @property
    def escaped_name(self):
        return jupyterhub.utils.quote(self.name) if hasattr(jupyterhub.utils, "quote") else self.name

    @property
    def url(self):
        return url_path_join("/user/", self.escaped_name, "")

    def server_url(self, name=""):
        return self.url if not name else url_path_join(self.url, name, "/")


def spawner_of(case):
    user = User(case["user"]["name"], case["user"]["id"])
    row = mock.Mock()
    row.name = case.get("server", "")
    row.server = None
    row.oauth_client = None
    config = Config({"KubeSpawner": case["traits"]})
    config.KubeSpawner.options_form = ""
    spawner = KubeSpawner(
        config=config,
        hub=Hub(public_host="", base_url="/hub/", port=8081, bind_url="http://:8081", connect_url="http://hub:8081"),
        user=user,
        orm_spawner=row,
        api_token="a-token",
        oauth_client_id="jupyterhub-user-x",
        oauth_access_scopes=["access:servers"],
    )
    spawner.server = Server(base_url=user.server_url(row.name), port=spawner.port)
    spawner.user_options = case.get("options", {})
    return spawner


def hub_environment(spawner):
    """What comes from the hub alone."""
    own = spawner.environment
    spawner.environment = {}
    try:
        base = spawner.get_env()
    finally:
        spawner.environment = own
    return {key: value for key, value in base.items() if key not in ("JUPYTER_IMAGE", "JUPYTER_IMAGE_SPEC")}


async def answer(case, plain):
    try:
        spawner = spawner_of(case)
        await spawner.load_user_options()
        environment = hub_environment(spawner)
        pod = plain(await spawner.get_pod_manifest())
        owner = make_owner_reference(spawner.pod_name, "uid")
        seen = {**pod, "status": {"podIP": case.get("ip", "10.1.2.3")}}
        return {
            "environment": {key: str(value) for key, value in environment.items()},
            "names": {
                "pod": spawner.pod_name,
                "claim": spawner.pvc_name,
                "namespace": spawner.namespace,
                "dns": spawner.dns_name,
            },
            "pod": pod,
            "claim": plain(spawner.get_pvc_manifest()),
            "service": plain(spawner.get_service_manifest(owner, spawner._get_pod_port(seen))),
            "namespace": plain(
                make_namespace(
                    spawner.namespace,
                    spawner._expand_all(spawner.user_namespace_labels),
                    spawner._expand_all(spawner.user_namespace_annotations),
                )
            ),
            "url": spawner._get_pod_url(seen),
        }
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


async def main():
    logging.disable(logging.CRITICAL)
    client = ApiClient()
    cases = json.load(sys.stdin)
    answers = [await answer(case, client.sanitize_for_serialization) for case in cases]
    await client.close()
    json.dump(answers, sys.stdout)


asyncio.run(main())
