import { rmSync, writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What `proxy.json` in the state directory tells the hub that looks for its proxy. Written when both ports answer. */
export interface ProcessRecord {
  readonly pid: number
  readonly port: number
  readonly apiPort: number
  /** ISO 8601. */
  readonly startedAt: string
}

export async function writeProcessRecord(directory: string, record: ProcessRecord): Promise<void> {
  const file = join(directory, 'proxy.json')
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

export function removeProcessRecord(directory: string): void {
  rmSync(join(directory, 'proxy.json'), { force: true })
}

export function writePidFile(file: string): void {
  writeFileSync(file, `${process.pid}\n`)
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true })
}
