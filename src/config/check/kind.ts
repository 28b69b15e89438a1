import { formats } from '../formats.ts'
import { nearest, sameWord } from '../nearest.ts'
import type { Kind } from '../schema/index.ts'
import type { ListNode, MapNode, ScalarNode, TreeNode } from '../yaml/tree.ts'
import { type Findings, type Path, pathText } from './findings.ts'

/** Checks a value against its kind. A null is always fine: it takes the key away. */
export function checkKind(kind: Kind, node: TreeNode, at: { path: Path; findings: Findings; secret?: boolean }): void {
  const secret =
    (at.secret ?? false) || kind.secret === true || soundsSecret.test(String(at.path.at(-1) ?? '')) || isHidden(node)
  const here = { ...at, secret }
  if (node.kind === 'scalar' && node.value === null) return
  if (kind.anyOf) checkEither(kind, node, here)
  else if (!fits(kind, node)) reportType(kind, node, here)
  else if (node.kind === 'scalar') checkScalar(kind, node, here)
  else if (node.kind === 'list') checkItems(kind, node, here)
  else checkFields(kind, node, here)
}

const isHidden = (node: TreeNode) => node.kind === 'scalar' && node.isSecret === true

/** What is put at the wrong place may be a secret all the same. */
const soundsSecret = /secret|token$|passw|credential|private|api_?key/i

interface At {
  readonly path: Path
  readonly findings: Findings
  readonly secret: boolean
}

/** The first alternative that has the value's shape judges it. */
function checkEither(kind: Kind, node: TreeNode, at: At): void {
  const shaped = alternatives(kind).filter((one) => fits(one, node))
  const passes = shaped.find((one) => node.kind !== 'scalar' || scalarFault(one, node) === null)
  if (passes) checkKind(passes, node, at)
  else if (shaped.length > 0 && node.kind === 'scalar') reportRange(kind, node, at)
  else reportType(kind, node, at)
}

function alternatives(kind: Kind): readonly Kind[] {
  return kind.anyOf ? kind.anyOf.flatMap(alternatives) : [kind]
}

/** Whether the value has the kind's type, ranges and content aside. */
export function fits(kind: Kind, node: TreeNode): boolean {
  if (kind.anyOf) return kind.anyOf.some((one) => fits(one, node))
  switch (kind.type) {
    case undefined:
      return true
    case 'object':
      return node.kind === 'map'
    case 'array':
      return node.kind === 'list'
    case 'string':
      return node.kind === 'scalar' && typeof node.value === 'string'
    case 'boolean':
      return node.kind === 'scalar' && typeof node.value === 'boolean'
    case 'integer':
      return node.kind === 'scalar' && Number.isInteger(node.value)
    case 'number':
      return node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)
    default:
      return false
  }
}

function checkScalar(kind: Kind, node: ScalarNode, at: At): void {
  const { path, findings } = at
  if (typeof node.value === 'number' && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) {
    findings.report('NUMBER_IMPRECISE', { place: node.place, path, masked: at.secret }, { raw: node.raw })
  } else if (isPlaceholder(node) && !kind.secret) {
    findings.report('PLACEHOLDER', { place: node.place, path }, { text: String(node.value) })
  } else if (scalarFault(kind, node) !== null) reportRange(kind, node, at)
}

/** `<your-domain-name>`, as guides have it. */
const isPlaceholder = (node: ScalarNode) =>
  node.isPlain && typeof node.value === 'string' && /^<[a-z]+([-_ ][a-z]+)+>$/i.test(node.value)

/** What a scalar of the right type should be instead; null when it is fine. */
function scalarFault(kind: Kind, node: ScalarNode): string | null {
  const { value } = node
  if (kind.enum && !kind.enum.includes(value as string)) return expected(kind)
  if (typeof value === 'number') {
    return value < (kind.minimum ?? -Infinity) || value > (kind.maximum ?? Infinity) ? expected(kind) : null
  }
  if (typeof value !== 'string') return null
  if (kind.pattern && !new RegExp(kind.pattern, 'u').test(value)) return expected(kind)
  return kind.format ? (formats[kind.format]?.(value) ?? null) : null
}

function checkItems(kind: Kind, node: ListNode, { path, ...at }: At): void {
  if (!kind.items) return
  for (const [index, item] of node.items.entries()) checkKind(kind.items, item, { ...at, path: [...path, index] })
}

function checkFields(kind: Kind, node: MapNode, at: At): void {
  const { path, findings } = at
  for (const [name, { key, value }] of node.entries) {
    const here = { ...at, path: [...path, name] }
    if (kind.properties && Object.hasOwn(kind.properties, name)) checkKind(kind.properties[name] as Kind, value, here)
    else if (typeof kind.additionalProperties === 'object') checkKind(kind.additionalProperties, value, here)
    else if (kind.additionalProperties === false) {
      const known = Object.keys(kind.properties ?? {})
      const meant = sameWord(name, known) ?? nearest(name, known)
      findings.report(
        'KEY_UNKNOWN',
        { place: key, path: here.path, masked: true },
        { key: name, parent: pathText(path), meant, custom: false },
      )
    }
  }
  for (const name of kind.required ?? []) {
    if (!node.entries.has(name))
      findings.report('VALUE_MISSING', { place: node.place, path }, { path: pathText(path), key: name })
  }
}

/** `${var.name}` of Terraform, `{{ .Values.x }}` of Helm, Jinja and others. */
export function isTemplate(node: TreeNode): boolean {
  return node.kind === 'scalar' && /\$\{|\{\{/.test(node.raw)
}

function reportType(kind: Kind, node: TreeNode, at: At): void {
  const { path, secret } = at
  if (isTemplate(node)) {
    at.findings.isTemplate(node.place)
    return
  }
  at.findings.report(
    'VALUE_TYPE',
    { place: node.place, path, masked: secret },
    { path: pathText(path), expected: expected(kind), got: got(node, secret), hint: cure(kind, node, { ...at }) },
  )
}

function reportRange(kind: Kind, node: ScalarNode, at: At): void {
  const { path, findings, secret } = at
  if (isTemplate(node)) {
    findings.isTemplate(node.place)
    return
  }
  const fault = kind.expected ?? scalarFault(kind, node) ?? expected(kind)
  findings.report(
    'VALUE_RANGE',
    { place: node.place, path, masked: secret },
    { path: pathText(path), expected: fault, got: got(node, secret), hint: cure(kind, node, at) },
  )
}

/** The one step that makes it right, where it is plain. */
function cure(kind: Kind, node: TreeNode, { path, secret }: At): string | null {
  const name = String(path.at(-1) ?? '')
  if (node.kind === 'scalar') {
    const isSize = kind.convert === 'bytes' || alternatives(kind).some(({ format }) => format === 'quantity')
    const size = isSize ? /^(\d+(?:\.\d+)?)\s*([KMGT])(i?)B$/i.exec(String(node.value)) : null
    if (size) return `Write it as ${size[1]}${size[2]?.toUpperCase()}${size[3] ? 'i' : ''}.`
    const wantsText = alternatives(kind).some((one) => one.type === 'string')
    if (node.isPlain && wantsText && typeof node.value !== 'string')
      return secret ? 'Put it in quotes.' : `Put it in quotes: "${node.raw}".`
    const bare = { kind: 'scalar', place: node.place, raw: node.raw, isPlain: true } as const
    const asNumber = Number(node.value)
    if (!node.isPlain && node.value !== '' && fits(kind, { ...bare, value: asNumber })) {
      return `Remove the quotes: ${asNumber}.`
    }
    if (!node.isPlain && /^(true|false)$/i.test(String(node.value)) && fits(kind, { ...bare, value: true })) {
      return 'Remove the quotes.'
    }
    if (kind.type === 'array' && !secret) return `Write it as a list: [${node.raw}].`
  }
  const [only] = node.kind === 'map' && node.entries.size === 1 ? node.entries.keys() : []
  if (only && kind.type === 'string' && !secret) return `Put it in quotes: "{${only}}".`
  if (node.kind === 'list' && kind.type === 'object') return `Write names instead of dashes below "${name}".`
  return null
}

/** What a kind wants, in words: `a whole number of seconds, at least 1`. */
export function expected(kind: Kind): string {
  if (kind.expected) return kind.expected
  if (kind.enum) return oneOfWords(kind.enum.map((word) => (word === '' ? '""' : String(word))))
  if (kind.anyOf) return [...new Set(kind.anyOf.map(expected))].join(', or ')
  if (kind.format) return formats[kind.format]?.('\u0000') ?? 'a text'
  const unit = kind.unit ? ` of ${kind.unit}` : ''
  switch (kind.type) {
    case 'integer':
      return `a whole number${unit}${range(kind)}`
    case 'number':
      return `a number${unit}${range(kind)}`
    case 'boolean':
      return 'true or false'
    case 'string':
      return 'a text'
    case 'array':
      return 'a list'
    case 'object':
      return 'a map'
    default:
      return 'something else'
  }
}

function range({ minimum, maximum }: Kind): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, at least ${minimum}`
  return maximum === undefined ? '' : `, at most ${maximum}`
}

function oneOfWords(words: readonly string[]): string {
  return words.length === 1 ? String(words[0]) : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** What stands there, in words; of a secret only its sort. */
export function got(node: TreeNode, secret: boolean): string {
  switch (node.kind) {
    case 'map':
      return 'a map'
    case 'list':
      return 'a list'
    case 'scalar': {
      const { value } = node
      if (value === null) return 'empty'
      if (typeof value === 'string') return secret ? 'another text' : `the text ${shortened(value)}`
      if (typeof value === 'boolean')
        return `${node.raw === String(value) ? '' : `${node.raw}, which YAML reads as `}${value}`
      return secret ? 'a number' : `the number ${node.raw}`
    }
  }
}

function shortened(text: string): string {
  const line = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return JSON.stringify(line)
}
