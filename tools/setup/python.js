/** Python environments below `.himalia/python/`, each made of one file of pinned versions. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runCommand } from './command.js'
import { SetupError } from './failure.js'
import { made, root } from './paths.js'

/** Does in seconds what takes `pip` minutes: https://docs.astral.sh/uv */
export const uvVersion = '0.13.9'
const tools = join(made, 'python', 'tools')
export const uv = join(tools, 'bin', 'uv')

/** Where an environment stands; `HIMALIA_PYTHON` names one of your own for the servers. */
export function environmentPath(name) {
  const own = name === 'user' && process.env.HIMALIA_PYTHON
  return own ? resolve(own) : join(made, 'python', name)
}

/** @type {import('./steps.js').Step} */
const installer = {
  title: 'Python package installer',
  stamp: 'python-tools',
  inputs: () => uvVersion,
  isWhole: () => existsSync(uv),
  async work(say) {
    rmSync(tools, { recursive: true, force: true })
    const words = ['install', '--quiet', '--no-input', '--disable-pip-version-check', '--target', tools]
    // Into a folder, not an environment: many systems have pip but not venv, and uv needs neither.
    await runCommand([findPython(), '-m', 'pip', ...words, `uv==${uvVersion}`], { say, what: 'Installing uv' }).catch(
      (error) => {
        throw /No module named pip/.test(error.message) ? noPip() : error
      },
    )
  },
}

function noPip() {
  return new SetupError(
    'Python was found, but not its pip.',
    'Install it (Debian, Ubuntu: `apt-get install python3-pip`), then run the same command again.',
  )
}

/** The steps that make an environment, in order. @returns {import('./steps.js').Step[]} */
export function pythonEnvironment(name, title, { tried = servers } = {}) {
  if (name === 'user' && process.env.HIMALIA_PYTHON) return []
  const file = join(root, 'tools', 'setup', 'python', `${name}.txt`)
  const path = environmentPath(name)
  const python = join(path, 'bin', 'python')
  return [
    installer,
    {
      title,
      stamp: `python-${name}`,
      inputs: () => readFileSync(file, 'utf8'),
      // Through the link: an environment whose Python was removed from the machine is none.
      isWhole: () => existsSync(python) && existsSync(join(path, 'bin', tried.program)),
      async work(say) {
        rmSync(path, { recursive: true, force: true })
        const env = mirrors()
        const make = [uv, 'venv', '--no-project', '--python', findPython(), path]
        const fill = [
          uv,
          'pip',
          'install',
          '--no-deps',
          '--compile-bytecode',
          '--python',
          python,
          '--requirement',
          file,
        ]
        await runCommand(make, { say, env, what: `Making ${title}` })
        await runCommand(fill, { say, env, what: `Installing ${title}` })
        await runCommand([python, '-c', `import ${tried.modules}`], { say, env, what: `Trying ${title}` })
      },
    },
  ]
}

/** Importing proves that the environment works, and compiles just what a server uses: those that run as others may not write it. */
const servers = {
  program: 'jupyterhub-singleuser',
  modules: 'jupyterhub.singleuser.app, jupyterlab.labhubapp, ipykernel.kernelapp, terminado, nbconvert',
}

/** @returns {import('./steps.js').Step[]} */
export function kubeSpawner() {
  const tried = { program: 'jupyterhub', modules: 'kubespawner' }
  return pythonEnvironment('kubespawner', 'KubeSpawner for tests', { tried })
}

/** The identity provider that the tests of SAML sign in with. @returns {import('./steps.js').Step[]} */
export function samlIdp() {
  const tried = { program: 'python', modules: 'saml2.server' }
  return pythonEnvironment('saml-idp', 'pysaml2 for tests', { tried })
}

/** The peer of building images. @returns {import('./steps.js').Step[]} */
export function repo2docker() {
  const tried = { program: 'repo2docker', modules: 'repo2docker.app' }
  return pythonEnvironment('repo2docker', 'repo2docker for tests', { tried })
}

/** @returns {import('./steps.js').Step[]} */
export function oauthenticator() {
  const tried = { program: 'jupyterhub', modules: 'oauthenticator.generic' }
  return pythonEnvironment('oauthenticator', 'oauthenticator for tests', { tried })
}

/** The schemas of Kubernetes' versions, and what holds objects against them. @returns {import('./steps.js').Step[]} */
export function kubernetesSchemas() {
  const tried = { program: 'python', modules: 'kubernetes_validate' }
  return pythonEnvironment('kubernetes-validate', "Kubernetes' schemas for tests", { tried })
}

/** uv does not read pip's variables; a person behind a mirror has often set just those. */
export function mirrors() {
  const { PIP_INDEX_URL, PIP_CERT, UV_DEFAULT_INDEX, UV_INDEX_URL, SSL_CERT_FILE } = process.env
  return {
    ...(PIP_INDEX_URL && !UV_INDEX_URL && !UV_DEFAULT_INDEX && { UV_DEFAULT_INDEX: PIP_INDEX_URL }),
    ...(PIP_CERT && !SSL_CERT_FILE && { SSL_CERT_FILE: PIP_CERT }),
    // A person's own environment is not the one meant.
    VIRTUAL_ENV: undefined,
    PYTHONHOME: undefined,
    PYTHONPATH: undefined,
  }
}

const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']

function findPython() {
  const code = 'import sys; print(sys.executable); sys.exit(sys.version_info < (3, 10))'
  for (const name of names) {
    const { status, stdout } = spawnSync(name, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    if (status === 0) return stdout.trim()
  }
  throw new SetupError(
    'Python 3.10 or newer is needed and was not found.',
    'Install it (Debian, Ubuntu: `apt-get install python3 python3-pip`), or set HIMALIA_PYTHON to an environment with jupyterhub and jupyterlab; then run the same command again.',
  )
}
