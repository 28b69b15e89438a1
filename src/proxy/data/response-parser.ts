/**
 * Reads one HTTP/1.1 response from a stream of bytes, strictly: a head or a framing that could be read in two ways is
 * an error, so that no answer can leak into the next one on a kept connection. It holds back only what is incomplete
 * of a head, a chunk's size line or the trailers; bodies pass as they come.
 */
export interface AnswerHead {
  readonly status: number
  readonly reason: string
  /** Flat: name, value, name, value. */
  readonly headers: string[]
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
}

export interface AnswerEvents {
  /** 100 and its like, but never 101. */
  information(status: number, headers: string[]): void
  head(head: AnswerHead): void
  body(chunk: Buffer): void
  end(trailers: string[]): void
}

type State = 'head' | 'counted' | 'until close' | 'size' | 'chunk' | 'chunk end' | 'trailers' | 'done'

const headLimit = 64 * 1024
const lineLimit = 4096
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/
const sizeLine = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Control characters; CR and LF other than as a line's end.
const unreadable = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/

export class BadAnswer extends Error {}

export class ResponseParser {
  readonly #method: string
  readonly #events: AnswerEvents
  #state: State = 'head'
  #pending: Buffer | null = null
  /** Bytes left of a counted body or of a chunk. */
  #left = 0
  #trailers: string[] = []
  #trailerBytes = 0
  /** The connection may carry another request after this answer. */
  #persistent = true
  /** Seconds the upstream says it keeps an unused connection; null when it does not say. */
  keepSeconds: number | null = null

  constructor(method: string, events: AnswerEvents) {
    this.#method = method
    this.#events = events
  }

  get done(): boolean {
    return this.#state === 'done'
  }

  get persistent(): boolean {
    return this.#persistent
  }

  /** Throws BadAnswer. */
  write(chunk: Buffer): void {
    let rest = chunk
    if (this.#pending) {
      rest = Buffer.concat([this.#pending, chunk])
      this.#pending = null
    }
    while (rest.length > 0) {
      const used = this.#take(rest)
      if (used === 0) {
        // A copy: the rest may be a small part of a large read.
        this.#pending = Buffer.from(rest)
        return
      }
      rest = rest.subarray(used)
    }
  }

  /** The connection ended. Throws BadAnswer when that was too early. */
  finish(): void {
    if (this.#state === 'until close') this.#end()
    if (this.#state !== 'done') throw new BadAnswer('the upstream closed the connection before its answer was whole')
  }

  /** How many bytes of `rest` were used; 0: more are needed. */
  #take(rest: Buffer): number {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(rest)
      case 'counted':
      case 'chunk':
        return this.#takeCounted(rest)
      case 'until close':
        this.#events.body(rest)
        return rest.length
      case 'size':
      case 'chunk end':
      case 'trailers':
        return this.#takeLine(rest)
      case 'done':
        throw new BadAnswer('the upstream sent more than its answer')
    }
  }

  #takeHead(rest: Buffer): number {
    const end = rest.indexOf('\r\n\r\n', 0, 'latin1')
    if ((end < 0 ? rest.length : end) > headLimit) throw new BadAnswer('the head of the answer is too large')
    if (end < 0) return 0
    const text = rest.toString('latin1', 0, end)
    if (unreadable.test(text)) throw new BadAnswer('the head of the answer holds control characters')
    const lines = text.split('\r\n')
    const [, minor, digits, reason = ''] = statusLine.exec(lines[0] as string) ?? []
    if (digits === undefined) throw new BadAnswer('the answer is not HTTP/1')
    const headers: string[] = []
    for (let index = 1; index < lines.length; index += 1) pushField(headers, lines[index] as string)
    this.#begin({ status: Number(digits), reason, headers, modern: minor === '1' })
    return end + 4
  }

  #begin({
    status,
    reason,
    headers,
    modern,
  }: {
    status: number
    reason: string
    headers: string[]
    modern: boolean
  }): void {
    if (status < 200) {
      if (status === 101) throw new BadAnswer('the upstream switched protocols unasked')
      this.#events.information(status, headers)
      return
    }
    const framing = this.#readFraming(headers, {
      modern,
      empty: this.#method === 'HEAD' || status === 204 || status === 304,
    })
    this.#state = ({ none: 'done', length: 'counted', chunked: 'size', close: 'until close' } as const)[framing]
    if (framing === 'close') this.#persistent = false
    this.#events.head({ status, reason, headers, framing })
    if (framing === 'none' || (framing === 'length' && this.#left === 0)) this.#end()
  }

  #readFraming(headers: readonly string[], about: { modern: boolean; empty: boolean }): AnswerHead['framing'] {
    let length: number | null = null
    let chunked = false
    this.#persistent = about.modern
    for (let index = 0; index < headers.length; index += 2) {
      const value = headers[index + 1] as string
      switch ((headers[index] as string).toLowerCase()) {
        case 'content-length':
          if (length !== null || !/^\d{1,15}$/.test(value)) throw new BadAnswer('the length of the answer is unclear')
          length = Number(value)
          break
        case 'transfer-encoding':
          if (chunked || !about.modern || value.toLowerCase() !== 'chunked')
            throw new BadAnswer('the framing of the answer is unclear')
          chunked = true
          break
        case 'connection':
          if (/(?:^|[\s,])close(?:$|[\s,])/i.test(value)) this.#persistent = false
          break
        case 'keep-alive':
          this.keepSeconds = Number(/^timeout=(\d{1,9})/i.exec(value)?.[1] ?? Number.NaN)
      }
    }
    if (chunked && length !== null) throw new BadAnswer('the framing of the answer is unclear')
    if (about.empty) return 'none'
    if (chunked) return 'chunked'
    if (length === null) return 'close'
    this.#left = length
    return 'length'
  }

  #takeCounted(rest: Buffer): number {
    const used = Math.min(rest.length, this.#left)
    this.#left -= used
    this.#events.body(used === rest.length ? rest : rest.subarray(0, used))
    if (this.#left === 0) {
      if (this.#state === 'chunk') this.#state = 'chunk end'
      else this.#end()
    }
    return used
  }

  #takeLine(rest: Buffer): number {
    const end = rest.indexOf(10)
    if ((end < 0 ? rest.length : end) > lineLimit) throw new BadAnswer('a line of the body is too long')
    if (end < 0) return 0
    const line = rest.toString('latin1', 0, end + 1)
    if (!line.endsWith('\r\n') || unreadable.test(line)) throw new BadAnswer('a line of the body ends wrongly')
    this.#readLine(line.slice(0, -2))
    return end + 1
  }

  #readLine(line: string): void {
    if (this.#state === 'size') {
      const size = sizeLine.exec(line)?.[1]
      if (size === undefined) throw new BadAnswer('a chunk has no size')
      this.#left = Number.parseInt(size, 16)
      this.#state = this.#left === 0 ? 'trailers' : 'chunk'
    } else if (this.#state === 'chunk end') {
      if (line !== '') throw new BadAnswer('a chunk is longer than it says')
      this.#state = 'size'
    } else if (line === '') this.#end()
    else {
      this.#trailerBytes += line.length
      if (this.#trailerBytes > headLimit) throw new BadAnswer('the trailers are too large')
      pushField(this.#trailers, line)
    }
  }

  #end(): void {
    this.#state = 'done'
    this.#events.end(this.#trailers)
  }
}

function pushField(headers: string[], line: string): void {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  if (!token.test(name)) throw new BadAnswer('a header of the answer has no proper name')
  headers.push(name, line.slice(colon + 1).trim())
}
