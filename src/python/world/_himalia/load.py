"""Runs the snippets, and says what they set, which hooks there are, and what is wrong."""

import builtins
import copy
import os
import re
import sys

from . import classes
from .authenticators import Authenticator
from .config import Config, LazyConfigValue, Named
from .outcome import Outcome
from .places import place_of, thrown
from .spawners import Spawner
from .traits import state

FOLDER = "/usr/local/etc/jupyterhub"
NAMED = {"volumes", "volume_mounts"}


def prepare(given):
    """The world before the first snippet."""
    import z2jh

    from . import modules

    state["known"] = given["known"]
    z2jh._values, z2jh._secrets = given["values"], given["secrets"]
    os.environ.clear()
    os.environ.update(given["environment"])
    modules.orm_module()
    modules.kubernetes_modules()
    state["authenticators"] = modules.authenticator_modules(given["authenticators"])
    config = Config()
    for name, traits in given["traits"].items():
        for trait, value in traits.items():
            config[name][trait] = Named(value) if trait in NAMED and isinstance(value, dict) else value
    object.__setattr__(config, "_places", {})
    for section in config.values():
        object.__setattr__(section, "_places", {})
    state["config"] = config
    return config, namespace(config)


def namespace(config):
    import glob

    import tornado.httpclient
    import z2jh
    from jupyterhub.utils import url_path_join
    from kubernetes_asyncio import client

    return {
        "__name__": "__main__", "__builtins__": builtins, "__file__": f"{FOLDER}/jupyterhub_config.py", "c": config,
        "os": os, "re": re, "sys": sys, "glob": glob, "url_path_join": url_path_join, "client": client,
        "AsyncHTTPClient": tornado.httpclient.AsyncHTTPClient, "get_config": z2jh.get_config, "get_name": z2jh.get_name,
        "get_name_env": z2jh.get_name_env, "get_secret_value": z2jh.get_secret_value,
        "set_config_if_not_none": z2jh.set_config_if_not_none, "camelCaseify": z2jh.camelCaseify,
        "load_subconfig": lambda path: None,
    }  # fmt: skip


def load(given, config, names):
    before = copy.deepcopy(config)
    sys.path.insert(0, FOLDER)
    # What is no Python is told of every piece; what fails when it runs, of the first: the others build on it.
    problems = [problem for source in given["sources"] if (problem := compiled(source))]
    for source in [] if problems else given["sources"]:
        problem = run(source, names)
        if problem:
            problems.append(problem)
            break
    outcome = Outcome(config, before)
    outcome.read()
    state["outcome"] = outcome
    return {
        "assignments": outcome.assignments,
        "hooks": sorted(outcome.hooks),
        "problems": problems + outcome.problems,
        "authenticator": outcome.form(),
    }


def compiled(source):
    try:
        source["compiled"] = compile(source["code"], source["url"], "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return failure(source, thrown(error))
    return None


def run(source, names):
    """None, or why it ended."""
    try:
        exec(source["compiled"], names)
    except SystemExit as end:
        return failure(source, {"message": f"It ends the hub: sys.exit({end.code!r}).", "hint": None, "stack": ""})
    except BaseException as error:
        return failure(source, thrown(error))
    return None


def failure(source, told):
    return {"url": source["url"], "severity": "error", **told}
