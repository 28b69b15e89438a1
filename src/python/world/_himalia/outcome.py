"""What `c` holds after all snippets: plain values for the hub, functions and classes as hooks."""

import copy

from . import classes
from .authenticators import Authenticator, OAuthenticator
from .config import Config, LazyConfigValue
from .hook_traits import AUTH_FUNCTIONS, AUTHENTICATOR, SPAWNER, VALUES
from .places import place_of
from .plain import NotPlain, plain
from .spawners import Spawner
from .traits import TraitType, state

MISSING = object()


class Outcome:
    def __init__(self, config, before):
        self.config, self.before = config, before
        self.assignments, self.problems, self.hooks = [], [], set()
        self.spawner_class = self.authenticator_class = None
        # Functions by the trait that they were given to.
        self.spawner_functions, self.auth_functions = {}, {}
        self.environment_functions = {}

    def read(self):
        self._classes()
        for name, section in list(self.config.items()):
            if not isinstance(section, Config):
                continue
            for trait, value in list(section.items()):
                if not isinstance(value, Config):
                    self._trait(name, trait, value, section._places.get(trait))
        self._methods()

    # Classes ---------------------------------------------------------------

    def _classes(self):
        hub = self.config["JupyterHub"]
        self.spawner_class = self._class(hub, "spawner_class", Spawner) or state["spawner"]
        self.authenticator_class = self._class(hub, "authenticator_class", Authenticator) or self._named_authenticator(hub)

    def _class(self, hub, trait, kind):
        """The class that was given; its name is all that stays in `c`."""
        value = dict.get(hub, trait)
        if isinstance(value, str) and "." in value:
            value = self._imported(value, kind)
        if not (isinstance(value, type) and issubclass(value, kind)):
            return None
        place = hub._places.get(trait)
        base = classes.base_of(value)
        own = classes.own_classes(value)
        if kind is Authenticator:
            name = "custom" if base is Authenticator else f"{base.__module__}.{base.__name__}"
            dict.__setitem__(hub, trait, name)
        else:
            dict.pop(hub, trait)
        if own:
            self._class_values(value, base, place)
        return value

    def _imported(self, dotted, kind):
        module, _, name = dotted.replace(":", ".").rpartition(".")
        try:
            found = getattr(__import__(module, fromlist=[name]), name, None)
        except Exception:
            return None
        return found if isinstance(found, type) and issubclass(found, kind) and classes.own_classes(found) else None

    def _named_authenticator(self, hub):
        name = dict.get(hub, "authenticator_class")
        last = name.replace(":", ".").rpartition(".")[2].lower() if isinstance(name, str) else ""
        for one, cls in state["authenticators"].items():
            if last and last in (one.lower(), state["short"].get(one)):
                return cls
        return Authenticator

    def _class_values(self, cls, base, place):
        for name, value, one, is_open in classes.class_values(cls):
            sections = [dict.get(self.config, above.__name__) for above in cls.__mro__]
            given = [section for section in sections if section is not None and dict.__contains__(section, name)]
            # What c says of it, or said before, counts more than a default.
            if given and is_open:
                continue
            for section in given:
                dict.pop(section, name)
            self._assign(base.__name__, name, value, place_of(one) or place)
        for one, name in classes.computed_defaults(cls):
            self._problem("error", place_of(one) or place, f"{one.__name__} computes the default of {name}, which is not possible yet.", f"Set c.{one.__name__}.{name}.")

    def _methods(self):
        for place, what in state.get("unheard", ()):
            self._problem("warning", place, what, "Images from repositories are built with `himalia build` (docs/).")
        for cls, sort in ((self.spawner_class, "spawner"), (self.authenticator_class, "authenticator")):
            for one, name, matters in classes.unheard(cls, sort):
                where = place_of(vars(one)[name])
                if matters:
                    self._problem("error", where, f"{one.__name__}.{name}() is never called here, and who may do what would depend on it.", "Refuse people in post_auth_hook or authenticate(), or use the settings of Authenticator.")
                else:
                    self._problem("warning", where, f"{one.__name__}.{name}() is never called here.", None)
        if any(classes.overrides(self.spawner_class, name) for name in ("start", "get_env", "get_args")):
            self.hooks.add("prepareSpawner")
        if any(classes.overrides(self.spawner_class, name) for name in classes.METADATA):
            self.hooks.add("modifyPod")
        if classes.overrides(self.spawner_class, "stop"):
            self.hooks.add("postStop")
        if classes.overrides(self.spawner_class, "options_from_form"):
            self.hooks.add("optionsFromForm")
        if any(classes.overrides(self.spawner_class, name) for name in ("_options_form_default", "get_options_form")):
            self.hooks.add("optionsForm")
        self._authenticator_methods()

    def _authenticator_methods(self):
        cls = self.authenticator_class
        if classes.overrides(cls, "pre_spawn_start"):
            self.hooks.add("prepareSpawner")
        if classes.overrides(cls, "post_spawn_stop"):
            self.hooks.add("postStop")
        if classes.overrides(cls, "refresh_user"):
            self.hooks.add("refreshUser")
        if classes.base_of(cls) is Authenticator and classes.own_classes(cls):
            self.hooks.add("authenticator")
            if not classes.overrides(cls, "authenticate"):
                self._problem("error", place_of(cls), f"{cls.__name__} has no authenticate().", None)
            return
        if any(classes.overrides(cls, name) for name in ("authenticate", "update_auth_model", "normalize_username", "user_info_to_username")):
            self.hooks.add("postAuth")

    def form(self):
        """What the custom way of signing in says of itself."""
        if "authenticator" not in self.hooks:
            return None
        service = getattr(self.authenticator_class, "login_service", None)
        if isinstance(service, TraitType):
            service = service.default()
        return {"service": service if isinstance(service, str) and service else None, "asksPassword": True}

    # Traits ----------------------------------------------------------------

    def _trait(self, section, trait, value, place):
        old = self._old(section, trait)
        if isinstance(value, LazyConfigValue):
            if value.is_empty():
                return
            value = value.get_value(self._default(section, trait))
        elif old is not MISSING and type(old) is type(value) and old == value:
            return
        cls, name = self._home(section)
        if cls and isinstance(getattr(cls, trait, None), TraitType):
            return
        if self._is_hook(cls, name, trait, value):
            return
        self._assign(name, trait, value, place)

    def _old(self, section, trait):
        found = dict.get(self.before, section)
        return dict.get(found, trait, MISSING) if found is not None else MISSING

    def _default(self, section, trait):
        cls, name = self._home(section)
        for one in cls.__mro__ if cls else ():
            known = state["known"].get(one.__name__, {})
            if trait in known:
                return known[trait]
        return state["known"].get(name, {}).get(trait)

    def _home(self, section):
        """The class of a section, and the section of ours that it comes to."""
        for cls in (*self.spawner_class.__mro__, *self.authenticator_class.__mro__):
            if cls.__name__ == section:
                base = cls if not classes.is_own(cls) else classes.base_of(cls)
                return cls, base.__name__ if base else section
        return None, section

    def _is_hook(self, cls, section, trait, value):
        isSpawner = section.endswith("Spawner")
        functions = self.spawner_functions if isSpawner else self.auth_functions
        table = SPAWNER if isSpawner else AUTHENTICATOR
        if trait in table and value:
            functions[trait] = value
            self.hooks.update(table[trait])
            return True
        if isSpawner and callable(value) and trait in VALUES:
            functions[trait] = value
            self.hooks.update(VALUES[trait])
            return True
        if isSpawner and trait == "profile_list" and _holds_function(value):
            functions[trait] = value
            self.hooks.add("profileList")
            return True
        if not isSpawner and callable(value) and trait in AUTH_FUNCTIONS and issubclass(self.authenticator_class, OAuthenticator):
            functions[trait] = value
            self.hooks.add("postAuth")
            return True
        if isSpawner and trait == "environment" and isinstance(value, dict):
            self.environment_functions |= {name: one for name, one in value.items() if callable(one)}
            if self.environment_functions:
                self.hooks.add("prepareSpawner")
                for name in self.environment_functions:
                    value.pop(name, None)
        return False

    def _assign(self, section, trait, value, place):
        if (section, trait) == ("JupyterHub", "services") and isinstance(value, list):
            # Those of the chart are there already.
            known = dict.get(self.before["JupyterHub"], "services") or []
            value = [service for service in value if service not in known]
        try:
            if section == "JupyterHub" and trait == "extra_handlers":
                value = [str(item) for item in value]
            self.assignments.append({"className": section, "trait": trait, "value": plain(copy.copy(value), f"c.{section}.{trait}"), "place": place})
        except (NotPlain, ValueError) as error:
            instead = "Only some traits take a function here: docs/python.md lists them." if callable(value) else None
            self._problem("error", (place_of(value) if callable(value) else None) or place, str(error), instead)

    def _problem(self, severity, place, message, hint):
        url, line = place or ("", None)
        self.problems.append({"url": url, "severity": severity, "message": message, "hint": hint, "stack": f"at {url}:{line}" if line else ""})


def _holds_function(value):
    if isinstance(value, dict):
        return any(_holds_function(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds_function(item) for item in value)
    return callable(value) and not isinstance(value, type)
