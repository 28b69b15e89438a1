/** The images of the cluster for tests, from Debian and PyPI; they wait in the storage of the cluster's registry. */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runCommand } from '../command.js'
import { made, root } from '../paths.js'
import { mirrors, uv } from '../python.js'
import { programs } from './programs.js'

const recipes = join(root, 'test', 'cluster', 'images')
const requirements = ['hub-2.3.txt', 'hub-5.4.txt'].map((name) => join(root, 'tools', 'setup', 'python', name))
const storage = join(made, 'cluster', 'registry')
const workshop = join(made, 'cluster', 'workshop')
const context = join(workshop, 'context')

/** In the order in which one needs the other, with their tags. */
const images = {
  busybox: '1',
  pause: '1',
  coredns: '1',
  'local-path-provisioner': '1',
  'user-broken': '1',
  base: '1',
  user: '5.4',
  'user-old': '2.3',
}

const debian = { suite: 'bookworm', mirror: 'http://deb.debian.org/debian' }
const debianPackages = ['ca-certificates', 'git', 'procps', 'python3']

/** @type {import('../steps.js').Step} */
export const clusterImages = {
  title: 'Cluster for tests: images',
  stamp: 'cluster-images',
  inputs: () => {
    const files = [...readdirSync(recipes).map((name) => join(recipes, name)), ...requirements]
    return JSON.stringify([images, debian, debianPackages, files.map((file) => readFileSync(file, 'utf8'))])
  },
  isWhole: () => Object.keys(images).every((name) => readdirSync(repository(name)).length > 0),
  async work(say) {
    for (const folder of [storage, workshop]) rmSync(folder, { recursive: true, force: true })
    mkdirSync(context, { recursive: true })
    await fillContext(say)
    await withRegistry(async (address) => {
      for (const [name, tag] of Object.entries(images)) await build(name, `${address}/${name}:${tag}`, say)
    })
    rmSync(workshop, { recursive: true, force: true })
  },
}

const repository = (name) => join(storage, 'docker', 'registry', 'v2', 'repositories', name, '_manifests', 'tags')

/** All that the recipes copy, in one folder. */
async function fillContext(say) {
  const copied = ['/bin/busybox', '/usr/bin/tini-static', uv, join(recipes, 'broken'), ...requirements]
  const built = ['coredns', 'local-path-provisioner'].map((name) => join(programs, name))
  for (const file of [...copied, ...built]) copyFileSync(file, join(context, basename(file)))
  const words = ['--mode=root', '--variant=minbase', `--include=${debianPackages.join(',')}`]
  const target = [debian.suite, join(context, 'base.tar'), debian.mirror]
  await runCommand(['nice', '-n', '19', 'mmdebstrap', ...words, ...target], { say, what: 'Making a small Debian' })
}

async function build(name, address, say) {
  const buildah = ['nice', '-n', '19', 'buildah', `--root=${workshop}/root`, `--runroot=${workshop}/run`]
  const recipe = ['--isolation=chroot', `--file=${join(recipes, `${name}.containerfile`)}`, `--tag=localhost/${name}`]
  const what = `Building the image ${name}`
  // Its downloads stay with those of the other Python environments.
  const cache = (await runCommand([uv, 'cache', 'dir'], { what })).trim()
  mkdirSync(cache, { recursive: true })
  const index = mirrors().UV_DEFAULT_INDEX ?? process.env.UV_DEFAULT_INDEX
  const sources = [
    ...(index ? [`--build-arg=UV_DEFAULT_INDEX=${index}`] : []),
    `--volume=${cache}:/var/cache/uv`,
    '--volume=/etc/ssl/certs:/etc/ssl/certs:ro',
  ]
  await runCommand([...buildah, 'build', ...recipe, ...sources, context], { say, what })
  // Not compressed: it goes no further than this machine.
  const target = ['--disable-compression', '--tls-verify=false', `localhost/${name}`, `docker://${address}`]
  await runCommand([...buildah, 'push', ...target], { say, what })
}

/** Runs `work` beside a registry on loopback that has our storage. */
async function withRegistry(work) {
  const address = `127.0.0.1:${await freePort()}`
  const env = { ...process.env, REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: storage, REGISTRY_HTTP_ADDR: address }
  const config = join(root, 'test', 'cluster', 'images', 'registry.yaml')
  const child = spawn(join(programs, 'registry'), ['serve', config], { env, stdio: 'ignore' })
  const end = () => child.kill()
  process.once('exit', end) // An interrupted set-up leaves it to us, too.
  try {
    while (!(await fetch(`http://${address}/v2/`).catch(() => null))?.ok) {
      if (child.exitCode !== null) throw new Error('The registry ended before it was ready.')
      await sleep(100)
    }
    await work(address)
  } finally {
    process.off('exit', end)
    end()
  }
}

function freePort() {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
