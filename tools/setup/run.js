/** The way in: sets up what a command needs, then runs it with the Node of the clone. Runs on any Node from 20 on. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { clusterImages } from './cluster/images.js'
import { whyNoCluster } from './cluster/possible.js'
import { clusterPrograms } from './cluster/programs.js'
import { debianPrograms } from './debian.js'
import { explained, SetupError } from './failure.js'
import { handOver } from './hand-over.js'
import { imageBase } from './images/base.js'
import { whyNoImages } from './images/possible.js'
import { npmPackages } from './npm.js'
import { root } from './paths.js'
import {
  environmentPath,
  kubernetesSchemas,
  kubeSpawner,
  oauthenticator,
  pythonEnvironment,
  repo2docker,
  samlIdp,
} from './python.js'
import { runSteps } from './steps.js'

const packages = [npmPackages]
const servers = () => pythonEnvironment('user', 'JupyterLab')
/** JupyterHub's servers of other years, which must work with this hub unchanged. */
const oldServers = () =>
  ['2.3', '4.1', '5.4'].flatMap((version) => pythonEnvironment(`hub-${version}`, `JupyterHub ${version} for tests`))

/** One lane, since Debian's packages come one after the other; the images need all that is before and beside it. */
function cluster() {
  const reason = whyNoCluster()
  if (reason)
    throw new SetupError(`It can't be done here: ${reason}.`, 'docs/development-cluster.md says what it takes.')
  return [...debianPrograms('cluster'), ...clusterPrograms()]
}

/** Whether these tests use a cluster that we bring: all of them do, and those with the word in their path. */
function wantsCluster(patterns) {
  if (process.env.KUBECONFIG) return false
  return (
    whyNoCluster() === null && (patterns.length === 0 || patterns.some((pattern) => /cluster|kube|chart/.test(pattern)))
  )
}

/** Whether these tests build images: all of them do, and those with the word in their path. */
function wantsImages(patterns) {
  return whyNoImages() === null && (patterns.length === 0 || patterns.some((pattern) => /images/.test(pattern)))
}

/** What building images for tests and benchmarks needs; Debian's packages come one after the other. */
const imageBuilding = () => [...debianPrograms('images'), imageBase]

/**
 * Each command: what it needs, as lanes that are set up side by side and steps that come after all of them, and what is
 * run.
 */
const commands = {
  start: { lanes: () => [packages, servers()], words: ['src/cli/main.ts', 'start'] },
  himalia: { lanes: () => [packages, servers()], words: ['src/cli/main.ts'] },
  check: { lanes: () => [packages], words: ['tools/test/main.ts', '--checks'] },
  test: {
    lanes: (args) => [
      packages,
      [
        ...servers(),
        ...oldServers(),
        ...kubeSpawner(),
        ...kubernetesSchemas(),
        ...oauthenticator(),
        ...samlIdp(),
        ...repo2docker(),
      ],
      [
        ...debianPrograms('test'),
        ...(wantsImages(args) ? imageBuilding() : []),
        ...(wantsCluster(args) ? cluster() : []),
      ],
    ],
    after: (args) => (wantsCluster(args) ? [clusterImages] : []),
    words: ['tools/test/main.ts'],
  },
  cluster: {
    lanes: ([word]) => (word === 'up' ? [packages, oldServers(), cluster()] : [packages]),
    after: ([word]) => (word === 'up' ? [clusterImages] : []),
    words: ['test/cluster/main.ts'],
  },
  containers: { lanes: () => [packages, debianPrograms('containers')], words: ['tools/containers/main.ts'] },
  bench: {
    lanes: ([name]) => [
      packages,
      [...servers(), ...(name === 'images' ? repo2docker() : [])],
      [...debianPrograms('bench'), ...(name === 'images' ? imageBuilding() : [])],
    ],
    words: [],
  },
}

/** Needs nothing but the code. */
const light = ['--help', '-h', 'help', '--version', '-V', 'proxy', 'config', 'build', 'image', 'repo2docker']

async function main([name = 'start', ...args]) {
  const command = commands[name]
  if (!command) throw new SetupError(`There is no command "${name}".`, `There are ${Object.keys(commands).join(', ')}.`)
  const [file, ...words] = name === 'bench' ? [benchFile(args.shift())] : command.words
  await runSteps(args.some((arg) => light.includes(arg)) ? [packages] : command.lanes(args))
  await runSteps([command.after?.(args) ?? []])
  await handOver([join(root, file), ...words, ...args], environment())
}

/** `npm run bench -- proxy` is `bench/proxy/main.ts`. */
function benchFile(name = '') {
  const names = readdirSync(join(root, 'bench')).filter((entry) => existsSync(join(root, 'bench', entry, 'main.ts')))
  if (names.includes(name)) return join('bench', name, 'main.ts')
  throw new SetupError('Which benchmark?', `Say \`npm run bench -- NAME\`; there are ${names.join(', ')}.`)
}

/** Names the servers' environment; one that is not there (a command that needs none) stays unnamed. */
function environment() {
  const path = environmentPath('user')
  return existsSync(path) ? { HIMALIA_PYTHON: path } : {}
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const known = explained(error)
  if (!(known instanceof SetupError)) throw error
  process.stderr.write(`\n${known.message}\n${known.hint}\n`)
  process.exitCode = 1
}
