import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDir } from './data-dir.ts'
import { freePort } from './free-port.ts'

/** The hub's own port on loopback: the same at every start of a data directory, so that the proxy's error pages find it. */
export async function hubPort(dataDir: DataDir): Promise<number> {
  const file = join(dataDir.path, 'hub-port')
  const before = remembered(file)
  // No favourite: two hubs that start at the same moment would both find it free.
  const port = (await freePort('127.0.0.1', [...before, 0])) ?? 0
  // A second hub beside the first leaves the first one's port in the record.
  if (before.length === 0) writeFileSync(file, `${port}\n`, { mode: 0o600 })
  return port
}

function remembered(file: string): number[] {
  try {
    const port = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(port) && port > 0 && port < 65536 ? [port] : []
  } catch {
    return []
  }
}
