from tornado.web import RequestHandler


class BaseHandler(RequestHandler):
    """Can be extended; whether the hub serves it is another matter (c.JupyterHub.extra_handlers)."""


class LoginHandler(BaseHandler):
    pass


class LogoutHandler(BaseHandler):
    pass


class HomeHandler(BaseHandler):
    pass


class SpawnHandler(BaseHandler):
    pass


default_handlers = []
