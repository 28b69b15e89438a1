/** What Buildah, Podman and Docker share: programs with nearly the same words. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { type Ended, runProgram } from '../process.ts'
import type { BuildOrder, PushOrder } from './contract.ts'
import type { ControlGroup } from './control-group.ts'
import { stepFollower } from './titles.ts'

export interface Call {
  readonly signal: AbortSignal
  readonly env?: NodeJS.ProcessEnv
  readonly onLine?: (line: string) => void
  readonly endFirst?: () => readonly number[]
}

export function call(words: readonly [string, ...string[]], options: Call): Promise<Ended> {
  return runProgram(words, { ...options, purpose: 'to build images' })
}

/** `--label k=v` and the like, for each. */
export function pairs(flag: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${flag}=${name}=${value}`)
}

/** The words that the three programs share. */
export function buildWords(order: BuildOrder, file: string): string[] {
  return [
    `--file=${file}`,
    `--tag=${order.tag}`,
    ...pairs('--label', order.labels),
    ...pairs('--build-arg', order.buildArgs),
    ...order.cacheFrom.map((image) => `--cache-from=${image}`),
    ...Object.entries(order.secrets).map(([id, path]) => `--secret=id=${id},src=${path}`),
  ]
}

/** Runs a build from a Dockerfile outside of the context, and names the step at which it failed. */
export async function runBuild(
  order: BuildOrder,
  words: (file: string) => readonly string[],
  group: ControlGroup | null = null,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'himalia-dockerfile-'))
  const file = join(folder, 'Dockerfile')
  await writeFile(file, order.dockerfile)
  const steps = stepFollower(order.dockerfile)
  const onLine = (line: string) => {
    steps.see(line)
    order.log(`${line}\n`, 'building')
  }
  try {
    const [program = '', ...rest] = [...(group?.prefix ?? []), ...words(file)]
    const endFirst = () => group?.members() ?? []
    const { code } = await call([program, ...rest], { signal: order.signal, onLine, endFirst })
    if (code !== 0) throw errors.BUILD_FAILED({ title: steps.title(), code })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function runPush(
  words: readonly [string, ...string[]],
  image: string,
  order: PushOrder,
  env = process.env,
): Promise<void> {
  const { code, stderr } = await call(words, {
    signal: order.signal,
    env,
    onLine: (line) => order.log(`${line}\n`, 'pushing'),
  })
  if (code !== 0)
    throw errors.REGISTRY_FAILED({
      registry: image.split('/')[0] ?? image,
      why: stderr.split('\n').at(-1) ?? `exit code ${code}`,
    })
}

/** Throws what the program itself says when it can't be asked for its version. */
export async function checkProgram(
  name: string,
  words: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<void> {
  const { code, stderr } = await call(words, { signal })
  if (code !== 0)
    throw errors.ENGINE_UNUSABLE({ name, why: stderr.split('\n').at(-1) || `\`${words.join(' ')}\` failed` })
}
