from _himalia.spawners import KubeSpawner  # noqa: F401

__version__ = "7.1.0"
