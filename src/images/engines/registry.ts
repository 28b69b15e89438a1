import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { errors } from '../errors.ts'
import { buildah } from './buildah/index.ts'
import type { Engine } from './contract.ts'
import { docker } from './docker/index.ts'
import { podman } from './podman/index.ts'

/** In the order in which they are tried when none is named. */
export const engines: readonly Engine[] = [docker, podman, buildah]

/** The named engine, or the first whose program is here and answers. */
export async function pickEngine(name: string | null, signal: AbortSignal): Promise<Engine> {
  if (name !== null) {
    const engine = engines.find((candidate) => candidate.name === name)
    if (!engine) throw errors.ENGINE_UNKNOWN({ name, known: engines.map((candidate) => candidate.name).join(', ') })
    await engine.check(signal)
    return engine
  }
  for (const engine of engines.filter((candidate) => isHere(candidate.name))) {
    const isUsable = await engine.check(signal).then(
      () => true,
      () => false,
    )
    signal.throwIfAborted()
    if (isUsable) return engine
  }
  throw errors.ENGINE_MISSING({ known: engines.map((engine) => engine.name).join(', ') })
}

const isHere = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
