"""HTTP of the hub: a request goes out as JSON, its answer comes back as JSON."""

import asyncio
import base64
import json

ask = {"later": None, "now": None}


class Answer:
    def __init__(self, said):
        self.status = said["status"]
        self.reason = said["reason"]
        self.headers = said["headers"]
        self.url = said["url"]
        self.body = base64.b64decode(said["body"])


class Unreachable(OSError):
    """No answer came."""


def request(method, url, headers=None, body=None, timeout=None, follow=True, verify=True):
    if isinstance(body, str):
        body = body.encode()
    return json.dumps(
        {
            "method": method.upper(),
            "url": str(url),
            "headers": {str(name): str(value) for name, value in dict(headers or {}).items()},
            "body": None if body is None else base64.b64encode(bytes(body)).decode(),
            "timeoutSeconds": timeout,
            "follow": bool(follow),
            "verify": bool(verify),
        }
    )


def _read(text):
    said = json.loads(text)
    if "error" in said:
        raise Unreachable(said["error"])
    return Answer(said)


def fetch_now(*args, **named):
    """Waits for the answer; nothing else runs here meanwhile."""
    return _read(ask["now"](request(*args, **named)))


async def fetch(*args, **named):
    return _read(await asyncio.ensure_future(ask["later"](request(*args, **named))))
