"""The doors: `open_world` and `load` once, `answer` for every call. What passes is JSON."""

import json

from . import bridge, guard, library
from .places import thrown
from .traits import state


def open_world(text, later, now, parse_yaml, write_yaml):
    """All that is not the administrator's code: its time has not begun yet."""
    import yaml

    from . import calls, spawners  # noqa: F401
    from .load import prepare

    bridge.ask = {"later": later, "now": now}
    yaml._parse, yaml._write = parse_yaml, write_yaml
    given = json.loads(text)
    state["spawner"] = spawners.KubeSpawner
    state["short"] = {row["className"]: row["short"] for row in given["authenticators"]}
    state["settings"] = {"base_url": given["baseUrl"]}
    state["all_traits"] = {name for cls in ("Spawner", "KubeSpawner", "LocalProcessSpawner") for name in given["known"].get(cls, {})}
    guard.close()
    library.install()
    state["given"] = given
    state["before"] = prepare(given)


def load():
    from .load import load as load_all

    return json.dumps(load_all(state["given"], *state["before"]))


async def answer(text):
    from .calls import CALLS

    asked = json.loads(text)
    try:
        return json.dumps({"value": await CALLS[asked["name"]](*asked["args"])})
    except SystemExit as end:
        return json.dumps({"thrown": {"message": f"It tried to end the hub: sys.exit({end.code!r}).", "stack": ""}})
    except BaseException as error:
        return json.dumps({"thrown": thrown(error)})
