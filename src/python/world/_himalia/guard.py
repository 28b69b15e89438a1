"""What leads out of here is closed: processes, the host's shell, sockets, JavaScript."""

import builtins
import sys

from .refusal import ImportRefusal, Refusal, refusing

PROCESS = "Starting a program"
NO_PROCESS = (
    "Do it in an init container of the hub (hub.initContainers), in a service of its own (hub.services), or in a "
    "container of the pod (singleuser.initContainers)."
)
SOCKET = "Opening a socket"
NO_SOCKET = "Use requests, httpx, urllib or tornado's AsyncHTTPClient: these go through the hub."
CLOSED = {
    "js": ("JavaScript", "A hook in TypeScript can do it (docs/hooks.md)."),
    "ctypes": ("Native code (ctypes)", "Use a package in pure Python."),
    "multiprocessing": ("A process of its own (multiprocessing)", "Use asyncio."),
}
for _alias, _name in {
    "pyodide": "js", "pyodide_js": "js", "_pyodide": "js", "_pyodide_core": "js", "micropip": "js", "_ctypes": "ctypes",
    "_multiprocessing": "multiprocessing",
}.items():  # fmt: skip
    CLOSED[_alias] = CLOSED[_name]
TRUSTED = ("/lib/", "/himalia/world/")


def close():
    import os
    import posix
    import subprocess

    for name in (
        "system popen fork forkpty execv execve execvp execvpe execl execle execlp execlpe spawnv spawnve spawnl "
        "spawnle spawnvp spawnlp posix_spawn posix_spawnp kill killpg abort"
    ).split():
        for module in (os, posix):
            if hasattr(module, name):
                setattr(module, name, refusing(f"{PROCESS} (os.{name})", NO_PROCESS))
    for name in ("Popen", "run", "call", "check_call", "check_output", "getoutput", "getstatusoutput"):
        setattr(subprocess, name, _refusing_class(f"{PROCESS} (subprocess.{name})", NO_PROCESS))
    _close_sockets()
    _close_imports()


def _refusing_class(what, instead):
    def __init__(self, *args, **kwargs):
        raise Refusal(what, instead)

    return type("Closed", (), {"__init__": __init__})


def _close_sockets():
    import _socket
    import socket

    closed = _refusing_class(SOCKET, NO_SOCKET)
    for module in (_socket, socket):
        for name in ("socket", "create_connection", "create_server", "getaddrinfo", "gethostbyname", "gethostbyaddr", "socketpair"):
            if hasattr(module, name):
                setattr(module, name, closed if name == "socket" else refusing(f"{SOCKET} (socket.{name})", NO_SOCKET))
    socket.gethostname = lambda: __import__("os").environ.get("HOSTNAME", "hub")


def _close_imports():
    usual = builtins.__import__

    def guarded(name, globals=None, locals=None, fromlist=(), level=0):
        closed = CLOSED.get(name.partition(".")[0]) if level == 0 else None
        if closed and not str((globals or {}).get("__file__", "")).startswith(TRUSTED):
            raise ImportRefusal(*closed)
        return usual(name, globals, locals, fromlist, level)

    builtins.__import__ = guarded
    for name in ("js", "pyodide_js"):
        sys.modules.pop(name, None)
