import { chmod, rename, writeFile } from 'node:fs/promises'
import type { Hub } from '#hub'

/** Writes a fresh administrator's token, whole or not at all; the one written before stops working. */
export async function writeAdminToken(hub: Hub, file: string): Promise<void> {
  const token = await hub.adminToken(`Written by himalia start to ${file}`)
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${token}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
}
