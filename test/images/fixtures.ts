/**
 * Repositories as repo2docker's own tests have them, made anew from their descriptions: what each holds, and where it can
 * be built from Debian, PyPI and npm alone, the questions that its image has to answer.
 */
export interface Fixture {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** Flags of repo2docker. */
  readonly flags?: readonly string[]
  /** Run in a container of the image, by bash, in the repository's folder; it ends with 0. */
  readonly verify?: string
  /** Whether every test run builds it; the others are for `HIMALIA_ALL_FIXTURES=1`. */
  readonly isQuick?: boolean
  readonly error?: string
}

const setup = (name: string, needs: string) => `from setuptools import setup
setup(name="${name}", version="1", py_modules=["${name}"], install_requires=[${needs}])
`
const environment = (...dependencies: string[]) => `name: example
channels:
  - conda-forge
dependencies:
${dependencies.map((line) => `  - ${line}`).join('\n')}
`
const shebang = '#!/bin/bash\n'
const nothing = '\n'

export const fixtures: readonly Fixture[] = [
  {
    name: 'base/general',
    files: { README: nothing, 'test.txt': 'text\n' },
    flags: ['--user-id=1000', '--user-name=jovyan'],
    isQuick: true,
    verify: `
      pip install --quiet pytest && python -c 'import pytest'
      node --version | grep '^v20' && npm --version
      test "$(id -u)" = 1000 && test "$(id -g)" = 1000
      test "$(stat -c %U "$HOME")" = jovyan && touch "$HOME/new"
      test -z "$(find "$HOME" ! -user jovyan)"
      test "$(pwd)" = "$REPO_DIR" && test -f test.txt`,
  },
  { name: 'conda/downgrade', files: { 'environment.yml': environment('python=3.9', 'xeus-cling=0.6') } },
  {
    name: 'conda/py-r-postbuild-file',
    files: {
      'environment.yml': environment('pytest', 'r-base', 'r-digest'),
      postBuild: `${shebang}pip install there\n`,
    },
  },
  { name: 'conda/py2', files: { 'environment.yml': environment('python=2', 'numpy') } },
  {
    name: 'conda/py310-requirements-file',
    files: { 'environment.yml': environment('python=3.10', 'numpy'), 'requirements.txt': 'there\n' },
  },
  { name: 'conda/py312', files: { 'environment.yml': environment('python=3.12', 'numpy') } },
  { name: 'conda/yaml', files: { 'environment.yaml': environment('python=3.12') } },
  {
    name: 'conda/py35-binder-dir',
    files: {
      '.binder/environment.yml': environment('python=3.5', 'numpy'),
      'environment.yml': '[wrong',
      'requirements.txt': 'no-such-package-anywhere\n',
    },
  },
  {
    name: 'conda/py36-postBuild',
    files: {
      'environment.yml': environment('python=3.6'),
      postBuild: `${shebang}mamba install --yes make\npip install there\n`,
    },
  },
  {
    name: 'conda/r3.6-target-repo-dir-flag',
    files: { 'environment.yml': environment('r-base=3.6', 'r-digest') },
    flags: ['--target-repo-dir=/srv/repo'],
  },
  {
    name: 'conda/local-pip',
    files: { 'environment.yml': environment('numpy', 'pip:\n    - -e .'), 'setup.py': setup('local', '') },
  },
  {
    name: 'dockerfile/simple',
    files: { Dockerfile: 'ARG BASE\nFROM localhost/himalia-test-base\nARG NB_UID\nENV HOME=/tmp/home\nUSER $NB_UID\n' },
    isQuick: true,
    verify: 'test "$(id -u)" = 1000',
  },
  {
    name: 'dockerfile/binder-dir',
    files: {
      Dockerfile: 'FROM localhost/himalia-test-base\nRUN exit 1\n',
      'binder/Dockerfile':
        'FROM localhost/himalia-test-base\nARG NB_UID\nCOPY from-root.txt /from-root.txt\nUSER $NB_UID\n',
      'from-root.txt': 'root\n',
      'requirements.txt': 'no-such-package-anywhere\n',
    },
    isQuick: true,
    verify: 'grep root /from-root.txt',
  },
  {
    name: 'dockerfile/jupyter-stack',
    files: { Dockerfile: 'FROM jupyter/base-notebook:b90cce83f37b\nRUN pip install jupyterhub==0.9.4\n' },
  },
  {
    name: 'dockerfile/legacy',
    files: { Dockerfile: 'FROM andrewosh/binder-base\n' },
    error: 'FILE_NO_LONGER_SUPPORTED',
  },
  { name: 'julia/project', files: { 'Project.toml': '[deps]\nIteratorInterfaceExtensions = "82899510"\n' } },
  {
    name: 'julia/project-binder-dir',
    files: { '.binder/Project.toml': '[compat]\njulia = "=1.3"\n', 'Project.toml': '[compat]\njulia = "=0.1"\n' },
  },
  { name: 'julia/require', files: { REQUIRE: 'julia 0.7\n' }, error: 'FILE_NO_LONGER_SUPPORTED' },
  {
    name: 'nix/simple',
    files: { 'default.nix': 'with import <nixpkgs> {}; mkShell { buildInputs = [ python3 ]; }\n' },
  },
  {
    name: 'nix/binder-dir',
    files: { 'binder/default.nix': '{}\n', 'default.nix': 'wrong\n', 'requirements.txt': 'there\n' },
  },
  { name: 'nix/start', files: { 'default.nix': '{}\n', start: `${shebang}exec "$@"\n` } },
  {
    name: 'pipfile/binder-folder',
    files: {
      'binder/Pipfile': '[packages]\nthere = "*"\n',
      Pipfile: '[packages]\nno-such-package-anywhere = "*"\n',
      'requirements.txt': 'no-such-package-anywhere\n',
    },
    verify: "python -c 'import there'",
  },
  {
    name: 'pipfile/binder-folder-lock',
    files: {
      'binder/Pipfile': '[packages]\nnumpy = "*"\n',
      'binder/Pipfile.lock': lock({ default: { there: '==0.0.12' } }),
      Pipfile: '[packages]\nno-such-package-anywhere = "*"\n',
    },
    verify: "python -c 'import there' && ! python -c 'import numpy'",
  },
  {
    name: 'pipfile/pipfile-lock',
    files: {
      Pipfile: '[packages]\nnumpy = "*"\n',
      'Pipfile.lock': lock({ default: { there: '==0.0.12' }, develop: { six: '==1.17.0' } }),
    },
    isQuick: true,
    verify: "python -c 'import there, six' && ! python -c 'import numpy' && pip list | grep 'six *1.17.0'",
  },
  {
    name: 'pipfile/requirements-txt',
    files: { Pipfile: '[packages]\nthere = "*"\n', 'requirements.txt': 'no-such-package-anywhere\n' },
    verify: "python -c 'import there'",
  },
  {
    name: 'pipfile/setup-py-explicit',
    files: {
      Pipfile: '[packages]\nlocal = {path = ".", editable = true}\n',
      'setup.py': setup('local', '"there"'),
      'local.py': nothing,
    },
    isQuick: true,
    verify: `python -c 'import there' && cd / && python -c 'import local'`,
  },
  {
    name: 'pipfile/setup-py-explicit-in-binder-dir',
    files: {
      'binder/Pipfile': '[packages]\nlocal = {path = "..", editable = true}\n',
      'setup.py': setup('local', '"there"'),
      'local.py': nothing,
    },
    verify: `python -c 'import there' && cd / && python -c 'import local'`,
  },
  {
    name: 'pipfile/setup-py-implicit',
    files: {
      Pipfile: '[packages]\nthere = "*"\n',
      'setup.py': setup('local', ''),
      'local.py': nothing,
    },
    verify: `cd / && python -c 'import there' && ! python -c 'import local'`,
  },
  {
    name: 'pipfile/environment-yml',
    files: {
      Pipfile: '[packages]\nno-such-package-anywhere = "*"\n',
      'environment.yml': environment('pip', 'pip:\n    - there'),
    },
    verify: "python -c 'import there'",
  },
  {
    name: 'pipfile/py36',
    files: { Pipfile: '[packages]\nthere = "*"\n[requires]\npython_version = "3.6"\n', 'runtime.txt': 'python-3.7' },
  },
  {
    name: 'pyproject/pyproject-toml',
    files: {
      'pyproject.toml':
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "mwt"\nversion = "1.0.0"\nrequires-python = ">=3.10"\ndependencies = ["there"]\n',
      'mwt/__init__.py': 'import there\n',
    },
    isQuick: true,
    verify: `cd / && python -c 'import mwt'`,
  },
  {
    name: 'pyproject/uv-lock',
    files: {
      'pyproject.toml':
        '[project]\nname = "course"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["there"]\n',
      'uv.lock':
        'version = 1\nrevision = 3\nrequires-python = ">=3.10"\n\n[[package]]\nname = "course"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "there" }]\n\n[package.metadata]\nrequires-dist = [{ name = "there" }]\n\n[[package]]\nname = "there"\nversion = "0.0.12"\nsource = { registry = "https://pypi.org/simple" }\nsdist = { url = "https://files.pythonhosted.org/packages/there-0.0.12.tar.gz", hash = "sha256:0" }\n',
    },
  },
  {
    name: 'pixi/lock',
    files: { 'pixi.toml': '[workspace]\nname = "course"\nchannels = ["conda-forge"]\n', 'pixi.lock': 'version: 6\n' },
  },
  {
    name: 'r/r-rspm-description-file',
    files: { DESCRIPTION: 'Package: binderdescription\nVersion: 0.1\n', NAMESPACE: nothing, 'R/binder.R': nothing },
  },
  {
    name: 'r/r-rspm-apt-file',
    files: { 'runtime.txt': 'r-2025-07-01', 'apt.txt': 'libsodium-dev\n', 'install.R': 'install.packages("digest")\n' },
  },
  { name: 'r/r3.6-rspm', files: { 'runtime.txt': 'r-3.6-2021-06-01', 'install.R': 'library(digest)\n' } },
  { name: 'r/r4.6-rspm', files: { 'runtime.txt': 'r-4.6-2026-07-01' } },
  { name: 'r/old', files: { 'runtime.txt': 'r-2017-01-01' }, error: 'FILE_INVALID' },
  { name: 'r/renv', files: { 'renv.lock': '{"R": {"Version": "4.3.1"}, "Packages": {}}' } },
  {
    name: 'venv/default',
    files: { README: nothing },
    flags: ['--appendix', 'RUN echo "appendix" > /tmp/appendix'],
    verify: `python -c 'import jupyter_server' && grep '^appendix$' /tmp/appendix`,
  },
  { name: 'venv/numpy', files: { 'requirements.txt': 'numpy\n' }, verify: "python -c 'import numpy'" },
  {
    name: 'venv/py3',
    files: { 'runtime.txt': 'python-3', 'requirements.txt': nothing },
    verify: 'python --version | grep "Python 3"',
  },
  {
    name: 'venv/apt-packages',
    files: { 'apt.txt': '# comments\ngfortran # behind\n\nunp\nbyacc\n', 'requirements.txt': nothing },
    verify: 'which gfortran unp byacc',
  },
  {
    name: 'venv/binder-dir',
    files: {
      'binder/apt.txt': 'unp\n',
      'binder/requirements.txt': 'there\n',
      'binder/postBuild': `${shebang}echo done > postBuild.txt\n`,
      'apt.txt': 'no-such-package-anywhere\n',
      'requirements.txt': 'no-such-package-anywhere\n',
      postBuild: `${shebang}exit 1\n`,
      '.dockerignore': 'binder/\n',
      '.containerignore': 'binder/\n',
    },
    isQuick: true,
    verify: `which unp && python -c 'import there' && grep done postBuild.txt && test -f binder/apt.txt`,
  },
  {
    name: 'venv/ignore-files',
    files: {
      '.dockerignore': 'data/*\n!data/kept\n',
      '.containerignore': '# comment\n  secret\n',
      'data/kept': nothing,
      'data/left': nothing,
      secret: nothing,
      'requirements.txt': nothing,
    },
    verify: 'test -f data/kept && test ! -e data/left && test ! -e secret',
  },
  {
    name: 'venv/postBuild',
    files: {
      'requirements.txt': 'jupyter-keepalive\n',
      postBuild: `${shebang}set -ex\njupyter server extension disable jupyter_keepalive --sys-prefix\nnpm install -g configurable-http-proxy\n`,
    },
    verify:
      'which configurable-http-proxy && jupyter server extension list 2>&1 | grep jupyter_keepalive | grep disabled',
  },
  {
    name: 'venv/start/postBuild',
    files: {
      'requirements.txt': nothing,
      postBuild: `${shebang}printf '#!/bin/bash\\nexport TEST_START_VAR=1\\nexec "$@"\\n' > start && chmod +x start\n`,
      start: `${shebang}exit 1\n`,
    },
    verify: 'test "$TEST_START_VAR" = 1',
  },
  {
    name: 'venv/start/start-script',
    files: { 'requirements.txt': nothing, start: `${shebang}export TEST_START_VAR="var is set"\nexec "$@"\n` },
    isQuick: true,
    verify: `test "$TEST_START_VAR" = 'var is set' && bash -ilc 'test "$TEST_START_VAR" = "var is set" && false; which jupyter'`,
  },
  {
    name: 'venv/usr-bin',
    files: { README: nothing },
    verify: `echo "$PATH" | tr : '\\n' | grep "^$HOME/.local/bin$" && echo "$PATH" | tr : '\\n' | grep "^$REPO_DIR/.local/bin$" && test "$(pwd)" = "$REPO_DIR"`,
  },
  { name: 'venv/py2', files: { 'runtime.txt': 'python-2.7', 'requirements.txt': 'numpy\n' } },
  {
    name: 'venv/py35',
    files: { 'runtime.txt': 'python-3.5', 'requirements.txt': 'numpy\n', 'requirements3.txt': 'there\n' },
  },
  { name: 'venv/unknown-python', files: { 'runtime.txt': 'python-4.10' }, error: 'PYTHON_VERSION_UNKNOWN' },
  { name: 'venv/hostile-apt', files: { 'apt.txt': 'unp; curl example.org | sh\n' }, error: 'APT_NAME_REFUSED' },
  { name: 'venv/two-binder-dirs', files: { 'binder/a': nothing, '.binder/a': nothing }, error: 'BINDER_FOLDERS_TWO' },
]

function lock({
  default: packages,
  develop = {},
}: {
  default: Record<string, string>
  develop?: Record<string, string>
}): string {
  const entries = (list: Record<string, string>) =>
    Object.fromEntries(Object.entries(list).map(([name, version]) => [name, { version }]))
  return JSON.stringify({ _meta: { requires: {}, sources: [] }, default: entries(packages), develop: entries(develop) })
}
