"""The calls of `requests` that hooks make, through the hub's own client."""

import base64
import json as _json
from urllib.parse import urlencode, urlsplit, urlunsplit

from _himalia import bridge


class RequestException(OSError):
    def __init__(self, *args, response=None, **_):
        super().__init__(*args)
        self.response = response


class HTTPError(RequestException):
    pass


class ConnectionError(RequestException):
    pass


class Timeout(RequestException):
    pass


class JSONDecodeError(RequestException, ValueError):
    pass


class _Headers(dict):
    def __init__(self, given):
        super().__init__({name.lower(): value for name, value in given.items()})

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)

    def __contains__(self, name):
        return super().__contains__(name.lower())


class Response:
    def __init__(self, answer):
        self.status_code, self.reason, self.url = answer.status, answer.reason, answer.url
        self.headers, self.content = _Headers(answer.headers), answer.body
        self.encoding = "utf-8"

    @property
    def ok(self):
        return self.status_code < 400

    is_success = ok

    def __bool__(self):
        return self.ok

    @property
    def text(self):
        return self.content.decode(self.encoding or "utf-8", "replace")

    def json(self, **named):
        try:
            return _json.loads(self.content, **named)
        except ValueError as error:
            raise JSONDecodeError(str(error), response=self) from error

    def raise_for_status(self):
        if not self.ok:
            raise HTTPError(f"{self.status_code} {self.reason} for url: {self.url}", response=self)
        return self


def prepared(method, url, params=None, data=None, json=None, headers=None, auth=None, timeout=None, allow_redirects=True, verify=True, content=None, follow_redirects=None, cookies=None, **unknown):
    if unknown:
        raise TypeError(f"requests: {', '.join(unknown)} can't be used here")
    headers = dict(headers or {})
    if params:
        parts = urlsplit(url)
        more = params if isinstance(params, str) else urlencode(params, doseq=True)
        url = urlunsplit(parts._replace(query="&".join(part for part in (parts.query, more) if part)))
    body = data if content is None else content
    if json is not None:
        body = _json.dumps(json)
        headers.setdefault("Content-Type", "application/json")
    elif isinstance(body, (dict, list, tuple)):
        body = urlencode(body, doseq=True)
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    if auth:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if isinstance(timeout, (tuple, list)):
        timeout = timeout[-1]
    follow = allow_redirects if follow_redirects is None else follow_redirects
    return dict(method=method, url=url, headers=headers, body=body, timeout=timeout, follow=follow, verify=verify is not False)


def request(method, url, **named):
    try:
        return Response(bridge.fetch_now(**prepared(method, url, **named)))
    except bridge.Unreachable as error:
        raise ConnectionError(str(error)) from error


class Session:
    def __init__(self, **defaults):
        self.headers, self.auth, self.params, self.verify, self.cookies = {}, None, {}, True, {}
        self.base_url = defaults.pop("base_url", "")
        self.headers.update(defaults.pop("headers", None) or {})
        self._defaults = defaults

    def _with_own(self, url, named):
        own = {**self._defaults, **named, "headers": {**self.headers, **(named.get("headers") or {})}}
        own.setdefault("auth", self.auth)
        own.setdefault("verify", self.verify)
        own["params"] = named.get("params") or self.params
        return (self.base_url + url if url.startswith("/") else url), own

    def request(self, method, url, **named):
        url, named = self._with_own(url, named)
        return request(method, url, **named)

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def _method(name):
    def of_module(url, **named):
        return request(name, url, **named)

    def of_session(self, url, **named):
        return self.request(name, url, **named)

    setattr(Session, name, of_session)
    return of_module


get, post, put, patch, delete, head, options = map(_method, "get post put patch delete head options".split())
session = Session
exceptions = type("exceptions", (), {name: value for name, value in globals().items() if isinstance(value, type) and issubclass(value, RequestException)})
