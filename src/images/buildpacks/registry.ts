import type { Repository } from '../repository/tree.ts'
import { conda } from './conda/index.ts'
import type { Buildpack } from './contract.ts'
import { dockerfile } from './dockerfile/index.ts'
import { julia } from './julia/index.ts'
import { legacy } from './legacy/index.ts'
import { nix } from './nix/index.ts'
import { pipfile } from './pipfile/index.ts'
import { pixi } from './pixi/index.ts'
import { python } from './python/index.ts'
import { r } from './r/index.ts'

/** In repo2docker's order. Pixi is ours: it stands behind all that repo2docker builds already. */
export const buildpacks: readonly Buildpack[] = [legacy, dockerfile, julia, nix, r, conda, pipfile, python, pixi]

export function detectBuildpack(repository: Repository, whenNone: Buildpack | null): Buildpack | null {
  return buildpacks.find((buildpack) => buildpack.detect(repository)) ?? whenNone
}

export const defaultBuildpack: Buildpack = python
