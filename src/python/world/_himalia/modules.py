"""Modules made from tables: ways of signing in, and the client of Kubernetes."""

import importlib
import sys
import types

from . import authenticators as base
from .models import models
from .refusal import refusing
from .spawners import REST

API = "Change the pod in modify_pod_hook, or make objects with hub.extraObjects."


def module(name, **content):
    """A module of that name, and the packages around it."""
    made = sys.modules.get(name) or _written(name)
    if made is None:
        made = types.ModuleType(name)
        made.__path__ = []
        sys.modules[name] = made
        package, _, last = name.rpartition(".")
        if package:
            setattr(module(package), last, made)
    for key, value in content.items():
        setattr(made, key, value)
    return made


def _written(name):
    """A module of that name that stands in a file of the world."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


def authenticator_modules(rows):
    """`rows`: class name, its parents' names, and the modules that have it."""
    made = {"Authenticator": base.Authenticator, "LocalAuthenticator": base.LocalAuthenticator, "OAuthenticator": base.OAuthenticator}
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        name, parent = row["className"], row["parent"]
        if parent not in made and any(other["className"] == parent for other in waiting):
            waiting.append(row)
            continue
        first = made.get(parent, base.Authenticator)
        if name not in made:
            made[name] = type(name, (first,), {"__module__": row["modules"][0] if row["modules"] else "jupyterhub.auth"})
        for path in row["modules"]:
            module(path, **{name: made[name]})
            if not issubclass(made[name], base.LocalAuthenticator):
                local = type(f"Local{name}", (base.LocalAuthenticator, made[name]), {"__module__": path})
                module(path, **{f"Local{name}": local})
    module("oauthenticator.oauth2", OAuthenticator=base.OAuthenticator)
    module("oauthenticator", OAuthenticator=base.OAuthenticator)
    _callback_handlers()
    return made


def _callback_handlers():
    from jupyterhub.handlers import BaseHandler

    names = ("OAuthCallbackHandler", "OAuthLoginHandler", "OAuthLogoutHandler")
    module("oauthenticator.oauth2", **{name: type(name, (BaseHandler,), {}) for name in names})


def _api(name):
    return type(name, (), {"__init__": lambda self, *args, **named: None, "__getattr__": lambda self, call: _call(name, call)})


def _call(name, call):
    if call.startswith("__"):
        raise AttributeError(call)
    return refusing(f"{name}.{call}()", API)


class ApiException(Exception):
    def __init__(self, status=None, reason=None, http_resp=None):
        super().__init__(reason)
        self.status, self.reason, self.body = status, reason, None


def kubernetes_modules():
    for root in ("kubernetes", "kubernetes_asyncio"):
        apis = {name: _api(name) for name in ("CoreV1Api", "AppsV1Api", "BatchV1Api", "RbacAuthorizationV1Api", "CustomObjectsApi", "ApiClient", "NetworkingV1Api")}
        client = module(f"{root}.client", ApiException=ApiException, **apis)
        client.__getattr__ = models
        module(f"{root}.client.models").__getattr__ = models
        module(f"{root}.client.rest", ApiException=ApiException)
        module(f"{root}.client.exceptions", ApiException=ApiException)
        module(f"{root}.config", load_incluster_config=lambda *_, **__: None, load_kube_config=lambda *_, **__: None)


def orm_module():
    def missing(name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": refusing(f"jupyterhub.orm.{name}", REST)})

    module("jupyterhub.orm").__getattr__ = missing
