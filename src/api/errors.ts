import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  JSON_INVALID: { status: 400, message: () => 'Invalid JSON in body of request' },
  JSON_KEYS_UNKNOWN: {
    status: 400,
    message: (d: { keys: readonly string[] }) => `Invalid JSON keys: ${d.keys.join(', ')}`,
  },
  JSON_VALUE_INVALID: { status: 400, message: (d: { path: string; expected: string }) => `${d.path} ${d.expected}` },
  QUERY_INVALID: { status: 400, message: (d: { name: string; expected: string }) => `${d.name} ${d.expected}` },
  /** The client's: what a hub answered. */
  HUB_ANSWERED: {
    status: 502,
    message: (d: { status: number; message: string }) => `The hub answered ${d.status}: ${d.message}`,
  },
})
