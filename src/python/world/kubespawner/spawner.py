from _himalia.spawners import KubeSpawner  # noqa: F401
