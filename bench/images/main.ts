/**
 * One repository built and pushed to a registry on loopback: cold, with a notebook changed, with a dependency changed.
 * `npm run bench -- images`: about ten minutes. The peer is repo2docker from PyPI on the same builder; conda's packages
 * are not in every network, so its Jupyter comes from PyPI as ours does, in its own order of steps.
 */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contender, ours, repo2docker } from './contenders.ts'

const rounds = 3

interface Result {
  readonly name: string
  readonly cold: number
  readonly notebook: number
  readonly dependency: number
  /** Bytes of the layers above the base image, as the registry has them (not compressed). */
  readonly size: number
}

async function main(): Promise<void> {
  const top = mkdtempSync(join(tmpdir(), 'himalia-bench-images-'))
  const registry = fork(join(import.meta.dirname, 'registry.ts'), { silent: true })
  const host = String((await once(registry.stdout as NodeJS.ReadableStream, 'data'))[0]).trim()
  try {
    const results: Result[] = []
    for (const make of [ours, repo2docker]) {
      const folder = join(top, make.name)
      mkdirSync(folder)
      const contender = make(folder)
      process.stderr.write(`${contender.name} …\n`)
      results.push(await measure(contender, { folder, image: `${host}/${make.name}:v1` }))
    }
    console.log(table(results))
  } finally {
    registry.kill()
    rmSync(top, { recursive: true, force: true })
  }
}

async function measure(
  { name, build }: Contender,
  { folder, image }: { folder: string; image: string },
): Promise<Result> {
  const repository = makeRepository(join(folder, 'repository'))
  const timed = (change: string, content: string) => {
    commit(repository, change, content)
    const start = performance.now()
    build(repository, image)
    return (performance.now() - start) / 1000
  }
  const cold = timed('a.ipynb', '{}')
  const size = await sizeOf(image)
  const notebook = median(Array.from({ length: rounds }, (_, round) => timed('a.ipynb', `{"round": ${round}}`)))
  const dependency = median(
    ['six', 'toolz', 'packaging'].map((extra) => timed('requirements.txt', `there\nnumpy\n${extra}\n`)),
  )
  return { name, cold, notebook, dependency, size }
}

function makeRepository(folder: string): string {
  mkdirSync(folder)
  git(folder, 'init', '--quiet', '--initial-branch=main')
  writeFileSync(join(folder, 'requirements.txt'), 'there\nnumpy\n')
  for (let index = 0; index < 20; index += 1)
    writeFileSync(join(folder, `notebook-${index}.ipynb`), 'x'.repeat(100_000))
  return folder
}

function commit(folder: string, file: string, content: string): void {
  writeFileSync(join(folder, file), content)
  git(folder, 'add', '--all')
  git(folder, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '--quiet', '--message=change')
}

const git = (cwd: string, ...words: string[]) => execFileSync('git', words, { cwd })

async function sizeOf(image: string): Promise<number> {
  const [, host, repository, tag] = /^([^/]+)\/(.+):(.+)$/.exec(image) ?? []
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`)
  const { layers } = (await answer.json()) as { layers: { size: number }[] }
  return layers.slice(1).reduce((sum, layer) => sum + layer.size, 0)
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

function table([own, peer]: Result[]): string {
  const rows: [title: string, value: (result: Result) => number, unit: string][] = [
    ['cold', ({ cold }) => cold, 's'],
    ['one notebook changed', ({ notebook }) => notebook, 's'],
    ['one dependency changed', ({ dependency }) => dependency, 's'],
    ['size above the base', ({ size }) => size / 1e6, 'MB'],
  ]
  const line = (cells: string[]) =>
    `${cells[0]!.padEnd(26)}${cells
      .slice(1)
      .map((cell) => cell.padStart(32))
      .join('')}`
  return [
    line(['', own!.name, peer!.name, 'times']),
    ...rows.map(([title, value, unit]) =>
      line([
        title,
        `${value(own!).toFixed(1)} ${unit}`,
        `${value(peer!).toFixed(1)} ${unit}`,
        (value(peer!) / value(own!)).toFixed(1),
      ]),
    ),
  ].join('\n')
}

await main()
