import type { Engine } from '../engines/contract.ts'
import { isOnlyLocal, parseReference } from '../registry/reference.ts'
import type { BuildRequest } from './request.ts'
import { registryOf } from './stage-store.ts'

/**
 * What the name of the base image stands for: the digest of its configuration, which is the same on every machine. So the
 * stages of one machine are found by others. Null where neither this machine nor the registry can tell.
 */
export async function baseIdentity(request: BuildRequest, engine: Engine): Promise<string | null> {
  const { base, platform, signal } = request
  const local = await engine.inspect(base, signal)
  if (local) return local.id.replace(/^sha256:/, '')
  if (isOnlyLocal(base)) return null
  const reference = parseReference(base)
  const asked = registryOf(reference, request).manifest(
    reference.repository,
    reference.digest ?? reference.tag,
    platform,
  )
  const manifest = await asked.catch(() => null)
  signal.throwIfAborted()
  return manifest?.config.digest.replace(/^sha256:/, '') ?? null
}
