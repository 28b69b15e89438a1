/** Builds the images with buildah, and pushes them where one asks for it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fillContext } from './context.ts'
import { recipes } from './recipes.ts'

export interface BuildOptions {
  readonly root: string
  /** The registry, with the folder of our images in it: `registry.example.org/himalia`; null: they stay here. */
  readonly registry: string | null
  readonly tag: string
  /** The image that ours begin with; null: that of the recipe. */
  readonly base: string | null
  /** The registry is spoken to without TLS. */
  readonly isPlain: boolean
}

/** The names of the images. Throws when buildah fails, with what it said. */
export function buildContainers({ root, registry, tag, base, isPlain }: BuildOptions): readonly string[] {
  const workshop = join(root, '.himalia', 'containers')
  mkdirSync(workshop, { recursive: true })
  const storage = [`--root=${workshop}/root`, `--runroot=${workshop}/run`]
  const plain = isPlain ? ['--tls-verify=false'] : []
  return recipes.map((recipe) => {
    const context = join(workshop, recipe.name)
    fillContext(root, context, recipe)
    const name = `${registry ?? 'himalia'}/${recipe.name}:${tag}`
    const file = join(root, 'containers', `${recipe.name}.containerfile`)
    const words = ['--isolation=chroot', `--file=${file}`, `--tag=${name}`, ...plain]
    buildah([...storage, 'build', ...words, ...(base ? [`--build-arg=BASE=${base}`] : []), context])
    if (registry) buildah([...storage, 'push', ...plain, name, `docker://${name}`])
    return name
  })
}

function buildah(words: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync('buildah', words, { encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`buildah ${words.join(' ')}\n${stdout}${stderr}`)
}
