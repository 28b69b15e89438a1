/** An XML document as plain records. Comments and processing instructions are not kept: no signature covers them. */

/** Prefix to namespace; the empty prefix is the default namespace. Declarations of ancestors shine through. */
export type Scope = Readonly<Record<string, string>>

export interface XmlAttribute {
  readonly prefix: string
  readonly name: string
  readonly namespace: string
  readonly value: string
}

export interface XmlTag {
  readonly prefix: string
  /** Without the prefix. */
  readonly name: string
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly scope: Scope
}

export interface XmlElement extends XmlTag {
  readonly children: readonly XmlNode[]
}

export type XmlNode = XmlElement | string

/** An element's name with its namespace: names alone are what attackers play with. */
export interface QName {
  readonly namespace: string
  readonly name: string
}

export function isNamed(node: XmlNode, { namespace, name }: QName): node is XmlElement {
  return typeof node !== 'string' && node.name === name && node.namespace === namespace
}

export function elementsOf({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((node): node is XmlElement => typeof node !== 'string')
}

export function childrenOf(element: XmlElement, name: QName): readonly XmlElement[] {
  return element.children.filter((node): node is XmlElement => isNamed(node, name))
}

export function childOf(element: XmlElement, name: QName): XmlElement | null {
  return childrenOf(element, name)[0] ?? null
}

/** The first along a path of children. */
export function at(element: XmlElement | null, ...path: readonly QName[]): XmlElement | null {
  return path.reduce<XmlElement | null>((here, name) => here && childOf(here, name), element)
}

/** The value of an attribute without a namespace. */
export function attribute(element: XmlTag, name: string): string | null {
  return element.attributes.find((one) => one.namespace === '' && one.name === name)?.value ?? null
}

export function attributeNs(element: XmlTag, namespace: string, name: string): string | null {
  return element.attributes.find((one) => one.namespace === namespace && one.name === name)?.value ?? null
}

/** The text of an element that holds nothing else, without space around it; null when it holds elements. */
export function textOf(element: XmlElement): string | null {
  if (element.children.some((node) => typeof node !== 'string')) return null
  return element.children.join('').trim()
}

/** All elements below and the element itself, in document order. */
export function* walk(element: XmlElement): Generator<XmlElement> {
  yield element
  for (const child of element.children) if (typeof child !== 'string') yield* walk(child)
}
