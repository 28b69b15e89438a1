import { stringify } from '#base/yaml.ts'
import { formatProblems } from '../format-problems.ts'
import { analyse, readSources } from '../load.ts'
import { hasErrors } from '../problem.ts'
import { isSection, type Key, type Kind, type Section, values } from '../schema/index.ts'
import { type Entry, type MapNode, plain, positionOf, type TreeNode } from '../yaml/tree.ts'
import { readArguments } from './arguments.ts'
import { exit, type Io, UsageProblem } from './io.ts'
import { kindWithin, withoutSecrets } from './secrets.ts'

export const showHelp = `Usage: himalia config show FILE... [--mode local|cluster] [--set path=value] [--all]

Prints the merged values, in today's words, with the place that each comes from; secrets are hidden.
With --all also the defaults.
Exit codes: 0 no errors, 1 errors, 2 the command line is wrong.`

export async function show(argv: readonly string[], io: Io): Promise<number> {
  const { words: files, mode, overrides, options } = readArguments(argv, { all: { type: 'boolean' } })
  if (files.length === 0) throw new UsageProblem('name at least one file')
  const { root, problems } = await analyse(await readSources({ files, overrides }), mode)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) io.err(formatProblems(errors, { color: io.color }))
  const style = {
    indent: '',
    all: options.all === true,
    isAlone: files.length === 1 && Object.keys(overrides).length === 0,
  }
  io.out(sectionText(values, root, style).trimEnd() || '{}')
  return hasErrors(problems) ? exit.errors : exit.fine
}

interface Style {
  readonly indent: string
  readonly all: boolean
  /** Of one file the line says it all. */
  readonly isAlone: boolean
}

function sectionText(section: Section, node: TreeNode | null, style: Style): string {
  const map = node?.kind === 'map' ? node : null
  return Object.entries(section.keys)
    .map(([name, entry]) => entryText(name, entry, { map, style }))
    .join('')
}

function entryText(name: string, entry: Key | Section, { map, style }: { map: MapNode | null; style: Style }): string {
  const given = map?.entries.get(name)
  if (isSection(entry)) {
    const inner = sectionText(entry, given?.value ?? null, { ...style, indent: `${style.indent}  ` })
    return inner && `${style.indent}${name}:\n${inner}`
  }
  if (given) return givenText(name, given, entry.kind, style)
  if (!style.all || entry.default === undefined) return ''
  return leafText(name, entry.default, 'default', style)
}

/** Maps are followed to what stands in them, so that each value tells where it comes from. */
function givenText(name: string, entry: Entry, kind: Kind | undefined, style: Style): string {
  const { value } = entry
  if (value.kind !== 'map' || value.entries.size === 0 || kind?.secret === true) {
    return leafText(name, withoutSecrets(plain(value), kind, name), origin(entry, style), style)
  }
  const inner = { ...style, indent: `${style.indent}  ` }
  const parts = [...value.entries].map(([key, one]) => givenText(key, one, kindWithin(kind, key), inner))
  return `${style.indent}${stringify(name).trimEnd()}:\n${parts.join('')}`
}

function leafText(name: string, value: unknown, from: string, { indent }: Style): string {
  const [first = '', ...rest] = stringify({ [name]: value }, { lineWidth: 0, version: '1.1' })
    .trimEnd()
    .split('\n')
  return [`${first}  # ${from}`, ...rest].map((line) => `${indent}${line}\n`).join('')
}

function origin({ key }: Entry, { isAlone }: Style): string {
  const { line } = positionOf(key.source, key.start)
  return isAlone ? `line ${line}` : `${key.source.name}:${line}`
}
