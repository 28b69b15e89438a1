import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  PROXY_UNAVAILABLE: {
    status: 503,
    message: (d: { reason: string }) => `The proxy does not answer (${d.reason}).`,
    hint: 'It is tried again. If it stays so, look whether the proxy runs.',
  },
  PROXY_REFUSED: {
    status: 502,
    message: (d: { method: string; status: number }) => `The proxy answered ${d.method} of a route with ${d.status}.`,
    hint: 'With 403, hub and proxy have different tokens (proxy.secretToken).',
  },
})
