import io

from _himalia import bridge


class HTTPRequest:
    def __init__(self, url, method="GET", headers=None, body=None, request_timeout=20, follow_redirects=True, validate_cert=True, auth_username=None, auth_password=None, **_):
        self.url, self.method, self.headers, self.body = url, method, dict(headers or {}), body
        self.request_timeout, self.follow_redirects, self.validate_cert = request_timeout, follow_redirects, validate_cert
        if auth_username is not None:
            self.headers.setdefault("Authorization", bridge_basic(auth_username, auth_password or ""))


def bridge_basic(name, password):
    import base64

    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


class HTTPResponse:
    def __init__(self, request, answer):
        self.request, self.code, self.reason, self.body = request, answer.status, answer.reason, answer.body
        self.headers = {name.title(): value for name, value in answer.headers.items()}
        self.effective_url, self.buffer = answer.url, io.BytesIO(answer.body)
        self.error = None if answer.status < 400 else HTTPClientError(answer.status, answer.reason, self)

    def rethrow(self):
        if self.error:
            raise self.error


class HTTPClientError(Exception):
    def __init__(self, code, message=None, response=None):
        super().__init__(f"HTTP {code}: {message or 'Unknown'}")
        self.code, self.message, self.response = code, message, response


HTTPError = HTTPClientError


def _sent(request):
    body = request.body
    return dict(
        method=request.method, url=request.url, headers=request.headers, body=body, timeout=request.request_timeout,
        follow=request.follow_redirects, verify=request.validate_cert,
    )  # fmt: skip


def _asked(request, named):
    return request if isinstance(request, HTTPRequest) else HTTPRequest(request, **named)


class AsyncHTTPClient:
    def __init__(self, *args, **named):
        pass

    @classmethod
    def configure(cls, *args, **named):
        """There is one client, the hub's."""

    async def fetch(self, request, raise_error=True, **named):
        request = _asked(request, named)
        response = HTTPResponse(request, await bridge.fetch(**_sent(request)))
        if raise_error:
            response.rethrow()
        return response

    def close(self):
        pass


class HTTPClient(AsyncHTTPClient):
    def fetch(self, request, **named):
        request = _asked(request, named)
        response = HTTPResponse(request, bridge.fetch_now(**_sent(request)))
        response.rethrow()
        return response
