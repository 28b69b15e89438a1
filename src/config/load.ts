import { readFile, stat } from 'node:fs/promises'
import { Findings } from './check/findings.ts'
import { checkValues } from './check/values.ts'
import { applyExtraConfig } from './extra-config.ts'
import { translateOldKeys } from './legacy/translate.ts'
import { settingsFrom } from './meaning/settings.ts'
import { mergeMaps } from './merge.ts'
import { overridesText } from './overrides.ts'
import { hasErrors, type Problem } from './problem.ts'
import type { Settings } from './settings.ts'
import { unwrapSubchart } from './subchart.ts'
import { fileProblem } from './yaml/problems.ts'
import { type ReadFile, readYaml, sizeProblem } from './yaml/read.ts'
import type { MapNode } from './yaml/tree.ts'

export interface LoadOptions {
  /** Merged in this order: maps deeply, lists and scalars replace, null deletes a default. */
  readonly files?: readonly string[]
  /** The content of one more file, merged after `files`; problems name it `textName`. */
  readonly text?: string
  readonly textName?: string
  /** Values by path, applied last: `{ 'hub.baseUrl': '/lab/' }`. A dot in a name is written `\.`. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Where servers will run: `local` (the default) points out what needs a cluster. */
  readonly mode?: Mode
}

export type Mode = 'local' | 'cluster'

export interface Loaded {
  /** null when there is an error among the problems. */
  readonly settings: Settings | null
  /** In the order of the files and lines. */
  readonly problems: readonly Problem[]
}

/** Reads, merges and checks configuration files. Never throws for what stands in them. */
export async function loadConfig(options: LoadOptions): Promise<Loaded> {
  const { settings, problems } = analyse(await readSources(options), options.mode ?? 'local')
  return { settings, problems }
}

/** The files, the text and the overrides, in the order in which they are merged. */
export async function readSources(options: LoadOptions): Promise<readonly ReadFile[]> {
  const sources = await Promise.all((options.files ?? []).map(readSource))
  if (options.text !== undefined) sources.push(readYaml(options.textName ?? 'config.yaml', options.text))
  const { overrides = {} } = options
  if (Object.keys(overrides).length > 0) sources.push(readYaml('--set', overridesText(overrides)))
  return sources
}

export interface Analysis extends Loaded {
  /** The merged values in today's words; null when there are none. */
  readonly root: MapNode | null
}

/** Merges and checks files that are read already. */
export function analyse(sources: readonly ReadFile[], mode: Mode): Analysis {
  const findings = new Findings(mode)
  findings.problems.push(...sources.flatMap((source) => source.problems))
  // What can't be read can't be judged: keys of a half-read file would be false findings.
  const isReadable = sources.every((source) => source.root !== null || source.problems.length === 0)
  const written = merged(sources, findings)
  const today = written && translateOldKeys(written, findings)
  const root = today && applyExtraConfig(today, findings)
  if (root && isReadable) checkValues(root, findings)
  const settings = isReadable ? settingsFrom(root, findings) : null
  const problems = ordered(findings.finish(), sources)
  return { root, settings: hasErrors(problems) ? null : settings, problems }
}

function merged(sources: readonly ReadFile[], findings: Findings): MapNode | null {
  return sources.reduce<MapNode | null>((below, { root }) => {
    if (!root) return below
    const own = unwrapSubchart(root, findings)
    return below ? mergeMaps(below, own) : own
  }, null)
}

async function readSource(file: string): Promise<ReadFile> {
  try {
    const large = sizeProblem(file, (await stat(file)).size)
    if (large) return { ...readYaml(file, ''), problems: [large] }
    return readYaml(file, await readFile(file))
  } catch (error) {
    const what = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message
    return { ...readYaml(file, ''), problems: [fileProblem('FILE_UNREADABLE', file, { what })] }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a directory',
}

/** By file and place; what an anchor repeats is said once. */
function ordered(problems: readonly Problem[], sources: readonly ReadFile[]): readonly Problem[] {
  const rank = new Map(sources.map(({ source }, index) => [source.name, index]))
  const seen = new Set<string>()
  return problems
    .filter(({ code, file, line, column, message }) => {
      const isOfPlace = line > 0 && !code.startsWith('CODE_')
      const key = JSON.stringify([code, file, line, column, isOfPlace ? '' : message])
      return !seen.has(key) && seen.add(key)
    })
    .toSorted((a, b) => (rank.get(a.file) ?? -1) - (rank.get(b.file) ?? -1) || a.line - b.line || a.column - b.column)
}
