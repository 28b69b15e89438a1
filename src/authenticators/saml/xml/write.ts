/** Makes XML text. What is not `Xml` is text and gets escaped, so nothing that came from outside becomes markup. */

export class Xml {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Child = Xml | string | null | readonly Child[]
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>

/** `tag('saml:Issuer', {}, 'https://…')`; attributes that are null or undefined are left out. */
export function tag(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('')
  const inner = flat(children)
  return new Xml(inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`)
}

function flat(child: Child): string {
  if (child === null) return ''
  if (typeof child === 'string') return escapeXml(child)
  return child instanceof Xml ? child.text : child.map(flat).join('')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

function escapeXml(text: string): string {
  // XML 1.0 has no place for other control characters, not even escaped.
  return text.replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd').replace(/[&<>"\t\n\r]/g, (c) => escapes[c]!)
}
