import functools
import http

from _himalia.refusal import Refusal


class HTTPError(Exception):
    """Refuses what is under way; the person reads its message."""

    def __init__(self, status_code=500, log_message=None, *args, **named):
        self.status_code, self.log_message, self.args = status_code, log_message, args
        self.reason = named.get("reason")

    def __str__(self):
        text = self.log_message or self.reason or http.HTTPStatus(self.status_code).phrase
        return (text % self.args if self.args else text).strip()


class MissingArgumentError(HTTPError):
    def __init__(self, arg_name):
        super().__init__(400, f"Missing argument {arg_name}")


class Finish(Exception):
    pass


class RequestHandler:
    def __init__(self, *args, **named):
        raise Refusal("A handler of web requests", "Pages of your own run as a service: hub.services.")


class StaticFileHandler(RequestHandler):
    pass


class RedirectHandler(RequestHandler):
    pass


class Application:
    def __init__(self, *args, **named):
        raise Refusal("A web server", "Run it as a service: hub.services.")


def authenticated(function):
    return functools.wraps(function)(lambda *args, **named: function(*args, **named))


def addslash(function):
    return function


removeslash = addslash
url = tuple
