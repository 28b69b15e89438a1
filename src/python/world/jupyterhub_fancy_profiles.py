"""Himalia's own page shows profiles and their options; what this package adds to JupyterHub's is not needed."""

from _himalia.config import place_in_snippet
from _himalia.traits import state

_UNHEARD = "Himalia's own spawn page shows the profiles; images are not built from it."


def setup_ui(c):
    state.setdefault("unheard", []).append((place_in_snippet(), _UNHEARD))
