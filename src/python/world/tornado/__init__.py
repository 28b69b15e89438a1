version = "6.5"
version_info = (6, 5, 0, 0)
