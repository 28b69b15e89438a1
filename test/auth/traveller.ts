/** A person's browser without a screen that goes over several sites: keeps each one's cookies, follows redirects. */
import assert from 'node:assert/strict'

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly sameSite: string
}

export interface Page {
  readonly status: number
  readonly url: string
  readonly headers: Headers
  readonly text: string
  /** The addresses on the way, the last one included. */
  readonly way: readonly string[]
}

export interface Going {
  readonly method?: string
  readonly fields?: Readonly<Record<string, string>>
  /** Set where another site sends the browser: a POST then carries no Lax cookies. */
  readonly fromSite?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Stops before this request is made. */
  readonly until?: (url: URL) => boolean
}

export class Traveller {
  #cookies = new Map<string, Cookie[]>()

  async open(address: string, going: Going = {}): Promise<Page> {
    let url = new URL(address)
    let { method = 'GET', fields } = going
    const way: string[] = []
    for (let hop = 0; hop < 25; hop += 1) {
      way.push(url.href)
      if (hop > 0 && going.until?.(url)) return { status: 0, url: url.href, headers: new Headers(), text: '', way }
      const answer = await this.#once(url, { ...going, method, fields })
      const location = answer.headers.get('location')
      if (answer.status < 300 || answer.status >= 400 || !location) return { ...answer, way }
      url = new URL(location, url)
      if (answer.status !== 307 && answer.status !== 308) {
        method = 'GET'
        fields = undefined
      }
    }
    return assert.fail(`Too many redirects: ${way.join(' → ')}`)
  }

  /** Posts a form of the hub with its token. */
  async submit(address: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    const xsrf = this.cookie(new URL(address), '_xsrf') ?? ''
    return this.open(address, {
      method: 'POST',
      fields: { _xsrf: xsrf, ...fields },
      headers: { 'sec-fetch-site': 'same-origin', origin: new URL(address).origin },
    })
  }

  cookie(url: URL, name: string): string | undefined {
    return this.#of(url).find((cookie) => cookie.name === name)?.value
  }

  /** Two hubs behind one address are given the same cookies. */
  shareCookies(from: string, to: string): void {
    this.#cookies.set(new URL(to).host, [...(this.#cookies.get(new URL(from).host) ?? [])])
  }

  forget(site: string): void {
    this.#cookies.delete(new URL(site).host)
  }

  #of({ host, pathname }: URL): readonly Cookie[] {
    return (this.#cookies.get(host) ?? []).filter(({ path }) => pathname.startsWith(path))
  }

  async #once(
    url: URL,
    { method, fields, fromSite, headers }: Omit<Going, 'fields'> & { fields: Going['fields'] | undefined },
  ): Promise<Omit<Page, 'way'>> {
    const isCrossPost = method === 'POST' && fromSite !== undefined
    const sent = this.#of(url).filter(({ sameSite }) => !isCrossPost || sameSite === 'none')
    const answer = await fetch(url, {
      method: method ?? 'GET',
      redirect: 'manual',
      headers: {
        'sec-fetch-mode': 'navigate',
        ...(fromSite === undefined ? {} : { 'sec-fetch-site': 'cross-site', origin: fromSite }),
        ...(sent.length > 0 ? { cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') } : {}),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(fields ? { body: new URLSearchParams(fields).toString() } : {}),
    })
    for (const line of answer.headers.getSetCookie()) this.#keep(line, url)
    return { status: answer.status, url: url.href, headers: answer.headers, text: await answer.text() }
  }

  #keep(line: string, url: URL): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const of = (key: string) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
    const path = of('path') ?? '/'
    const isGone = of('max-age') === '0' || Date.parse(of('expires') ?? '') < Date.now()
    const others = (this.#cookies.get(url.host) ?? []).filter((cookie) => cookie.name !== name || cookie.path !== path)
    const kept = {
      name,
      value: pair.slice(pair.indexOf('=') + 1),
      path,
      sameSite: (of('samesite') ?? 'lax').toLowerCase(),
    }
    this.#cookies.set(url.host, isGone ? others : [...others, kept])
  }
}
