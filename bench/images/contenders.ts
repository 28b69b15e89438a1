/** The command lines that are compared, each with a storage of its own on the same base image. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentPath } from '../../tools/setup/python.js'

const root = join(import.meta.dirname, '..', '..')
const shared = join(root, '.himalia', 'images')
const base = 'localhost/himalia-test-base'
const certificates = process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt'
const peer = join(import.meta.dirname, 'peer')

export interface Contender {
  readonly name: string
  /** Builds the repository and pushes it; throws with what was printed when it fails. */
  readonly build: (repository: string, image: string) => void
}

export function ours(folder: string): Contender {
  const program = [process.execPath, join(root, 'src', 'cli', 'main.ts'), 'build']
  const words = ['--engine=buildah', `--base=${base}`, '--python=3.11', `--ca-file=${certificates}`, '--push']
  const env = environment(folder)
  return {
    name: 'himalia build',
    build: (repository, image) => run([...program, ...words, `--image=${image}`, `file://${repository}`], env, folder),
  }
}

export function repo2docker(folder: string): Contender {
  const env = environment(folder)
  const path = `${peer}:${process.env.PATH}`
  const program = join(environmentPath('repo2docker'), 'bin', 'repo2docker')
  const words = [
    '--config',
    join(peer, 'repo2docker_config.py'),
    `--Repo2Docker.base_image=${base}`,
    '--user-id=1000',
    '--user-name=jovyan',
    '--no-run',
    '--push',
  ]
  const lock = join(root, 'src', 'images', 'assets', 'jupyter', '3.10.txt')
  return {
    name: 'repo2docker, a venv for conda',
    build: (repository, image) =>
      // A ref makes it look at git first, as BinderHub's builds do.
      run(
        [program, ...words, `--image-name=${image}`, '--ref=main', `file://${repository}/.git`],
        { ...env, PATH: path, BENCH_JUPYTER: lock },
        folder,
      ),
  }
}

/** Storage and caches begin empty; the base image is shared and only read. */
function environment(folder: string): NodeJS.ProcessEnv {
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary, { recursive: true })
  const config = join(folder, 'storage.conf')
  const lines = [
    '[storage]',
    'driver = "overlay"',
    `graphroot = "${folder}/root"`,
    `runroot = "${folder}/run"`,
    '[storage.options]',
    `additionalimagestores = ["${shared}/root"]`,
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  return { ...process.env, CONTAINERS_STORAGE_CONF: config, TMPDIR: temporary }
}

function run([program = '', ...words]: string[], env: NodeJS.ProcessEnv, folder: string): void {
  const { status, stdout, stderr } = spawnSync(program, words, { env, cwd: folder, encoding: 'utf8', maxBuffer: 1e9 })
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stdout.slice(-3000)}${stderr.slice(-3000)}`)
}
