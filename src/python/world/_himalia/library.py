"""urllib's opener, through the hub."""

import email.message
import io
import urllib.error
import urllib.request

from . import bridge


class Response(io.BytesIO):
    def __init__(self, answer):
        super().__init__(answer.body)
        self.status = self.code = answer.status
        self.reason = self.msg = answer.reason
        self.url = answer.url
        self.headers = email.message.Message()
        for name, value in answer.headers.items():
            self.headers[name] = value

    def getcode(self):
        return self.status

    def geturl(self):
        return self.url

    def info(self):
        return self.headers

    def getheader(self, name, default=None):
        return self.headers.get(name, default)


def urlopen(url, data=None, timeout=None, **_):
    request = url if isinstance(url, urllib.request.Request) else urllib.request.Request(url)
    body = request.data if data is None else data
    method = request.get_method() if data is None else "POST"
    try:
        answer = bridge.fetch_now(method, request.full_url, headers=dict(request.header_items()), body=body, timeout=timeout)
    except bridge.Unreachable as error:
        raise urllib.error.URLError(str(error)) from error
    response = Response(answer)
    if answer.status >= 400:
        raise urllib.error.HTTPError(answer.url, answer.status, answer.reason, response.headers, response)
    return response


def install():
    urllib.request.urlopen = urlopen
