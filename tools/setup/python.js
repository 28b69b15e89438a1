/** Python environments below `.himalia/python/`, each made of one file of pinned versions. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.js'
import { made, SetupError } from './steps.js'

/** What `pip` can't do in seconds: https://docs.astral.sh/uv */
const uvVersion = '0.13.9'
const tools = join(made, 'python', 'tools')
const uv = join(tools, 'bin', 'uv')

/** Where an environment stands; `HIMALIA_PYTHON` names one of your own for the servers. */
export function environmentPath(name) {
  return (name === 'user' && process.env.HIMALIA_PYTHON) || join(made, 'python', name)
}

/** @type {import('./steps.js').Step} */
const installer = {
  title: 'Python package installer',
  stamp: 'python-tools',
  inputs: () => uvVersion,
  isWhole: () => existsSync(uv),
  async work(say) {
    const python = findPython()
    rmSync(tools, { recursive: true, force: true })
    await runCommand([python, '-m', 'venv', tools], { say, what: 'Making a Python environment' }).catch((error) => {
      throw new SetupError(
        error.message,
        'Debian and Ubuntu keep this apart: `apt-get install python3-venv`, then run the same command again.',
      )
    })
    await runCommand([join(tools, 'bin', 'pip'), 'install', '--quiet', `uv==${uvVersion}`], {
      say,
      what: 'Installing uv',
    })
  },
}

/** The steps that make an environment. @returns {import('./steps.js').Step[]} */
export function pythonEnvironment(name, title) {
  if (name === 'user' && process.env.HIMALIA_PYTHON) return []
  const file = join(import.meta.dirname, 'python', `${name}.txt`)
  const path = environmentPath(name)
  const python = join(path, 'bin', 'python')
  return [
    installer,
    {
      title,
      stamp: `python-${name}`,
      inputs: () => readFileSync(file, 'utf8'),
      isWhole: () => existsSync(join(path, 'bin', 'jupyterhub-singleuser')),
      async work(say) {
        rmSync(path, { recursive: true, force: true })
        await runCommand([uv, 'venv', '--python', findPython(), path], { say, what: `Making ${title}` })
        await runCommand([uv, 'pip', 'install', '--python', python, '--requirement', file], {
          say,
          what: `Installing ${title}`,
        })
      },
    },
  ]
}

function findPython() {
  for (const name of ['python3', 'python']) {
    const { status } = spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'])
    if (status === 0) return name
  }
  throw new SetupError(
    'Python 3.10 or newer is needed and was not found.',
    'Install it (Debian, Ubuntu: `apt-get install python3 python3-venv`), then run the same command again.',
  )
}
