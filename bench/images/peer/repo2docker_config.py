"""repo2docker without conda, whose packages a machine without conda-forge can't have: the same Jupyter in a venv."""

import os

from repo2docker.buildpacks.base import BaseImage


class VenvBuildPack(BaseImage):
    """Steps in the order in which repo2docker's own Python pack has them."""

    def get_base_packages(self):
        return super().get_base_packages() | {"python3-venv", "git", "curl"}

    def get_build_env(self):
        return super().get_build_env() + [("NB_PYTHON_PREFIX", "/srv/venv")]

    def get_path(self):
        return super().get_path() + ["${NB_PYTHON_PREFIX}/bin"]

    def get_build_script_files(self):
        return super().get_build_script_files() | {os.environ["BENCH_JUPYTER"]: "/tmp/jupyter.txt"}

    def get_build_scripts(self):
        install = "python3 -m venv /srv/venv && /srv/venv/bin/pip install --no-cache-dir --no-deps -r /tmp/jupyter.txt"
        return super().get_build_scripts() + [("root", install + " && chown -R ${NB_USER}:${NB_USER} /srv/venv")]

    def get_preassemble_script_files(self):
        return super().get_preassemble_script_files() | {"requirements.txt": "requirements.txt"}

    def get_preassemble_scripts(self):
        install = "${NB_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r requirements.txt"
        return super().get_preassemble_scripts() + [("${NB_USER}", install)]


c.Repo2Docker.buildpacks = [VenvBuildPack]  # noqa: F821
