"""What repo2docker would build each folder with: a JSON object of folder to [buildpack, Python version] or an error."""

import json
import os
import sys

from repo2docker.app import Repo2Docker


def choose(app, folder):
    os.chdir(folder)
    for kind in app.buildpacks:
        pack = kind(base_image="x")
        if pack.detect():
            return [kind.__name__, python_of(pack)]
    return [app.default_buildpack.__name__, python_of(app.default_buildpack(base_image="x"))]


def python_of(pack):
    return getattr(pack, "python_version", None) or None


def answer(app, folder):
    try:
        return choose(app, folder)
    except Exception as error:
        return {"error": str(error)}


app = Repo2Docker()
json.dump({folder: answer(app, folder) for folder in sys.argv[1:]}, sys.stdout)
