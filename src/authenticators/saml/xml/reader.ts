/** Reads XML strictly, piece by piece. Whatever makes readers disagree, or makes one work hard, is refused. */
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { errors } from '../errors.ts'
import type { Scope, XmlTag } from './element.ts'

export interface XmlEvents {
  open(tag: XmlTag): void
  text(text: string): void
  close(): void
}

export interface XmlLimits {
  readonly depth: number
  /** Elements and attributes. */
  readonly nodes: number
  /** Messages hold none; metadata may. */
  readonly comments: 'refused' | 'dropped'
}

export interface XmlReader {
  /** Errors: XML_MALFORMED, XML_FORBIDDEN, XML_TOO_LARGE. */
  write(chunk: string): void
  /** Errors: XML_MALFORMED. */
  end(): void
}

const noNamespace: Scope = Object.assign(Object.create(null), { '': '' })
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

export function createXmlReader(events: XmlEvents, limits: XmlLimits): XmlReader {
  const parser = new SaxesParser({ xmlns: true })
  const scopes: Scope[] = [noNamespace]
  let nodes = 0
  const forbid = (what: string) => {
    throw errors.XML_FORBIDDEN({ what })
  }
  parser.on('error', (error) => {
    throw errors.XML_MALFORMED({ why: error.message }, error)
  })
  parser.on('doctype', () => forbid('a document type'))
  parser.on('processinginstruction', () => forbid('a processing instruction'))
  parser.on('comment', () => limits.comments === 'refused' && forbid('a comment'))
  parser.on('xmldecl', ({ version = '1.0', encoding = 'UTF-8' }) => {
    if (version !== '1.0' || encoding.toUpperCase() !== 'UTF-8') forbid(`version ${version} or encoding ${encoding}`)
  })
  parser.on('opentag', (tag) => {
    nodes += 1 + Object.keys(tag.attributes).length
    if (scopes.length > limits.depth || nodes > limits.nodes) throw errors.XML_TOO_LARGE(limits)
    const scope = scopeWithin(scopes.at(-1)!, tag)
    scopes.push(scope)
    events.open(tagOf(tag, scope))
  })
  parser.on('text', (text) => text !== '' && scopes.length > 1 && events.text(text))
  parser.on('cdata', (text) => events.text(text))
  parser.on('closetag', () => {
    scopes.pop()
    events.close()
  })
  return { write: (chunk) => void parser.write(chunk), end: () => void parser.close() }
}

function scopeWithin(outer: Scope, { ns }: SaxesTagNS): Scope {
  const declared = Object.entries(ns)
  return declared.length === 0 ? outer : Object.assign(Object.create(outer), Object.fromEntries(declared))
}

function tagOf(tag: SaxesTagNS, scope: Scope): XmlTag {
  const attributes = Object.values(tag.attributes)
    .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
    .map(({ prefix, local, uri, value }) => ({
      prefix,
      name: local,
      namespace: prefix === 'xml' ? xmlNamespace : uri,
      value,
    }))
  return { prefix: tag.prefix, name: tag.local, namespace: tag.uri, attributes, scope }
}
