from _himalia.config import Config, LazyConfigValue
from _himalia.mirrors import Log
from _himalia.traits import Configurable
from _himalia.traits import state as _state


class LoggingConfigurable(Configurable):
    log = Log()


class SingletonConfigurable(LoggingConfigurable):
    @classmethod
    def instance(cls, *args, **named):
        if "_instance" not in vars(cls):
            cls._instance = cls(*args, **named)
        return cls._instance


class Application(SingletonConfigurable):
    pass


def get_config():
    return _state["config"]
