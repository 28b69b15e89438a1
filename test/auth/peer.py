"""What oauthenticator decides: reads a JSON list of cases on standard input, prints a list of decisions.

A case: {"module", "class", "traits", "user", "tokens", "answers": {url: status}}.
A decision: {"name", "admin", "groups"}, or {"denied": why}.
"""

import asyncio
import importlib
import json
import logging
import sys
from unittest import mock

from tornado.web import HTTPError
from traitlets.config import Config


class Answer:
    def __init__(self, code):
        self.code = code
        self.body = b""
        self.headers = {}


async def decide(case):
    cls = getattr(importlib.import_module(case["module"]), case["class"])
    authenticator = cls(config=Config({case["class"]: {"client_id": "hub", "client_secret": "secret", **case["traits"]}}))

    # As the hub does at its start.
    for trait in ("allowed_users", "admin_users"):
        names = {authenticator.normalize_username(name) for name in getattr(authenticator, trait)}
        setattr(authenticator, trait, names)

    async def get_token_info(handler, params):
        return case["tokens"]

    async def token_to_user(token_info):
        return dict(case["user"])

    async def httpfetch(url, *args, **kwargs):
        address = url if isinstance(url, str) else url.url
        return Answer(case.get("answers", {}).get(address, 404))

    authenticator.build_access_tokens_request_params = lambda handler, data=None: {}
    authenticator.get_token_info = get_token_info
    authenticator.token_to_user = token_to_user
    authenticator.httpfetch = httpfetch
    model = await authenticator.get_authenticated_user(mock.MagicMock(), None)
    if model is None:
        return {"denied": "rules"}
    groups = model.get("groups")
    return {"name": model["name"], "admin": model["admin"], "groups": None if groups is None else sorted(groups)}


async def answer(case):
    try:
        return await decide(case)
    except HTTPError as error:
        return {"denied": f"{error.status_code}"}
    except Exception as error:
        return {"denied": f"{type(error).__name__}: {error}"}


async def main():
    logging.disable(logging.CRITICAL)
    print(json.dumps([await answer(case) for case in json.load(sys.stdin)]))


asyncio.run(main())
