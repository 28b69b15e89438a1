"""The three ways in which a hook may take its time: a value, an awaitable, a generator that yields awaitables."""

import asyncio
import functools
import inspect


class Return(Exception):
    def __init__(self, value=None):
        super().__init__()
        self.value = value


async def drive(generator):
    """A generator as a coroutine: what it yields is awaited, and sent back to it."""
    sent, thrown = None, None
    while True:
        try:
            yielded = generator.throw(thrown) if thrown else generator.send(sent)
        except StopIteration as end:
            return end.value
        except Return as end:
            return end.value
        sent, thrown = None, None
        try:
            sent = await all_of(yielded)
        except Exception as error:
            thrown = error


async def all_of(value):
    if isinstance(value, (list, tuple)):
        return list(await asyncio.gather(*[settled(item) for item in value]))
    if isinstance(value, dict):
        return dict(zip(value, await asyncio.gather(*[settled(item) for item in value.values()]), strict=True))
    return await settled(value)


async def settled(value):
    if inspect.isgenerator(value):
        return await drive(value)
    return await value if inspect.isawaitable(value) else value


def coroutine(function):
    """tornado's: the body begins to run at once."""

    @functools.wraps(function)
    def started(*args, **named):
        async def run():
            try:
                return await settled(function(*args, **named))
            except Return as end:
                return end.value

        return asyncio.ensure_future(run())

    return started
