/** The state in a file, for one proxy. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcmeState, type AcmeStore, emptyState } from './contract.ts'

export function folderStore(folder: string): AcmeStore {
  const file = join(folder, 'acme.json')
  let turn: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<AcmeState> => {
    try {
      return { ...emptyState, ...(JSON.parse(await readFile(file, 'utf8')) as Partial<AcmeState>) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyState
      throw error
    }
  }
  const change = async (update: (state: AcmeState) => AcmeState | null): Promise<AcmeState> => {
    const before = await read()
    const after = update(before)
    if (after === null) return before
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(`${file}.new`, JSON.stringify(after), { mode: 0o600 })
    await rename(`${file}.new`, file)
    return after
  }
  return {
    read,
    change(update) {
      const next = turn.then(() => change(update))
      turn = next.catch(() => {})
      return next
    },
  }
}
