import { parseBytes } from '#base/bytes.ts'
import type { Kind } from './schema/kinds.ts'

const binarySteps: Record<string, number> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4, Pi: 1024 ** 5 }

/** Bytes of a memory size: JupyterHub's forms (K, M, G, T are 1024-based) and Kubernetes' binary ones; null: none of them. */
export function readBytes(written: number | string): number | null {
  const own = parseBytes(written)
  if (own !== null || typeof written === 'number') return own
  const [, digits, step = ''] = /^(\d+(?:\.\d+)?|\.\d+)([KMGTP]i)$/.exec(written.trim()) ?? []
  return digits === undefined ? null : Math.round(Number(digits) * (binarySteps[step] ?? 1))
}

/** Cores: `2`, `0.5`, `"2"` or `500m`; null: none of them. */
export function readCpu(written: number | string): number | null {
  if (typeof written === 'number') return Number.isFinite(written) && written >= 0 ? written : null
  const [, digits, milli] = /^(\d+(?:\.\d+)?|\.\d+)(m?)$/.exec(written.trim()) ?? []
  return digits === undefined ? null : Number(digits) / (milli ? 1000 : 1)
}

/** The written form of a checked value as the setting that it becomes. */
export function convert(kind: Kind, written: unknown): unknown {
  switch (kind.convert) {
    case 'bytes':
      return readBytes(written as number | string)
    case 'cpu':
      return readCpu(written as number | string)
    case 'command':
      return typeof written === 'string' ? [written] : written
    case 'set':
      return [...new Set(typeof written === 'string' ? [written] : (written as unknown[]).map(String))]
    case 'words':
      return [
        ...new Set((typeof written === 'string' ? written.split(/[\s;]+/) : (written as string[])).filter(Boolean)),
      ]
    case 'environment':
      return plainVariables(written as Record<string, unknown>)
    case undefined:
      return written
    default:
      return kind.convert satisfies never
  }
}

/** Variables with a plain value; numbers and switches are written as Python writes them, `valueFrom` is left out. */
function plainVariables(written: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(written)) {
    const text = typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : value
    if (text === undefined || text === null) continue
    plain[name] = typeof text === 'boolean' ? (text ? 'True' : 'False') : String(text)
  }
  return plain
}
