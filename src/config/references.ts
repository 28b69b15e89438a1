/**
 * Values that stand elsewhere: `{file: path}` and `{valueFrom: {secretKeyRef: {name, key}}}` in the place of any text,
 * number or switch that the schema knows. Where a map is wanted (environment variables of pods, pieces of manifests)
 * they are Kubernetes' own and stay as they are.
 */
import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Findings, Path } from './check/findings.ts'
import { fits } from './check/kind.ts'
import { isSection, type Kind, type Section, values } from './schema/index.ts'
import { traitRow } from './traits/index.ts'
import { unreadable } from './unreadable.ts'
import { resolvePlain } from './yaml/scalar.ts'
import { type MapNode, type Place, plain, type ScalarNode, type TreeNode } from './yaml/tree.ts'

/** The Secrets of the cluster as mounted files, `<folder>/<name>/<key>`; null: they can't be seen from here. */
export type SecretsFolder = string | null

const mostBytes = 1024 ** 2

/** The tree with what the references name in their place; those that can't be followed are reported and left empty. */
export function followReferences(root: MapNode, findings: Findings, secrets: SecretsFolder): MapNode {
  return new Follower(findings, secrets).section(values, root, [])
}

class Follower {
  readonly #findings: Findings
  readonly #secrets: SecretsFolder

  constructor(findings: Findings, secrets: SecretsFolder) {
    this.#findings = findings
    this.#secrets = secrets
  }

  section(section: Section, node: MapNode, path: Path): MapNode {
    return mapped(node, (name, value) => {
      const here = [...path, name]
      const known = Object.hasOwn(section.keys, name) ? section.keys[name] : undefined
      if (known === undefined) return value
      if (isSection(known)) return value.kind === 'map' ? this.section(known, value, here) : value
      if (here.join('.') === 'hub.config' && value.kind === 'map') return this.#classes(value, here)
      return this.#value(known.kind, value, here)
    })
  }

  #classes(config: MapNode, path: Path): MapNode {
    return mapped(config, (className, node) => {
      if (node.kind !== 'map') return node
      return mapped(node, (trait, value) => {
        const row = traitRow(className, trait)
        return row && 'kind' in row ? this.#value(row.kind, value, [...path, className, trait]) : value
      })
    })
  }

  #value(kind: Kind, node: TreeNode, path: Path): TreeNode {
    const fitting = (kind.anyOf ?? [kind]).find((one) => fits(one, node))
    if (fitting?.anyOf) return this.#value(fitting, node, path)
    if (!fitting)
      return node.kind === 'map' && (takesScalars(kind) || takesNames(kind)) ? this.#follow(kind, node, path) : node
    const { items } = fitting
    if (node.kind === 'list' && items)
      return { ...node, items: node.items.map((item, index) => this.#value(items, item, [...path, index])) }
    if (node.kind !== 'map') return node
    return mapped(node, (name, value) => {
      const own = Object.hasOwn(fitting.properties ?? {}, name) ? fitting.properties?.[name] : null
      const known = own ?? fitting.additionalProperties
      return typeof known === 'object' ? this.#value(known, value, [...path, name]) : value
    })
  }

  #follow(kind: Kind, node: MapNode, path: Path): TreeNode {
    const [only, ...others] = node.entries.keys()
    if (others.length > 0) return node
    if (only === 'file') return this.#file(kind, node, path)
    return only === 'valueFrom' ? this.#secret(kind, node, path) : node
  }

  #file(kind: Kind, node: MapNode, path: Path): TreeNode {
    const name = node.entries.get('file')?.value
    const at = { place: node.place, path }
    if (name?.kind !== 'scalar' || typeof name.value !== 'string' || name.value === '') {
      this.#findings.report('REFERENCE_FORM', at, { form: '{file: path}' })
      return emptyAt(node.place)
    }
    const file = resolve(dirname(name.place.source.name), name.value)
    this.#findings.readFiles.push(file)
    const { text, why } = readSmall(file)
    if (text !== null) return valueAt(kind, node.place, text)
    this.#findings.report('REFERENCE_FILE', at, { file: name.value, why })
    return emptyAt(node.place)
  }

  #secret(kind: Kind, node: MapNode, path: Path): TreeNode {
    const wanted = secretKey(node)
    const at = { place: node.place, path }
    if (!wanted) this.#findings.report('REFERENCE_FORM', at, { form: '{valueFrom: {secretKeyRef: {name, key}}}' })
    else if (this.#findings.mode === 'local') this.#findings.report('REFERENCE_NEEDS_CLUSTER', at, wanted)
    else if (this.#secrets !== null) {
      const file = join(this.#secrets, wanted.name, wanted.key)
      this.#findings.readFiles.push(file)
      const { text } = readSmall(file)
      if (text !== null) return valueAt(kind, node.place, text)
      if (!wanted.optional) this.#findings.report('REFERENCE_SECRET', at, wanted)
    }
    return emptyAt(node.place)
  }
}

interface SecretKey {
  readonly name: string
  readonly key: string
  readonly optional: boolean
}

/** Null when it is written in another form. Names that could lead out of the folder are none. */
function secretKey(node: MapNode): SecretKey | null {
  const from = node.entries.get('valueFrom')?.value
  const only = from?.kind === 'map' && from.entries.size === 1 ? from.entries.get('secretKeyRef')?.value : null
  if (only?.kind !== 'map') return null
  const { name, key, optional = false, ...others } = plain(only) as Record<string, unknown>
  const isName = (text: unknown): text is string => typeof text === 'string' && /^[-._a-zA-Z0-9]{1,253}$/.test(text)
  if (!isName(name) || !isName(key) || name.startsWith('.') || key.startsWith('..')) return null
  if (typeof optional !== 'boolean' || Object.keys(others).length > 0) return null
  return { name, key, optional }
}

function mapped(node: MapNode, change: (name: string, value: TreeNode) => TreeNode): MapNode {
  const entries = [...node.entries].map(([name, entry]) => {
    return [name, { ...entry, value: change(name, entry.value) }] as const
  })
  return { ...node, entries: new Map(entries) }
}

function takesScalars(kind: Kind): boolean {
  if (kind.anyOf) return kind.anyOf.some(takesScalars)
  return !kind.enum && ['string', 'integer', 'number', 'boolean'].includes(String(kind.type))
}

const takesTexts = (kind: Kind): boolean => kind.anyOf?.some(takesTexts) ?? kind.type === 'string'

/** A file holds text; where a number or a switch is wanted, it is read as YAML reads one. */
function valueAt(kind: Kind, place: Place, text: string): TreeNode {
  if (takesNames(kind)) return { kind: 'list', place, items: namesIn(text).map((name) => secretAt(place, name)) }
  return secretAt(place, takesTexts(kind) ? text : resolvePlain(text.trim()))
}

const secretAt = (place: Place, value: ScalarNode['value']): ScalarNode => {
  return { kind: 'scalar', place, value, raw: '', isPlain: false, isSecret: true }
}

/** A list of names is a file with one a line; what begins with # is a comment. */
function namesIn(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*/, '').trim())
  return lines.filter((line) => line !== '')
}

const takesNames = (kind: Kind): boolean =>
  kind.convert === 'set' || (kind.type === 'array' && kind.items?.type === 'string')

const emptyAt = (place: Place): ScalarNode => ({ kind: 'scalar', place, value: null, raw: '', isPlain: true })

/** Without the end of the last line, which editors and `echo` add. */
export function readSmall(file: string): { text: string; why: null } | { text: null; why: string } {
  try {
    const { size } = statSync(file)
    if (size > mostBytes) return { text: null, why: `it has ${size} bytes, and ${mostBytes} is the most` }
    const bytes = readFileSync(file)
    if (!isUtf8(bytes)) return { text: null, why: 'it is not text in UTF-8' }
    return { text: bytes.toString().replace(/\r?\n$/, ''), why: null }
  } catch (error) {
    return { text: null, why: unreadable(error) }
  }
}
