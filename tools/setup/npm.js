/** The npm packages, among them the Node that runs the source. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.js'
import { root, SetupError } from './steps.js'

/** The Node of the clone. */
export const node = join(root, 'node_modules', 'node', 'bin', 'node')

/** @type {import('./steps.js').Step} */
export const npmPackages = {
  title: 'npm packages',
  stamp: 'npm',
  inputs: () => readFileSync(join(root, 'package-lock.json'), 'utf8') + process.platform + process.arch,
  isWhole: () => existsSync(node),
  async work(say) {
    // Not `npm ci`: it refuses a lockfile without packages for other platforms, which some registries don't carry.
    // The versions are the lockfile's all the same.
    await runCommand(['npm', 'install', '--no-save', '--no-fund', '--no-audit'], {
      say,
      what: 'Installing the npm packages',
    })
    // The package fetches its program in an install script, which some settings of npm forbid.
    if (!answers())
      await runCommand([process.execPath, 'installArchSpecificPackage.js'], {
        say,
        cwd: join(root, 'node_modules', 'node'),
        what: 'Installing Node',
      })
    if (!answers())
      throw new SetupError(
        'The Node in node_modules does not run on this machine.',
        'Remove node_modules and run the same command again.',
      )
  },
}

function answers() {
  return spawnSync(node, ['--version']).status === 0
}
