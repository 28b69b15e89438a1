/**
 * Headers on their way through: the sender's names, order and duplicates kept, what belongs to one connection
 * removed (RFC 9110 §7.6.1), framing said again from what was parsed, X-Forwarded-* extended.
 * Lists are flat, `[name, value, name, value]`, as Node has them.
 */

/** How a message's body is delimited. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: string }
  | { readonly kind: 'chunked' }

export interface RequestHead {
  readonly framing: Framing
  /** Null: the client (of HTTP/1.0) sent none. */
  readonly host: string | null
  /** End-to-end headers, without framing, Host and X-Forwarded-*. */
  readonly kept: string[]
  readonly forwarded: Forwarded
  readonly expectsContinue: boolean
  readonly takesTrailers: boolean
}

interface Forwarded {
  for: string
  port: string
  proto: string
  host: string
}

/** Takes a request's headers apart. Null: framing or Host is ambiguous, which is how requests are smuggled. */
export function readRequestHead(raw: readonly string[]): RequestHead | null {
  const kept: string[] = []
  const forwarded: Forwarded = { for: '', port: '', proto: '', host: '' }
  let framing: Framing = { kind: 'none' }
  let host: string | null = null
  let nominated: string | null = null
  let expectsContinue = false
  let takesTrailers = false
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    const value = raw[index + 1] as string
    switch (special(name)) {
      case '':
        kept.push(name, value)
        break
      case 'host':
        if (host !== null) return null
        host = value
        break
      case 'content-length':
        if (framing.kind !== 'none' || !/^\d+$/.test(value)) return null
        framing = { kind: 'length', length: value }
        break
      case 'transfer-encoding':
        if (framing.kind !== 'none' || value.toLowerCase() !== 'chunked') return null
        framing = { kind: 'chunked' }
        break
      case 'connection':
        nominated = nominated === null ? value : `${nominated},${value}`
        break
      case 'te':
        takesTrailers ||= /\btrailers\b/i.test(value)
        break
      case 'expect':
        expectsContinue = value.toLowerCase() === '100-continue'
        break
      case 'x-forwarded-for':
        forwarded.for = joined(forwarded.for, value)
        break
      case 'x-forwarded-port':
        forwarded.port = joined(forwarded.port, value)
        break
      case 'x-forwarded-proto':
        forwarded.proto = joined(forwarded.proto, value)
        break
      case 'x-forwarded-host':
        forwarded.host = joined(forwarded.host, value)
        break
      default: // of one connection: dropped
    }
  }
  return { framing, host, kept: withoutNominated(kept, nominated), forwarded, expectsContinue, takesTrailers }
}

export interface Hop {
  /** Address of the client's end of the connection. */
  readonly client: string
  readonly secure: boolean
}

/**
 * The headers that go upstream. X-Forwarded-* are appended to, so the first element stays what the outermost proxy
 * saw; the protocol is http or https for websockets too, which is what the hub reads.
 */
export function upstreamHeaders(head: RequestHead, host: string, hop: Hop): string[] {
  const { kept: list, forwarded } = head
  const scheme = hop.secure ? 'https' : 'http'
  list.push('Host', host)
  list.push('X-Forwarded-For', joined(forwarded.for, plainAddress(hop.client)))
  list.push('X-Forwarded-Port', joined(forwarded.port, portOf(host) ?? (hop.secure ? '443' : '80')))
  list.push('X-Forwarded-Proto', joined(forwarded.proto, scheme))
  list.push('X-Forwarded-Host', forwarded.host || host)
  return list
}

/** Appends the framing, and for requests without a body of methods that usually have one the empty length. */
export function pushFraming(list: string[], framing: Framing, method: string): void {
  switch (framing.kind) {
    case 'length':
      list.push('Content-Length', framing.length)
      break
    case 'chunked':
      list.push('Transfer-Encoding', 'chunked')
      break
    case 'none':
      if (!bodyless.has(method)) list.push('Content-Length', '0')
  }
}

/** Methods whose requests need no length when they have no body. */
const bodyless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

/** A response's end-to-end headers; null when its framing can't be trusted. `chunked` says how it goes to the client. */
export function responseHeaders(raw: readonly string[], options: { keepTrailer: boolean }): string[] | null {
  const kept: string[] = []
  let nominated: string | null = null
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    const value = raw[index + 1] as string
    switch (special(name)) {
      case 'connection':
        nominated = nominated === null ? value : `${nominated},${value}`
        break
      case 'transfer-encoding':
        if (value.toLowerCase() !== 'chunked') return null
        break
      case 'trailer':
        if (options.keepTrailer) kept.push(name, value)
        break
      case 'keep-alive':
      case 'proxy-connection':
      case 'proxy-authenticate':
      case 'upgrade':
      case 'te':
        break
      default:
        kept.push(name, value)
    }
  }
  return withoutNominated(kept, nominated)
}

/** Trailers that may pass: none that frame, route or authorise a message. As pairs. */
export function passableTrailers(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    const value = raw[index + 1] as string
    if (!special(name) && !unfitTrailers.has(name.toLowerCase()) && !unsendable.test(value)) pairs.push([name, value])
  }
  return pairs
}

// What Node refuses in a header it writes.
const unsendable = /[^\t\x20-\x7e\x80-\xff]/

const unfitTrailers: ReadonlySet<string> = new Set([
  ...['authorization', 'cache-control', 'content-encoding', 'content-range', 'content-type', 'cookie', 'max-forwards'],
  ...['set-cookie', 'www-authenticate'],
])

/** A connection may not nominate what says whom a message is for, who sends it, or where it ends. */
const neverNominated: ReadonlySet<string> = new Set([
  ...['', 'close', 'keep-alive', 'upgrade', 'content-length', 'content-type', 'authorization', 'cookie', 'set-cookie'],
])

function withoutNominated(list: string[], connection: string | null): string[] {
  if (connection === null || plainConnection.test(connection)) return list
  const names = new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
  const dropped = names.difference(neverNominated)
  if (dropped.size === 0) return list
  const kept: string[] = []
  for (let index = 0; index < list.length; index += 2) {
    if (!dropped.has((list[index] as string).toLowerCase())) kept.push(list[index] as string, list[index + 1] as string)
  }
  return kept
}

const plainConnection = /^(?:keep-alive|close|upgrade)$/i

/** Sec-WebSocket-Key has 17 characters, User-Agent 10: the length decides for most names, without lower-casing them. */
function special(name: string): string {
  switch (name.length) {
    case 2:
      return named(name, 'te')
    case 4:
      return named(name, 'host')
    case 6:
      return named(name, 'expect')
    case 7:
      return named(name, 'trailer') || named(name, 'upgrade')
    case 10:
      return named(name, 'connection') || named(name, 'keep-alive')
    case 14:
      return named(name, 'content-length')
    case 15:
      return named(name, 'x-forwarded-for')
    case 16:
      return named(name, 'x-forwarded-port') || named(name, 'x-forwarded-host') || named(name, 'proxy-connection')
    case 17:
      return named(name, 'transfer-encoding') || named(name, 'x-forwarded-proto')
    case 18:
      return named(name, 'proxy-authenticate')
    case 19:
      return named(name, 'proxy-authorization')
    default:
      return ''
  }
}

function named(name: string, lower: string): string {
  return name === lower || name.toLowerCase() === lower ? lower : ''
}

function joined(before: string, value: string): string {
  return before === '' ? value : `${before},${value}`
}

/** `::ffff:10.0.0.1`, as IPv4 clients show on a dual-stack socket, is `10.0.0.1`. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function portOf(host: string): string | null {
  return /:(\d+)$/.exec(host)?.[1] ?? null
}
