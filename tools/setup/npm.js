/** The npm packages, among them the Node that runs the source. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runCommand } from './command.js'
import { SetupError } from './failure.js'
import { made, root } from './paths.js'

const modules = join(root, 'node_modules')

/** The Node of the clone. */
export const node = join(modules, 'node', 'bin', 'node')

const lockText = () => readFileSync(join(root, 'package-lock.json'), 'utf8')

/** @type {import('./steps.js').Step} */
export const npmPackages = {
  title: 'npm packages',
  stamp: 'npm',
  inputs: lockText,
  isWhole: () => existsSync(node) && existsSync(join(modules, '.package-lock.json')),
  async work(say) {
    // Not `npm ci`: it refuses a lockfile without packages for other platforms, which some registries don't carry.
    // The versions are the lockfile's all the same. No package needs a script: that of `node` is done below, since
    // some npms and settings forbid scripts.
    if (!isInstalled())
      await npm(['install', '--no-save', '--ignore-scripts'], { say, what: 'Installing npm packages' })
    if (!nodeRuns()) await installNode(say)
  },
}

/** Whether every package of the lockfile stands in `node_modules` at its version, whoever put it there. */
function isInstalled() {
  try {
    const present = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages
    return Object.entries(JSON.parse(lockText()).packages).every(
      ([path, { version, optional, devOptional }]) =>
        path === '' || optional || devOptional || present[path]?.version === version,
    )
  } catch {
    return false
  }
}

function nodeVersion() {
  return JSON.parse(readFileSync(join(modules, 'node', 'package.json'), 'utf8')).version
}

function nodeRuns() {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${nodeVersion()}`
}

/** The npm package `node` holds no program; that of each platform stands in a package of its own. */
async function installNode(say) {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const name = `${prefix}-${process.platform}-${process.arch}`
  const folder = join(made, 'node')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const words = ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts']
  await npm([...words, `${name}@${nodeVersion()}`], { say, what: 'Installing Node' })
  place(join(folder, 'node_modules', name, 'bin', 'node'))
  rmSync(folder, { recursive: true, force: true })
  if (nodeRuns()) return
  throw new SetupError(
    `Node ${nodeVersion()} does not run on this machine (${process.platform} ${process.arch}).`,
    'It needs Linux with glibc 2.28 or newer (not Alpine), or macOS 13.5 or newer.',
  )
}

function place(program) {
  const link = join(modules, '.bin', 'node')
  mkdirSync(join(modules, 'node', 'bin'), { recursive: true })
  mkdirSync(join(modules, '.bin'), { recursive: true })
  for (const file of [node, link]) rmSync(file, { force: true })
  try {
    linkSync(program, node)
  } catch {
    copyFileSync(program, node) // The clone lies across two file systems.
  }
  symlinkSync(join('..', 'node', 'bin', 'node'), link)
}

/** The npm that called us, if one did; its own flags are not meant for this one. */
function npm(words, options) {
  const caller = process.env.npm_execpath
  const program = caller && basename(caller) === 'npm-cli.js' ? [process.execPath, caller] : ['npm']
  const env = Object.fromEntries(
    ['global', 'prefix', 'omit', 'dry_run', 'package'].map((flag) => [`npm_config_${flag}`, undefined]),
  )
  return runCommand([...program, ...words, '--no-fund', '--no-audit', '--loglevel=error'], { ...options, env })
}
