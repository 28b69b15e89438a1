"""What can't be done here, said with what to do instead."""


class Refusal(RuntimeError):
    """Code asked for something that is kept from it."""

    def __init__(self, what, instead=""):
        super().__init__(f"{what} is not possible in Python that runs inside Himalia.")
        self.instead = instead


class ImportRefusal(Refusal, ImportError):
    """An import that is refused; code that can do without catches it as ImportError."""


def refusing(what, instead=""):
    def refused(*args, **kwargs):
        raise Refusal(what, instead)

    return refused


class Absent:
    """Stands where there is nothing: each use of it is refused, its mere name is not."""

    def __init__(self, what, instead=""):
        object.__setattr__(self, "_refusal", (what, instead))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        what, instead = self._refusal
        raise Refusal(f"{what}.{name}", instead)

    def __setattr__(self, name, value):
        raise Refusal(*self._refusal)

    def __call__(self, *args, **kwargs):
        raise Refusal(*self._refusal)
