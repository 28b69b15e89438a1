"""What runs an administrator's Python: the world it expects, and the way back out of it."""
