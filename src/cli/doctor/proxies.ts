/** Asks each proxy for its routes, as the hub does. */
import { messageOf } from '#base/errors.ts'
import { httpCall } from '#base/http-call.ts'
import type { Pod } from '#kube'
import { isReady, type ProxyRoutes, podsOf } from './sight.ts'

const timeoutMs = 5_000

export function routesOf(pods: readonly Pod[], token: string): Promise<readonly ProxyRoutes[]> {
  return Promise.all(
    podsOf({ pods }, 'proxy')
      .filter(isReady)
      .map((pod) => ask(pod, token)),
  )
}

async function ask({ metadata, status }: Pod, token: string): Promise<ProxyRoutes> {
  const { name: pod } = metadata
  const host = status?.podIP ?? ''
  const url = `http://${host.includes(':') ? `[${host}]` : host}:8001/api/routes`
  try {
    const { ok, status: code, text } = await httpCall(url, { headers: { authorization: `token ${token}` }, timeoutMs })
    if (!ok) return { pod, routes: null, why: `it answers with status ${code}.` }
    // Safe: it is what a proxy answers with.
    return { pod, routes: JSON.parse(text) as NonNullable<ProxyRoutes['routes']>, why: '' }
  } catch (error) {
    return { pod, routes: null, why: `${messageOf(error)}.` }
  }
}
