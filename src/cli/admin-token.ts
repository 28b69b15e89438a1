import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import type { Hub } from '#hub'

/** Makes sure that `file` (mode 0600) holds a working administrator's token; one that still works is kept for the scripts that read it. */
export async function writeAdminToken(hub: Hub, file: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => '')
  const token = await hub.adminToken(before.trim(), `Written by himalia start to ${file}`)
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${token}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
}
