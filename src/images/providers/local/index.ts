/** A folder of this machine: read where it is, never changed, never removed. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Provider } from '../contract.ts'

export const local: Provider = {
  name: 'Local',
  async detect(source) {
    if (!isFolder(source)) return null
    return { identity: null, fetch: async () => ({ contentId: null }) }
  },
}

export function isFolder(source: string): boolean {
  return source !== '' && (statSync(resolve(source), { throwIfNoEntry: false })?.isDirectory() ?? false)
}
