/** A person's browser without a screen that goes from site to site: cookies by site, redirects, forms that post themselves. */
import { request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly url: URL
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface Sent {
  readonly method?: 'GET' | 'POST'
  readonly fields?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Of the page that made the browser go there. */
  readonly from?: URL
}

export class Browser {
  readonly #cookies = new Map<string, Map<string, { value: string; path: string }>>()
  readonly language: string

  constructor(language = 'en') {
    this.language = language
  }

  cookies(origin: string): readonly string[] {
    return [...(this.#cookies.get(origin)?.keys() ?? [])]
  }

  /** Follows redirects; a POST that is redirected becomes a GET, as browsers do it. */
  async open(address: string | URL, sent: Sent = {}): Promise<Answer> {
    let url = new URL(address)
    let next = sent
    for (let hop = 0; hop < 20; hop += 1) {
      const answer = await this.once(url, next)
      const { location } = answer.headers
      if (answer.status < 300 || answer.status >= 400 || typeof location !== 'string') return answer
      const from = sent.from ?? url
      url = new URL(location, url)
      next = { from }
    }
    throw new Error(`Too many redirects, the last to ${url.href}`)
  }

  /** The form of a page with these fields filled in, sent where it says. */
  async submit(page: Answer, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const form = /<form\b[^>]*>/i.exec(page.text)?.[0]
    if (!form) throw new Error(`${page.url.href} has no form: ${page.text.slice(0, 500)}`)
    const action = new URL(plain(/action="([^"]*)"/i.exec(form)?.[1] ?? ''), page.url)
    const hidden = [...page.text.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gi)].map(([input]) => [
      plain(/name="([^"]*)"/i.exec(input)?.[1] ?? ''),
      plain(/value="([^"]*)"/i.exec(input)?.[1] ?? ''),
    ])
    return this.open(action, { method: 'POST', fields: { ...Object.fromEntries(hidden), ...fields }, from: page.url })
  }

  once(url: URL, { method = 'GET', fields, headers = {}, from }: Sent = {}): Promise<Answer> {
    const body = fields && new URLSearchParams(fields).toString()
    // SameSite=Lax: a site's cookies are not sent with what another site posts.
    const isCross = from !== undefined && from.origin !== url.origin
    const cookie = isCross && method === 'POST' ? '' : this.#header(url)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        {
          method,
          headers: {
            'user-agent': 'Browser',
            'accept-language': this.language,
            'sec-fetch-mode': 'navigate',
            'sec-fetch-site': isCross ? 'cross-site' : from ? 'same-origin' : 'none',
            ...(cookie && { cookie }),
            ...(body !== undefined && {
              'content-type': 'application/x-www-form-urlencoded',
              'content-length': `${body.length}`,
            }),
            ...(method === 'POST' && from && { origin: from.origin }),
            ...headers,
          },
        },
        (incoming) => {
          for (const line of incoming.headersDistinct['set-cookie'] ?? []) this.#keep(url, line)
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              url,
              text: Buffer.concat(chunks).toString('utf8'),
              headers: incoming.headers,
            }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  #header(url: URL): string {
    return [...(this.#cookies.get(url.origin) ?? [])]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  #keep(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const [name = '', ...value] = pair.split('=')
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
    const isGone = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=.*(1970|2001)/i.test(one))
    const jar = this.#cookies.get(url.origin) ?? new Map()
    this.#cookies.set(url.origin, jar)
    if (isGone) jar.delete(name)
    else jar.set(name, { value: value.join('='), path })
  }
}

function plain(text: string): string {
  const entities: Record<string, string> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#39': "'",
    '#34': '"',
    '#x27': "'",
  }
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
}
