import { errors } from '../errors.ts'
import type { XmlElement, XmlNode, XmlTag } from './element.ts'
import { createXmlReader, type XmlLimits } from './reader.ts'

export const messageLimits: XmlLimits = { depth: 64, nodes: 5000, comments: 'refused' }

/** Builds trees from tags, texts and ends; `done` gets each outermost element when it is closed. */
export class TreeBuilder {
  readonly #done: (element: XmlElement) => void
  readonly #open: { tag: XmlTag; children: XmlNode[] }[] = []

  constructor(done: (element: XmlElement) => void) {
    this.#done = done
  }

  get isOpen(): boolean {
    return this.#open.length > 0
  }

  open(tag: XmlTag): void {
    this.#open.push({ tag, children: [] })
  }

  text(text: string): void {
    this.#open.at(-1)?.children.push(text)
  }

  close(): void {
    const { tag, children } = this.#open.pop()!
    const element = { ...tag, children }
    const parent = this.#open.at(-1)
    if (parent) parent.children.push(element)
    else this.#done(element)
  }
}

/**
 * A whole document that fits into memory. Two elements with one ID are refused, whatever the attribute's case: a
 * signature could be about either. Errors: XML_MALFORMED, XML_FORBIDDEN, XML_TOO_LARGE.
 */
export function parseXml(text: string, limits: XmlLimits = messageLimits): XmlElement {
  let root: XmlElement | null = null
  const ids = new Set<string>()
  const builder = new TreeBuilder((element) => {
    root = element
  })
  const reader = createXmlReader(
    {
      open(tag) {
        for (const { name, value } of tag.attributes) {
          if (name.toLowerCase() !== 'id') continue
          if (ids.has(value)) throw errors.XML_FORBIDDEN({ what: 'two elements with the same ID' })
          ids.add(value)
        }
        builder.open(tag)
      },
      text: (piece) => builder.text(piece),
      close: () => builder.close(),
    },
    limits,
  )
  reader.write(text)
  reader.end()
  return root!
}
