/** Brings the cluster of this clone up and down. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { locked } from '../../tools/setup/lock.js'
import { createProgress } from '../../tools/setup/progress.js'
import { type Component, components } from './components.ts'
import { writeConfig } from './config.ts'
import { applyManifest, isReady, isRolledOut, kubectl } from './kubectl.ts'
import { createNamespace, findNamespace, removeNamespace } from './namespace.ts'
import { addresses, images, logs, pki, state } from './paths.ts'
import { createPki } from './pki.ts'
import { ClusterError, until } from './run.ts'
import { isRunning, lastWords, launch } from './running.ts'

/** Shows `title` while `work` runs. */
type During = (title: string, work: () => Promise<void>) => Promise<void>

export const waves = components(addresses)
export const allComponents: readonly Component[] = waves.flat()

/** Starts the cluster if it isn't up; of those who do so at the same time one works and the others wait. */
export async function ensureUp(): Promise<void> {
  const { note, during } = createProgress()
  await locked(note, async () => {
    if (!(await isUp())) await up(during)
  })
}

/** From nothing, or from what an earlier one left behind. */
async function up(during: During): Promise<void> {
  if (!existsSync(images))
    throw new ClusterError('Its programs and images are not built yet; `npm run cluster -- up` builds them.')
  await removeNamespace(addresses, state)
  await mkdir(logs, { recursive: true })
  await during('A network of its own', async () => void (await createNamespace(addresses, state)))
  await during('Certificates', () => createPki(pki, addresses))
  await writeConfig({ state, pki }, addresses)
  const [early = [], late = []] = waves
  await during('API server', async () => {
    for (const component of early) await launch(component)
    await ready('the API server', isServing)
  })
  await during('Node', async () => {
    for (const component of late) await launch(component)
    await ready('the node', () => isReady('node/node1'))
  })
  await during('DNS, volumes and fake nodes', install)
  await writeFile(whole, '')
}

/** Written last: one that was interrupted is started again. */
const whole = join(state, 'whole')

export async function isUp(): Promise<boolean> {
  return existsSync(whole) && missingComponents()?.length === 0 && (await isServing())
}

/** No process, mount, network, cgroup or file is left. */
export async function down(): Promise<void> {
  await removeNamespace(addresses, state)
}

/** Whether there is one, be it whole or not. */
export function exists(): boolean {
  return process.platform === 'linux' && findNamespace(addresses.name) !== null
}

/** Null if there is none; else the components that don't run, none when all is well. */
export function missingComponents(): readonly Component[] | null {
  return exists() ? allComponents.filter(({ name }) => !isRunning(name)) : null
}

export async function isServing(): Promise<boolean> {
  return kubectl(['get', '--raw=/readyz'], { timeoutMs: 5000 }).then(
    () => true,
    () => false,
  )
}

async function install(): Promise<void> {
  const values = { dns: addresses.dns, volumes: join(state, 'volumes') }
  for (const file of ['dns.yaml', 'storage.yaml', 'nodes.yaml']) await applyManifest(file, values)
  for (const node of ['node/kwok1', 'node/kwok2']) await ready(node, () => isReady(node))
  await ready('DNS', () => isRolledOut('kube-system', 'deployment/coredns'))
  await ready('the provisioner of volumes', () =>
    isRolledOut('local-path-storage', 'deployment/local-path-provisioner'),
  )
}

/** Fails as soon as a component has ended, with what it said last. */
async function ready(what: string, look: () => Promise<boolean>): Promise<void> {
  await until(`${what} is not ready; see ${logs}`, async () => {
    const ended = findEnded()
    // A process that is just becoming another program has no words for a moment, so one look is not enough.
    if (ended) await setTimeout(300)
    if (ended && findEnded() === ended)
      throw new ClusterError(`${ended.name} has ended. It said last:\n${lastWords(ended.name)}`)
    return look()
  })
}

function findEnded(): Component | undefined {
  return allComponents.find(({ name }) => lastWords(name) !== null && !isRunning(name))
}
