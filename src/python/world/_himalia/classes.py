"""Classes of the administrator's own: which of ours they extend, and what they override."""

from .authenticators import Authenticator, OAuthenticator
from .spawners import Spawner
from .traits import Marked, TraitType, state

# Methods that are called here, by what they stand for.
CALLED = {
    "spawner": {
        "start", "stop", "get_env", "get_args", "options_from_form", "_options_form_default", "get_options_form",
        "_build_common_labels", "_build_pod_labels", "_build_common_annotations",
    },
    "authenticator": {
        "authenticate", "update_auth_model", "refresh_user", "normalize_username", "pre_spawn_start", "post_spawn_stop", "user_info_to_username",
    },
}  # fmt: skip
# Methods of the originals that nothing here calls: to override them has no effect.
UNCALLED = {
    "spawner": {
        "poll", "progress", "load_state", "get_state", "clear_state", "load_user_options", "get_pod_manifest", "get_pvc_manifest",
        "get_service_manifest", "get_secret_manifest", "create_certs", "move_certs", "run_post_stop_hook", "run_pre_spawn_hook",
        "run_auth_state_hook", "delete_forever", "apply_group_overrides", "template_namespace", "format_string",
        "_expand_user_properties", "_expand_all",
        "_make_create_pod_request", "_make_create_pvc_request", "_make_create_resource_request", "_ensure_not_exists", "_start",
        "_get_pod_url", "user_env", "make_preexec_fn", "_render_options_template_dynamically", "apply_user_options",
    },
    "authenticator": {
        "get_authenticated_user", "get_handlers", "login_url", "logout_url", "check_allowed", "check_blocked_users",
        "is_admin", "add_user", "delete_user", "validate_username", "load_managed_roles", "get_custom_html", "check_allow_config",
        "run_post_auth_hook", "build_auth_state_dict", "token_to_user", "build_access_tokens_request_params",
        "get_token_info", "get_prev_refresh_token", "check_allowed_groups", "get_user_groups",
    },
}  # fmt: skip
# Without these the result would be another one: who may enter must not depend on code that is never asked.
NEEDED = {"check_allowed", "check_blocked_users", "is_admin", "validate_username", "load_managed_roles", "token_to_user", "_start"}


def is_own(cls):
    return cls.__module__ in ("__main__", "builtins") or not hasattr(cls, "__module__") or _is_site(cls.__module__)


def _is_site(module):
    import sys

    file = str(getattr(sys.modules.get(module), "__file__", ""))
    return file.startswith("/usr/local/etc/jupyterhub/")


def own_classes(cls):
    """Those of its lineage that the administrator wrote, the nearest first."""
    return [one for one in cls.__mro__ if one is not object and is_own(one)]


def base_of(cls):
    """The first class of ours that it extends."""
    return next((one for one in cls.__mro__ if one is not object and not is_own(one) and issubclass(one, (Spawner, Authenticator))), None)


def overrides(cls, name):
    return any(name in vars(one) for one in own_classes(cls))


# Methods that make parts of a pod.
METADATA = ("_build_common_labels", "_build_pod_labels", "_build_common_annotations")


def unheard(cls, sort):
    """Methods that it overrides and nobody calls: (class, name, whether that matters)."""
    found = []
    for one in own_classes(cls):
        for name in vars(one):
            if name in UNCALLED[sort] and callable(vars(one)[name]):
                found.append((one, name, name in NEEDED))
    return found


def class_values(cls):
    """Traits of ours to which it gives another value: (name, value, class, whether `c` can still set it)."""
    known = {}
    for one in reversed(cls.__mro__):
        known |= state["known"].get(one.__name__, {})
    seen = {}
    for one in own_classes(cls):
        for name, value in vars(one).items():
            if name not in known or name in seen or isinstance(value, (property, Marked)) or callable(value):
                continue
            # What is no trait any more, or none of configurations, is out of the reach of `c`.
            is_trait = isinstance(value, TraitType)
            seen[name] = (value.default() if is_trait else value, one, is_trait and value.metadata["config"])
    return [(name, *facts) for name, facts in seen.items()]


def computed_defaults(cls):
    return [
        (one, name)
        for one in own_classes(cls)
        for value in vars(one).values()
        if isinstance(value, Marked) and value.kind == "default"
        for name in value.names
        if any(name in state["known"].get(above.__name__, {}) for above in cls.__mro__)
    ]


__all__ = ["OAuthenticator", "base_of", "class_values", "computed_defaults", "own_classes", "overrides", "unheard"]
