/** A person's browser without a screen: keeps cookies by path, follows redirects, posts forms. */
import assert from 'node:assert/strict'
import { type RequestOptions, request } from 'node:http'

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

export interface Page {
  readonly status: number
  readonly url: string
  readonly headers: Headers
  readonly text: string
}

export class Visitor {
  readonly #origin: string
  #cookies: Cookie[] = []

  constructor(origin: string) {
    this.#origin = origin
  }

  /** The Cookie header this browser sends to a path. */
  cookieHeader(path: string): string {
    return this.#cookies
      .filter((cookie) => path.startsWith(cookie.path))
      .sort((a, b) => b.path.length - a.path.length)
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join('; ')
  }

  cookie(name: string): string | undefined {
    return this.#cookies.find((cookie) => cookie.name === name)?.value
  }

  /** A navigation: redirects are followed, at most 20. */
  async open(path: string, init: RequestInit = {}): Promise<Page> {
    let url = new URL(path, this.#origin)
    let request = init
    for (let hop = 0; hop < 20; hop += 1) {
      const page = await this.#once(url, request)
      const location = page.headers.get('location')
      if (page.status < 300 || page.status >= 400 || !location) return page
      url = new URL(location, url)
      assert.equal(url.origin, this.#origin, `the redirect to ${location} stays on this site`)
      if (page.status !== 307 && page.status !== 308) request = {}
    }
    throw new Error(`Too many redirects, the last to ${url.href}`)
  }

  /** One request, redirects not followed. */
  async request(path: string, init: RequestInit = {}): Promise<Page> {
    return this.#once(new URL(path, this.#origin), init)
  }

  async post(path: string, fields: Record<string, string>): Promise<Page> {
    return this.open(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: this.#origin,
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'navigate',
      },
      body: new URLSearchParams(fields).toString(),
    })
  }

  /** Signs in with the form, as a person does. */
  async signIn(username: string, password = ''): Promise<Page> {
    const form = await this.open('/hub/login')
    assert.equal(form.status, 200)
    return this.post('/hub/login', { username, password, _xsrf: this.cookie('_xsrf') ?? '' })
  }

  async #once(url: URL, init: RequestInit): Promise<Page> {
    const headers = { ...navigation, cookie: this.cookieHeader(url.pathname), ...(init.headers as object) }
    const page = await exchange(url, { method: init.method ?? 'GET', headers, body: init.body as string | undefined })
    for (const line of page.headers.getSetCookie()) this.#keep(line, url)
    return page
  }

  #keep(line: string, url: URL): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const path = attributes.find((text) => /^path=/i.test(text))?.slice(5) ?? url.pathname.replace(/[^/]*$/, '')
    const gone = attributes.some(
      (text) => /^max-age=0$/i.test(text) || (/^expires=/i.test(text) && Date.parse(text.slice(8)) < Date.now()),
    )
    this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path)
    if (!gone) this.#cookies.push({ name, value, path })
  }
}

/** What a browser sends when a person opens a page; servers believe cookies of such requests only. */
const navigation = { 'sec-fetch-mode': 'navigate', 'user-agent': 'Visitor' }

/** Not `fetch`, which sends a `Sec-Fetch-Mode` of its own. */
function exchange(
  url: URL,
  { body, ...options }: { method: string; headers: object; body: string | undefined },
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options as RequestOptions, (incoming) => {
      const headers = new Headers()
      for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
        for (const value of values) headers.append(name, value)
      }
      let text = ''
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, url: url.href, headers, text }))
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
