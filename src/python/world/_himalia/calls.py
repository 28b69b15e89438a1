"""Answers the hub's calls: makes the mirrors, runs the administrator's code, gives back what changed."""

import copy
import os

from . import classes
from .authenticators import USUAL, Handler, OAuthenticator
from .awaiting import settled
from .config import Named
from .hook_traits import COMPUTED
from .mirrors import User
from .models import wrapped
from .plain import patch, plain
from .refusal import Refusal
from .traits import state

MOST_KEPT = 2000
kept = {}


def outcome():
    return state["outcome"]


def spawner_for(server, traits=None):
    """The mirror of one server: what code put on it stays, what the hub knows is told anew."""
    facts = server["user"]
    key = (facts["name"], server.get("name", ""))
    spawner = kept.pop(key, None) or outcome().spawner_class(parent=None)
    kept[key] = spawner
    while len(kept) > MOST_KEPT:
        kept.pop(next(iter(kept)))
    own = spawner.__dict__
    for name in own.pop("_trait_names", ()):
        own.pop(name, None)
    told = copy.deepcopy(traits or {})
    for name in ("volumes", "volume_mounts"):
        if isinstance(told.get(name), dict):
            told[name] = Named(told[name])
    told.setdefault("namespace", None)
    told["namespace"] = told["namespace"] or os.environ.get("POD_NAMESPACE", "default")
    declared = {name for name in told if name in own and name not in state["all_traits"]}
    own.update({name: value for name, value in told.items() if name not in declared})
    own["_trait_names"] = [name for name in told if name not in declared]
    spawner.name = server.get("name", "")
    spawner.user_options = copy.deepcopy(server.get("options") or {})
    spawner.user = User({**facts, "id": server.get("userId", facts.get("userId")), "authState": server.get("authState")}, state["settings"])
    spawner.user.spawners[spawner.name] = spawner
    spawner.authenticator = outcome().authenticator_class(parent=None)
    return spawner


async def prepare_spawner(server):
    """Everything that JupyterHub runs before the user's choice is applied, in its order."""
    traits = server.get("traits") or {}
    spawner = spawner_for(server, traits)
    before = plain(spawner._himalia_facts())
    functions = outcome().spawner_functions
    own = spawner.__dict__
    own["environment"] = {**(own.get("environment") or {})}
    for name, function in outcome().environment_functions.items():
        own["environment"].setdefault(name, function)
    await settled(spawner.authenticator.pre_spawn_start(spawner.user, spawner))
    if functions.get("auth_state_hook"):
        await settled(functions["auth_state_hook"](spawner, server.get("authState")))
    if functions.get("group_overrides"):
        await _group_overrides(spawner, functions["group_overrides"])
    if functions.get("pre_spawn_hook"):
        await settled(functions["pre_spawn_hook"](spawner))
    own.pop("_at_start", None)
    if classes.overrides(type(spawner), "start"):
        await settled(spawner.start())
        if "_at_start" not in own:
            raise NotImplementedError(f"{type(spawner).__name__}.start() never calls super().start(), so nothing would be started")
        own.update(own.pop("_at_start"))
    after = await _computed(spawner, server, functions)
    return {"override": patch(before, plain(after, "spawner"))}


async def _computed(spawner, server, functions):
    """What is worked out last: functions in the place of values, get_env() and get_args()."""
    facts = spawner._himalia_facts()
    for name in COMPUTED:
        if name in functions:
            facts[name] = await settled(functions[name](spawner))
    environment = facts.get("environment") or {}
    facts["environment"] = {name: (str(value(spawner)) if callable(value) else value) for name, value in environment.items()}
    if classes.overrides(type(spawner), "get_env"):
        whole = {**(server.get("environment") or {}), **facts["environment"]}
        spawner.__dict__["_whole_environment"] = whole
        changes = patch(whole, dict(await settled(spawner.get_env())))
        facts["environment"] = {**facts["environment"], **changes}
    if classes.overrides(type(spawner), "get_args"):
        facts["args"] = list(await settled(spawner.get_args()))
    return facts


async def _group_overrides(spawner, function):
    mine = {group.name for group in spawner.user.groups}
    found = await settled(function(spawner)) if callable(function) else function
    for name in sorted(found):
        if mine & set(found[name]["groups"]):
            apply_override(spawner, found[name]["spawner_override"])


def apply_override(spawner, override):
    for name, value in override.items():
        value = value(spawner) if callable(value) else value
        present = getattr(spawner, name, None)
        if isinstance(value, dict) and isinstance(present, dict):
            _merge(present, value)
        else:
            setattr(spawner, name, value)


def _merge(target, new):
    for key, value in new.items():
        if isinstance(value, dict):
            target[key] = target.get(key) or {}
            _merge(target[key], value)
        elif value is None:
            target.pop(key, None)
        else:
            target[key] = value


async def post_stop(server):
    spawner = spawner_for(server, server.get("traits"))
    if classes.overrides(type(spawner), "stop"):
        await settled(spawner.stop())
    function = outcome().spawner_functions.get("post_stop_hook")
    if function:
        await settled(function(spawner))
    await settled(spawner.authenticator.post_spawn_stop(spawner.user, spawner))
    kept.pop((spawner.user.name, spawner.name), None)


async def modify_pod(pod, server):
    spawner = spawner_for(server, server.get("traits"))
    spawner.pod_name = (pod.get("metadata") or {}).get("name", "")
    changed = wrapped(_with_metadata(spawner, pod))
    function = outcome().spawner_functions.get("modify_pod_hook")
    if function:
        changed = await settled(function(spawner, changed))
    if changed is None:
        raise NotImplementedError("modify_pod_hook has to return the pod")
    return plain(changed, "pod")


def _with_metadata(spawner, pod):
    """Labels and annotations as the methods of a class of one's own make them."""
    metadata = dict(pod.get("metadata") or {})
    own = spawner.__dict__
    own["_labels_of_pod"], own["_annotations_of_pod"] = dict(metadata.get("labels") or {}), dict(metadata.get("annotations") or {})
    if any(classes.overrides(type(spawner), name) for name in ("_build_common_labels", "_build_pod_labels")):
        metadata["labels"] = dict(spawner._build_pod_labels({}))
    if classes.overrides(type(spawner), "_build_common_annotations"):
        metadata["annotations"] = dict(spawner._build_common_annotations({}))
    return {**pod, "metadata": metadata}


async def profile_list(user):
    value = outcome().spawner_functions["profile_list"]
    spawner = spawner_for({"user": user, "authState": user.get("authState"), "name": user.get("serverName", "")}, user.get("traits"))
    found = await settled(value(spawner)) if callable(value) else copy.deepcopy(value)
    if isinstance(found, dict):
        found = [found[key] for key in sorted(found)]
    return plain([_without_functions(profile, spawner) for profile in found], "profile_list")


def _without_functions(value, spawner):
    """A function in an override is asked for its value."""
    if isinstance(value, dict):
        return {key: _without_functions(item, spawner) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_functions(item, spawner) for item in value]
    return value(spawner) if callable(value) and not isinstance(value, type) else value


async def options_form(user):
    spawner = spawner_for({"user": user, "authState": user.get("authState"), "name": user.get("serverName", "")}, user.get("traits"))
    form = outcome().spawner_functions.get("options_form")
    if form is None:
        own = classes.overrides(type(spawner), "get_options_form")
        form = await settled(spawner.get_options_form() if own else spawner._options_form_default())
    return str(await settled(form(spawner)) if callable(form) else form)


async def options_from_form(fields, user=None):
    function = outcome().spawner_functions.get("options_from_form")
    if function:
        return plain(await settled(function(fields)), "user_options")
    spawner = outcome().spawner_class(parent=None)
    if user:
        spawner = spawner_for({"user": user, "authState": user.get("authState")}, user.get("traits"))
    return plain(await settled(spawner.options_from_form(fields)), "user_options")


async def post_auth(identity):
    """What JupyterHub does between a sign-in and its rules."""
    made = outcome()
    cls, functions = made.authenticator_class, made.auth_functions
    auth = cls(parent=None)
    state_before = copy.deepcopy(identity.get("authState"))
    info = _user_info(auth, identity)
    model = {"name": identity["userName"], "admin": identity["isAdmin"], "groups": identity["groups"], "auth_state": state_before}
    if "username_claim" in functions:
        model["name"] = await settled(functions["username_claim"](info))
    elif issubclass(cls, OAuthenticator) and classes.overrides(cls, "user_info_to_username"):
        model["name"] = await settled(auth.user_info_to_username(info))
    handler = Handler(model, identity.get("visit"))
    model = await settled(auth.authenticate(handler, {"username": model["name"]}))
    if isinstance(model, str):
        model = {"name": model}
    if not model:
        return False
    if functions.get("modify_auth_state_hook"):
        model["auth_state"] = await settled(functions["modify_auth_state_hook"](auth, model.get("auth_state")))
    if "auth_state_groups_key" in functions:
        model["groups"] = list(await settled(functions["auth_state_groups_key"](model["auth_state"])) or [])
    elif "claim_groups_key" in functions:
        model["groups"] = list(await settled(functions["claim_groups_key"](info)) or [])
    if classes.overrides(cls, "normalize_username"):
        model["name"] = auth.normalize_username(model["name"])
    # That a sign-in says admin lets people in where OAuthenticator asks, and nowhere else.
    admin = model.get("admin") if issubclass(cls, OAuthenticator) else identity["isAdmin"]
    judged = plain({"userName": model.get("name"), "isAdmin": admin, "groups": model.get("groups")}, "auth_model")
    if functions.get("post_auth_hook"):
        model = await settled(functions["post_auth_hook"](auth, handler, copy.deepcopy(model)))
    if not model:
        return False
    changed = _changes(identity, model)
    # JupyterHub asks its rules before post_auth_hook: they go by who it was then.
    after = {"userName": model.get("name"), "isAdmin": model.get("admin"), "groups": model.get("groups")}
    return {**changed, "judged": judged} if after != judged else changed


def _user_info(auth, identity):
    auth_state = identity.get("authState") or {}
    key = getattr(auth, "user_auth_state_key", "oauth_user")
    return auth_state.get(key) or identity.get("attributes") or {}


def _changes(identity, model):
    now = {"userName": model.get("name"), "isAdmin": model.get("admin"), "groups": model.get("groups"), "authState": model.get("auth_state")}
    if now["groups"] is not None:
        now["groups"] = sorted(str(group) for group in now["groups"])
    changed = plain(now, "auth_model")
    return {name: value for name, value in changed.items() if value != identity.get(name)}


async def authenticate(form, visit):
    auth = outcome().authenticator_class(parent=None)
    model = await settled(auth.authenticate(Handler(None, visit, form), dict(form)))
    if not model:
        return None
    if isinstance(model, str):
        model = {"name": model}
    functions = outcome().auth_functions
    if functions.get("post_auth_hook"):
        model = await settled(functions["post_auth_hook"](auth, Handler(model, visit, form), model))
        if not model:
            return None
    made = {"userName": auth.normalize_username(model["name"])}
    if isinstance(model.get("admin"), bool):
        made["isAdmin"] = model["admin"]
    if model.get("groups") is not None:
        made["groups"] = [str(group) for group in model["groups"]]
    if model.get("auth_state") is not None:
        made["authState"] = model["auth_state"]
    return plain(made, "auth_model")


async def refresh_user(facts, auth_state):
    """usual: the hub asks the issuer; fresh: it need not; expired: they have to sign in again."""
    made = outcome()
    auth = made.authenticator_class(parent=None)
    user = User({**facts, "authState": auth_state}, state["settings"])
    function = made.auth_functions.get("refresh_user_hook")
    said = await settled(function(auth, user, auth_state)) if function else None
    if said is None:
        said = await settled(auth.refresh_user(user, None))
    if isinstance(said, dict):
        raise Refusal("refresh_user() that changes who somebody is", "Return True, False, or what super() returns.")
    return "usual" if said is USUAL else "fresh" if said else "expired"


CALLS = {
    "refreshUser": refresh_user,
    "prepareSpawner": prepare_spawner, "postStop": post_stop, "modifyPod": modify_pod, "profileList": profile_list,
    "optionsForm": options_form, "optionsFromForm": options_from_form, "postAuth": post_auth, "authenticator": authenticate,
}  # fmt: skip
