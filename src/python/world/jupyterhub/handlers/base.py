from . import BaseHandler  # noqa: F401
