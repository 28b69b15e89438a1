/** An image that is another one with one more layer, made in the registry: no engine takes part. */
import { createHash } from 'node:crypto'
import { type Descriptor, type Manifest, mediaTypes, type Registry } from './client.ts'
import type { Layer } from './layer.ts'

export interface Append {
  readonly from: { readonly repository: string; readonly reference: string }
  readonly to: { readonly repository: string; readonly reference: string }
  readonly platform: string
  readonly layer: Layer
  readonly env: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly user: string
  readonly comment: string
}

interface ImageConfigFile {
  config?: { Env?: string[]; Labels?: Record<string, string> | null; User?: string; [key: string]: unknown }
  rootfs: { type: string; diff_ids: string[] }
  history?: unknown[]
  [key: string]: unknown
}

/** False when the image to stand on is not there. */
export async function appendLayer(registry: Registry, order: Append): Promise<boolean> {
  const { from, to, layer } = order
  const parent = await registry.manifest(from.repository, from.reference, order.platform)
  if (!parent) return false
  const config = (await registry.json(from.repository, parent.config.digest)) as ImageConfigFile
  if (from.repository !== to.repository) {
    for (const blob of parent.layers) await registry.mountBlob(to.repository, blob, from.repository)
  }
  await registry.putBlob(to.repository, layer.digest, layer)
  const content = Buffer.from(JSON.stringify(withLayer(config, order)))
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  await registry.putBlob(to.repository, digest, content)
  await registry.putManifest(
    to.repository,
    to.reference,
    manifestOf(parent, { ...parent.config, digest, size: content.length }, layer),
  )
  return true
}

function manifestOf(parent: Manifest, config: Descriptor, layer: Layer): Manifest {
  const isDocker = parent.mediaType === mediaTypes.dockerManifest
  const mediaType = isDocker ? mediaTypes.dockerLayer : mediaTypes.ociLayer
  return { ...parent, config, layers: [...parent.layers, { mediaType, digest: layer.digest, size: layer.size }] }
}

/** No dates of its own: the same files on the same image give the same image. */
function withLayer(image: ImageConfigFile, { layer, env, labels, user, comment }: Append): ImageConfigFile {
  const { config = {}, rootfs, history = [] } = image
  const kept = (config.Env ?? []).filter((entry) => !(entry.split('=')[0]! in env))
  return {
    ...image,
    config: {
      ...config,
      Env: [...kept, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      Labels: { ...config.Labels, ...labels },
      User: user,
    },
    rootfs: { ...rootfs, diff_ids: [...rootfs.diff_ids, layer.diffId] },
    history: [...history, { created_by: comment }],
  }
}
