"""Traits that take functions, and which hooks of the hub call them."""

SPAWNER = {
    "pre_spawn_hook": {"prepareSpawner"},
    "auth_state_hook": {"prepareSpawner"},
    "post_stop_hook": {"postStop"},
    "modify_pod_hook": {"modifyPod"},
    "options_form": {"optionsForm"},
    "options_from_form": {"optionsFromForm"},
}
# Traits that may be a function in the place of a value.
VALUES = {
    "profile_list": {"profileList"},
    "group_overrides": {"prepareSpawner"},
    "uid": {"prepareSpawner"},
    "gid": {"prepareSpawner"},
    "fs_gid": {"prepareSpawner"},
    "supplemental_gids": {"prepareSpawner"},
    "container_security_context": {"prepareSpawner"},
    "pod_security_context": {"prepareSpawner"},
}
AUTHENTICATOR = {
    "post_auth_hook": {"postAuth"},
    "modify_auth_state_hook": {"postAuth"},
    "refresh_user_hook": {"refreshUser"},
}
AUTH_FUNCTIONS = {"username_claim", "auth_state_groups_key", "claim_groups_key"}
COMPUTED = [name for name in VALUES if name not in ("profile_list", "group_overrides")]
