/** The hub's end of the HTTP of Python: it asks, with a deadline, and answers with plain data. */
import type { MessagePort } from 'node:worker_threads'
import type { HttpAnswer, HttpRequest } from './messages.ts'

const usualSeconds = 20
const mostBytes = 32 * 1024 * 1024

/** Answers what comes over the port. */
export function answerHttp(port: MessagePort, bell: SharedArrayBuffer): void {
  const rings = new Int32Array(bell)
  port.on('message', async ({ id, text }: { id: number; text: string }) => {
    // Safe: it comes from `request` in the world's bridge.
    const answer = await ask(JSON.parse(text) as HttpRequest).catch((error): HttpAnswer => ({ error: whyNot(error) }))
    port.postMessage({ id, text: JSON.stringify(answer) })
    Atomics.add(rings, 0, 1)
    Atomics.notify(rings, 0)
  })
  port.unref()
}

async function ask({ method, url, headers, body, timeoutSeconds, follow, verify }: HttpRequest): Promise<HttpAnswer> {
  const { protocol } = new URL(url)
  if (!['http:', 'https:'].includes(protocol)) return { error: `Only http and https can be asked, not ${protocol}` }
  if (!verify) return { error: 'Certificates are always checked: give the hub the authority in NODE_EXTRA_CA_CERTS' }
  const answer = await fetch(url, {
    method,
    headers,
    body: body === null ? null : Buffer.from(body, 'base64'),
    redirect: follow ? 'follow' : 'manual',
    signal: AbortSignal.timeout((timeoutSeconds ?? usualSeconds) * 1000),
  })
  const content = Buffer.from(await answer.arrayBuffer())
  if (content.length > mostBytes) return { error: 'The answer is larger than 32 MiB' }
  return {
    status: answer.status,
    reason: answer.statusText,
    url: answer.url,
    headers: Object.fromEntries(answer.headers),
    body: content.toString('base64'),
  }
}

function whyNot(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
