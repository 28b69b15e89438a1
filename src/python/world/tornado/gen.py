import asyncio

from _himalia.awaiting import Return, all_of, coroutine, settled  # noqa: F401

maybe_future = convert_yielded = settled
multi = multi_future = all_of
TimeoutError = asyncio.TimeoutError


def sleep(seconds):
    return asyncio.sleep(seconds)


async def with_timeout(timeout, future, **_):
    seconds = timeout.total_seconds() if hasattr(timeout, "total_seconds") else timeout
    return await asyncio.wait_for(settled(future), seconds)
