/**
 * Whether a server answers, and whether it is ours. A stranger may sit on its port: our server then ends a moment
 * later, so an answer that does not tell that it comes from Jupyter must last before it is believed.
 */
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { httpCall } from '#base/http-call.ts'
import { DeadlinePassed, within } from './deadline.ts'

export type ProbeResult =
  /** A Jupyter server that serves our prefix. `version` is what it says of its JupyterHub. */
  | { readonly kind: 'jupyter'; readonly version: string | null }
  /** Something answers that may be any web application. */
  | { readonly kind: 'plain'; readonly seen: string }
  /** Nothing that counts as an answer. */
  | { readonly kind: 'none'; readonly seen: string }

const timeoutMs = 5_000
const largestBody = 64 * 1024

/** `url` is the server's address with its prefix and `api` behind it. As JupyterHub, any status below 500 is an answer. */
export async function probe(clock: Clock, url: string, signal: AbortSignal): Promise<ProbeResult> {
  try {
    return await within(clock, { ms: timeoutMs, signal }, (both) => ask(url, both))
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'none', seen: describe(error) }
  }
}

async function ask(url: string, signal: AbortSignal): Promise<ProbeResult> {
  const { status, headers, text } = await httpCall(url, { signal, maxBytes: largestBody })
  const version = headers['x-jupyterhub-version']
  return judge(status, typeof version === 'string' ? version : null, text)
}

export function judge(status: number, version: string | null, body: string): ProbeResult {
  if (status >= 500) return { kind: 'none', seen: `it answered with status ${status}` }
  if (status === 200 && (version !== null || hasVersion(body))) return { kind: 'jupyter', version }
  // A Jupyter server that does not know our prefix is somebody else's.
  if (status === 404 && version !== null) return { kind: 'none', seen: 'another Jupyter server answers at its port' }
  return { kind: 'plain', seen: `it answered with status ${status}` }
}

function hasVersion(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string'
  } catch {
    return false
  }
}

function describe(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'ECONNREFUSED') return 'nothing listens at its address yet'
  if (error instanceof DeadlinePassed) return 'it took the connection but gave no answer'
  return typeof code === 'string' ? `the connection failed (${code})` : messageOf(error)
}
