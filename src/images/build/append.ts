/** A change of notebooks alone: one layer on an environment that the registry has, without an engine. */
import { join } from 'node:path'
import { appendLayer } from '../registry/append.ts'
import { writeLayer } from '../registry/layer.ts'
import { parseReference } from '../registry/reference.ts'
import { keyLabel } from './labels.ts'
import { registryOf } from './stage-store.ts'
import { appendedEnv, type StagedBuild } from './stages.ts'

/** Files get one date, so that the same files are the same layer. */
const layerTime = 315_532_800

/** False where it can't be done: something has to run, nothing is pushed, or the environment is not there yet. */
export async function appendInRegistry({
  request,
  plan,
  stages,
  store,
  context,
  image,
  labels,
}: StagedBuild): Promise<boolean> {
  const [below, last] = stages.slice(-2)
  if (!request.pushes || !below || !last) return false
  const env = appendedEnv(last)
  const parent = store.remote(below)
  const target = parseReference(image)
  if (env === null || parent === null || parent.registry !== target.registry) return false
  const registry = registryOf(target, request)
  if (await isSame(registry, target, { platform: plan.platform, key: labels[keyLabel] ?? '' })) {
    request.log(`${image} is in the registry already, with just this content.\n`, 'pushing')
    return true
  }
  if (!(await registry.digest(parent.repository, parent.tag))) return false
  request.log('The environment is in the registry: adding the repository’s files as one layer.\n', 'pushing')
  const layer = await writeLayer(join(context, '..', 'layer.tar.gz'), {
    folder: join(context, 'src'),
    target: plan.repoDir,
    uid: plan.user.uid,
    time: layerTime,
  })
  return appendLayer(registry, {
    from: { repository: parent.repository, reference: parent.tag },
    to: { repository: target.repository, reference: target.tag },
    platform: plan.platform,
    layer,
    env,
    labels,
    user: String(plan.user.uid),
    comment: `himalia: the files of ${plan.labels['repo2docker.repo'] ?? 'the repository'}`,
  })
}

interface Wanted {
  readonly platform: string
  readonly key: string
}

async function isSame(
  registry: ReturnType<typeof registryOf>,
  target: { repository: string; tag: string },
  { platform, key }: Wanted,
): Promise<boolean> {
  const manifest = await registry.manifest(target.repository, target.tag, platform)
  if (!manifest) return false
  const image = (await registry.json(target.repository, manifest.config.digest)) as {
    config?: { Labels?: Record<string, string> }
  }
  return image.config?.Labels?.[keyLabel] === key
}
