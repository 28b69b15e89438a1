from . import HomeHandler, SpawnHandler  # noqa: F401
