/** Where the images of stages are found again: on this machine, or in a registry. */
import type { Engine } from '../engines/contract.ts'
import type { KeyedStage } from '../plan/keys.ts'
import { openRegistry, type Registry } from '../registry/client.ts'
import { credentialsFor } from '../registry/credentials.ts'
import { type ImageReference, isOnlyLocal, parseReference } from '../registry/reference.ts'
import type { BuildRequest } from './request.ts'

export interface StageStore {
  localName(stage: KeyedStage): string
  /** The name of a stage in the registry, where one is in play. */
  remote(stage: KeyedStage): ImageReference | null
  remoteName(stage: KeyedStage): string | null
  /** How many stages are there already, and the name of the last of them (else the base's). */
  deepest(stages: readonly KeyedStage[], base: string): Promise<[count: number, from: string]>
}

export function createStageStore(request: BuildRequest, engine: Engine | null, image: string): StageStore {
  const repository = request.cacheRepository ?? (request.pushes && !isOnlyLocal(image) ? withoutTag(image) : null)
  const remoteName = (stage: KeyedStage) =>
    repository === null ? null : `${repository}:himalia-${stage.name}-${stage.key}`
  const remote = (stage: KeyedStage) => {
    const name = remoteName(stage)
    return name === null ? null : parseReference(name)
  }
  const localName = (stage: KeyedStage) => `localhost/himalia/${stage.name}:${stage.key}`
  return {
    localName,
    remote,
    remoteName,
    async deepest(stages, base) {
      for (let count = stages.length; count > 0; count -= 1) {
        const stage = stages[count - 1]!
        if (engine && (await engine.inspect(localName(stage), request.signal))) return [count, localName(stage)]
        const reference = remote(stage)
        if (reference && (await registryOf(reference, request).digest(reference.repository, reference.tag)))
          return [count, remoteName(stage)!]
      }
      return [0, base]
    },
  }
}

export function registryOf({ registry }: ImageReference, request: BuildRequest): Registry {
  return openRegistry({
    registry,
    credentials: credentialsFor(registry),
    isInsecure: isInsecure(registry, request),
    signal: request.signal,
  })
}

/** As Docker does: registries of this machine speak plain HTTP. */
export function isInsecure(
  registry: string,
  { insecureRegistries }: Pick<BuildRequest, 'insecureRegistries'>,
): boolean {
  return insecureRegistries.includes(registry) || /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(registry)
}

function withoutTag(image: string): string {
  const { repository, registry } = parseReference(image)
  return registry === 'registry-1.docker.io' ? `docker.io/${repository}` : `${registry}/${repository}`
}
