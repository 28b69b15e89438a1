/** As much of a browser as a sign-in takes: cookies, no following of redirects. */
import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

export interface Page {
  readonly status: number
  readonly location: string
  readonly text: string
}

export class BenchBrowser {
  readonly #cookies = new Map<string, string>()
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  cookie(name: string): string {
    return this.#cookies.get(name) ?? ''
  }

  open(path: string, fields?: Readonly<Record<string, string>>): Promise<Page> {
    const body = fields ? new URLSearchParams(fields).toString() : ''
    const origin = `http://127.0.0.1:${this.#port}`
    const headers = {
      accept: 'text/html',
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(fields
        ? {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(body),
            origin,
            referer: `${origin}/hub/login`,
          }
        : {}),
    }
    const options = { host: '127.0.0.1', port: this.#port, path, agent, headers, method: fields ? 'POST' : 'GET' }
    return new Promise((resolve, reject) => {
      const sent = request(options, (answer) => {
        for (const cookie of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
          if (value === '' || value === '""') this.#cookies.delete(name)
          else this.#cookies.set(name, value)
        }
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', text }),
        )
        answer.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}
