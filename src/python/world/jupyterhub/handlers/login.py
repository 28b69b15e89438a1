from . import LoginHandler, LogoutHandler  # noqa: F401
