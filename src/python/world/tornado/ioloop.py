from _himalia.refusal import refusing

PeriodicCallback = type(
    "PeriodicCallback", (), {"__init__": refusing("Work that repeats", "Run it as a service: hub.services.")}
)


class IOLoop:
    @classmethod
    def current(cls, *_, **__):
        return cls()

    instance = current
    add_callback = call_later = refusing("Work beside a hook", "Run it as a service: hub.services.")

    async def run_in_executor(self, executor, function, *args):
        return function(*args)
