from _himalia.spawners import LocalProcessSpawner, SimpleLocalProcessSpawner, Spawner  # noqa: F401
