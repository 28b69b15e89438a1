/**
 * Exclusive XML Canonicalization 1.0 without comments (https://www.w3.org/TR/xml-exc-c14n/), piece by piece, so that a
 * federation of 100 MB needs no more memory than one of its elements.
 */
import type { Scope, XmlAttribute, XmlElement, XmlTag } from './element.ts'

interface Frame {
  readonly name: string
  /** What the output has declared so far, on this path. */
  readonly rendered: Scope
}

export class Canonicalizer {
  readonly #write: (text: string) => void
  readonly #inclusive: readonly string[]
  readonly #frames: Frame[] = []

  /** `inclusive`: the PrefixList of InclusiveNamespaces, `#default` for the empty prefix. */
  constructor(write: (text: string) => void, inclusive: readonly string[] = []) {
    this.#write = write
    this.#inclusive = inclusive.map((prefix) => (prefix === '#default' ? '' : prefix))
  }

  open(tag: XmlTag): void {
    const name = tag.prefix === '' ? tag.name : `${tag.prefix}:${tag.name}`
    const before = this.#frames.at(-1)?.rendered ?? nothing
    const declared = this.#declarations(tag, before)
    this.#frames.push({
      name,
      rendered: declared.length === 0 ? before : Object.assign(Object.create(before), Object.fromEntries(declared)),
    })
    const namespaces = declared.map(([prefix, uri]) => ` xmlns${prefix && ':'}${prefix}="${escapeAttribute(uri)}"`)
    const attributes = [...tag.attributes]
      .sort(byName)
      .map((one) => ` ${qualified(one)}="${escapeAttribute(one.value)}"`)
    this.#write(`<${name}${namespaces.join('')}${attributes.join('')}>`)
  }

  text(text: string): void {
    this.#write(escapeText(text))
  }

  close(): void {
    this.#write(`</${this.#frames.pop()!.name}>`)
  }

  /** Those that are used here, or asked for, and that the output does not have yet; sorted by prefix. */
  #declarations(tag: XmlTag, before: Scope): [prefix: string, uri: string][] {
    const used = [tag.prefix, ...tag.attributes.map(({ prefix }) => prefix).filter((prefix) => prefix !== '')]
    const wanted = new Set([...used, ...this.#inclusive.filter((prefix) => tag.scope[prefix] !== undefined)])
    wanted.delete('xml')
    return [...wanted]
      .map((prefix): [string, string] => [prefix, tag.scope[prefix] ?? ''])
      .filter(([prefix, uri]) => (before[prefix] ?? '') !== uri)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

const nothing: Scope = Object.freeze(Object.create(null))

/** The bytes that a signature over this element covers; `without` leaves one child of it out (the signature itself). */
export function canonicalText(element: XmlElement, inclusive: readonly string[] = [], without?: XmlElement): string {
  const parts: string[] = []
  const canonicalizer = new Canonicalizer((text) => parts.push(text), inclusive)
  const visit = (node: XmlElement) => {
    canonicalizer.open(node)
    for (const child of node.children) {
      if (typeof child === 'string') canonicalizer.text(child)
      else if (child !== without) visit(child)
    }
    canonicalizer.close()
  }
  visit(element)
  return parts.join('')
}

function qualified({ prefix, name }: XmlAttribute): string {
  return prefix === '' ? name : `${prefix}:${name}`
}

function byName(a: XmlAttribute, b: XmlAttribute): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1
  return a.name < b.name ? -1 : 1
}

const inText: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const inAttribute: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (character) => inText[character]!) : text
}

function escapeAttribute(text: string): string {
  return /[&<"\t\n\r]/.test(text) ? text.replace(/[&<"\t\n\r]/g, (character) => inAttribute[character]!) : text
}
