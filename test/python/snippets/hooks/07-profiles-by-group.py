from copy import deepcopy
from functools import partial

from tornado import web


async def allowed_profiles(all_profiles, spawner):
    mine = {group.name.casefold() for group in spawner.user.groups}
    found = []
    for profile in deepcopy(all_profiles):
        wanted = {name.casefold() for name in profile.pop("for_groups", [])}
        if not wanted or wanted & mine or spawner.user.admin:
            found.append(profile)
    if spawner.user.name == "eve":
        raise web.HTTPError(403, "There is nothing for you here, %s.", spawner.user.name)
    return found


c.KubeSpawner.profile_list = partial(
    allowed_profiles,
    [
        {"display_name": "Small", "slug": "small", "default": True, "kubespawner_override": {"mem_limit": "1G"}},
        {
            "display_name": "Large",
            "slug": "large",
            "for_groups": ["Course-A"],
            "kubespawner_override": {
                "mem_limit": lambda spawner: "16G" if spawner.user.admin else "8G",
                "environment": {"SIZE": "large", "LANG": None},
                "node_selector": {"pool": "large"},
            },
        },
    ],
)
