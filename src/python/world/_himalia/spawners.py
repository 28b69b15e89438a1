"""Spawners as code extends them. An instance is a mirror: what it changes of itself is what changes of the server."""

import copy
import os
import re

from .mirrors import REST, Log, Server
from .refusal import Absent, Refusal
from .traits import Configurable, state

MISSING = object()


class Spawner(Configurable):
    log = Log()
    hub = Absent("spawner.hub", "Servers find its address in JUPYTERHUB_API_URL.")
    db = orm_spawner = Absent("The database of the hub", REST)
    handler = None
    proxy_spec = ""

    def __init__(self, *args, **named):
        self.user_options, self.name, self.api_token = {}, "", ""
        super().__init__(*args, **named)

    def __getattr__(self, name):
        # Only where nothing else is found: a trait that nobody has set here has the hub's default.
        if name.startswith("__"):
            raise AttributeError(name)
        for cls in type(self).__mro__:
            known = state["known"].get(cls.__name__, {})
            if name in known:
                value = copy.deepcopy(known[name])
                self.__dict__[name] = value
                return value
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r} here")

    @property
    def server(self):
        return Server(f"{self.user.url}{self.name + '/' if self.name else ''}")

    @property
    def server_url(self):
        return self.server.base_url

    def get_env(self):
        return dict(self.__dict__.get("_whole_environment") or {})

    def get_args(self):
        return list(self.args)

    def start(self, *args, **named):
        return self._started()

    async def _started(self):
        self.__dict__["_at_start"] = self._himalia_facts()
        return (getattr(self, "ip", "") or "127.0.0.1", getattr(self, "port", 0) or 8888)

    async def stop(self, now=False):
        return None

    async def poll(self):
        raise Refusal("spawner.poll()", REST)

    def options_from_form(self, form_data):
        return dict(form_data)

    def get_state(self):
        return {}

    def load_state(self, state):
        return None

    def clear_state(self):
        return None

    def run_pre_spawn_hook(self):
        return self.pre_spawn_hook(self) if self.pre_spawn_hook else None

    async def load_user_options(self):
        raise Refusal("spawner.load_user_options()", "What the user picked is applied after start().")

    def template_namespace(self):
        return {"username": self.user.name, "servername": self.name, "base_url": self.server.base_url}

    def format_string(self, text):
        return text.format(**self.template_namespace())

    def _himalia_facts(self):
        """Its traits as plain data."""
        names = self.__dict__.get("_trait_names", ())
        return {name: self.__dict__[name] for name in names if name in self.__dict__}


class LocalProcessSpawner(Spawner):
    pass


class SimpleLocalProcessSpawner(LocalProcessSpawner):
    pass


class KubeSpawner(Spawner):
    api = Absent("The API of Kubernetes", "Change the pod in modify_pod_hook, or make objects with hub.extraObjects.")

    @property
    def pod_reflector(self):
        raise Refusal("spawner.pod_reflector", "The hub watches pods by itself.")

    def template_namespace(self):
        return {
            **super().template_namespace(),
            "unescaped_username": self.user.name,
            "unescaped_servername": self.name,
            "userid": self.user.id,
            "hubnamespace": os.environ.get("POD_NAMESPACE", "default"),
            **self.__dict__.get("_names", {}),
        }

    def _expand_user_properties(self, template, slug_scheme=None):
        known = self.template_namespace()

        def fill(match):
            if match[1] not in known:
                raise Refusal(f"The field {match[0]} of a template", "The hub fills it in itself: leave it as it is.")
            return str(known[match[1]])

        return re.sub(r"\{(\w+)\}", fill, template)

    def _expand_all(self, source):
        if isinstance(source, str):
            return self._expand_user_properties(source)
        if isinstance(source, (list, tuple)):
            return [self._expand_all(item) for item in source]
        if isinstance(source, dict):
            return {self._expand_all(key): self._expand_all(item) for key, item in source.items()}
        return source

    def _build_common_labels(self, extra_labels):
        """Those that the hub gave the pod: `super()` in code that takes one away."""
        return {**self.__dict__.get("_labels_of_pod", {}), **extra_labels}

    def _build_pod_labels(self, extra_labels):
        return self._build_common_labels(extra_labels)

    def _build_common_annotations(self, extra_annotations):
        return {**self.__dict__.get("_annotations_of_pod", {}), **extra_annotations}

    def _options_form_default(self):
        return ""
