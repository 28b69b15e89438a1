import type { IncomingMessage } from 'node:http'
import type { Upstreams } from '../data/pool.ts'
import type { FetchedPage, FetchPage } from './error-pages.ts'

const timeoutMs = 3000
const pageLimit = 1024 * 1024

/** Asks the error target, without anything of the client's request but its language. */
export function pageFetcher(upstreams: Upstreams): FetchPage {
  return (target, path, language) =>
    new Promise((resolve, reject) => {
      const headers = ['Host', target.authority, 'Accept', 'text/html', 'Connection', 'close']
      if (language) headers.push('Accept-Language', language)
      const call = upstreams.single(target, { path, headers })
      const timer = setTimeout(() => call.destroy(new Error(`no page within ${timeoutMs} ms`)), timeoutMs)
      call.on('error', reject)
      call.on('close', () => {
        clearTimeout(timer)
        reject(new Error('the connection was closed'))
      })
      call.on('response', (answer) => readPage(answer).then(resolve, reject))
      call.end()
    })
}

async function readPage(answer: IncomingMessage): Promise<FetchedPage> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > pageLimit) throw new Error('the page is too large')
    chunks.push(chunk)
  }
  const headers: Record<string, string> = {}
  for (const name of ['content-type', 'content-encoding'] as const) {
    const value = answer.headers[name]
    if (value) headers[name] = value
  }
  return { headers, body: Buffer.concat(chunks) }
}
