import { resolve } from 'node:path'
import { Findings } from './check/findings.ts'
import { checkTogether } from './check/hindsight.ts'
import { checkValues } from './check/values.ts'
import { readCodeFiles } from './code-files.ts'
import { existingSecret } from './existing-secret.ts'
import { applyExtraConfig } from './extra-config.ts'
import { translateOldKeys } from './legacy/translate.ts'
import { settingsFrom } from './meaning/settings.ts'
import { mergeMaps } from './merge.ts'
import { overridesText } from './overrides.ts'
import { hasErrors, type Problem } from './problem.ts'
import type { Asked } from './python-run.ts'
import { readSource } from './read-source.ts'
import { followReferences, type SecretsFolder } from './references.ts'
import type { Settings } from './settings.ts'
import { unwrapSubchart } from './subchart.ts'
import { withoutDefaults } from './without-defaults.ts'
import { type ReadFile, readYaml } from './yaml/read.ts'
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
  /** `files` and `text` hold every key that has a value, as Helm hands them over: what is missing was taken away. */
  readonly isComplete?: boolean
  /** Where the cluster's Secrets are mounted; without it references to them are not followed. */
  readonly secrets?: SecretsFolder
}

export type Mode = 'local' | 'cluster'

export interface Loaded {
  /** null when there is an error among the problems. */
  readonly settings: Settings | null
  /** In the order of the files and lines. */
  readonly problems: readonly Problem[]
  /** Absolute paths of all that was read or looked for: a change of one may change the settings. */
  readonly readFiles: readonly string[]
}

/** Reads, merges and checks configuration files. Never throws for what stands in them. */
export async function loadConfig(options: LoadOptions): Promise<Loaded> {
  const { mode = 'local', secrets = null } = options
  const written = await readSources(options)
  const given = options.isComplete ? [withoutDefaults(), ...written] : written
  const sources = mode === 'cluster' && secrets ? [...given, ...(await existingSecret(written, secrets))] : given
  const { settings, problems, readFiles } = await withHooks(await analyse(sources, mode, secrets), sources)
  return { settings, problems, readFiles: [...(options.files ?? []).map((file) => resolve(file)), ...readFiles] }
}

/** Code of one's own must load, or the configuration is none: nobody would learn of it later. */
async function withHooks(analysed: Analysis, sources: readonly ReadFile[]): Promise<Analysis> {
  const { meaning, settings, problems } = analysed
  const isCustom = meaning?.authenticator.classes.includes('custom') ?? false
  if (!meaning || !(isCustom || meaning.hooks.sources.length > 0 || meaning.hooks.python)) return analysed
  const { checkedHooks } = await import('./hooks.ts')
  const checked = await checkedHooks(meaning, analysed.root)
  const all = ordered([...problems, ...checked.problems], sources)
  const isFine = settings !== null && !hasErrors(checked.problems)
  return { ...analysed, settings: isFine ? { ...settings, hooks: checked.hooks } : null, problems: all }
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
  /** The merged values in today's words, references as they are written; null when there are none. */
  readonly root: MapNode | null
  /** What the settings would be were there no errors. */
  readonly meaning: Settings | null
}

interface Reading {
  readonly sources: readonly ReadFile[]
  readonly mode: Mode
  readonly secrets: SecretsFolder
}

/** Merges and checks files that are read already. */
export async function analyse(
  sources: readonly ReadFile[],
  mode: Mode,
  secrets: SecretsFolder = null,
): Promise<Analysis> {
  const reading = { sources, mode, secrets }
  const { needsPython, ...analysed } = analyseWith(reading, null)
  if (!needsPython) return analysed
  const { askPython } = await import('./python-run.ts')
  const asked = await askPython(needsPython, Number(analysed.meaning?.hooks.timeoutSeconds ?? 10))
  const { meaning, settings, ...rest } = analyseWith(reading, asked)
  const hooks = meaning && { ...meaning.hooks, python: asked.python, names: asked.names }
  const withPython = <T extends Settings | null>(one: T) => (one && hooks ? { ...one, hooks } : one)
  return { ...rest, meaning: withPython(meaning), settings: withPython(settings) }
}

/** `asked`: what Python said of its code, once it was asked. */
function analyseWith(
  { sources, mode, secrets }: Reading,
  asked: Asked | null,
): Analysis & { readonly needsPython: MapNode | null } {
  const findings = new Findings(mode)
  findings.problems.push(...sources.flatMap((source) => source.problems))
  // What can't be read can't be judged: keys of a half-read file would be false findings.
  const isReadable = sources.every((source) => source.root !== null || source.problems.length === 0)
  const written = merged(sources, findings)
  const today = written && translateOldKeys(written, findings)
  const whole = today && readCodeFiles(today, findings)
  const applied = whole && applyExtraConfig(whole, findings, asked)
  const root = applied?.root ?? null
  const followed = root && isReadable ? followReferences(root, findings, secrets) : null
  if (followed) checkValues(followed, findings)
  if (followed) checkTogether(followed, findings)
  const meaning = isReadable ? settingsFrom(followed, findings) : null
  const problems = ordered(findings.finish(), sources)
  const needsPython = isReadable && applied?.needsPython ? whole : null
  const settings = hasErrors(problems) ? null : meaning
  return { root, meaning, settings, problems, readFiles: findings.readFiles, needsPython }
}

function merged(sources: readonly ReadFile[], findings: Findings): MapNode | null {
  return sources.reduce<MapNode | null>((below, { root }) => {
    if (!root) return below
    const own = unwrapSubchart(root, findings)
    return below ? mergeMaps(below, own) : own
  }, null)
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
