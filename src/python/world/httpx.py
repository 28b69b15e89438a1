"""The calls of `httpx` that hooks make, through the hub's own client."""

from _himalia import bridge
from requests import HTTPError as HTTPStatusError
from requests import RequestException as HTTPError
from requests import Response, Session, prepared, request
from requests import delete, get, head, options, patch, post, put  # noqa: F401

RequestError = ConnectError = TimeoutException = HTTPError
Client = Session
BasicAuth = lambda username, password: (username, password)  # noqa: E731


def Timeout(timeout=None, **_):
    return timeout


class AsyncClient(Session):
    async def request(self, method, url, **named):
        url, named = self._with_own(url, named)
        try:
            return Response(await bridge.fetch(**prepared(method, url, **named)))
        except bridge.Unreachable as error:
            raise HTTPError(str(error)) from error

    async def aclose(self):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass
