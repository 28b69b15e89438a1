import { copyFile, type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { errors } from '../errors.ts'
import { type Change, readRecords, type StoredRoute, writeChanges, writeSnapshot } from './records.ts'

/** Where changes become durable. */
export interface Journal {
  /** Resolves when the changes are on disk. `present` is the table as it was before them. Errors: PROXY_STATE_NOT_WRITABLE. */
  append(changes: readonly Change[], present: () => Iterable<StoredRoute>): Promise<void>
  /** Replaces the file by what is there now. */
  rewrite(present: Iterable<StoredRoute>): Promise<void>
  close(): Promise<void>
}

/** For a proxy without a state directory: routes live as long as the process. */
export const noJournal: Journal = {
  append: async () => {},
  rewrite: async () => {},
  close: async () => {},
}

const fileName = 'routes.jsonl'

/** What an earlier process left. A damaged file is copied to `routes.jsonl.damaged` and a warning says so. */
export async function loadRoutes(directory: string, log: Log): Promise<readonly StoredRoute[]> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, fileName)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const { routes, damage } = readRecords(text)
  if (damage !== 'none') {
    await copyFile(file, `${file}.damaged`)
    const fate = damage === 'torn' ? 'its whole records were kept' : 'none of it was used'
    log.warn({ file, copy: `${file}.damaged`, kept: routes.length }, `The file of routes was damaged; ${fate}`)
  }
  return routes
}

export async function openJournal(directory: string, present: Iterable<StoredRoute>): Promise<Journal> {
  const journal = new FileJournal(join(directory, fileName))
  await journal.rewrite(present)
  return journal
}

class FileJournal implements Journal {
  readonly #file: string
  #handle: FileHandle | null = null
  /** Records since the last rewrite, and the routes it held. */
  #appended = 0
  #base = 0

  constructor(file: string) {
    this.#file = file
  }

  async append(changes: readonly Change[], present: () => Iterable<StoredRoute>): Promise<void> {
    try {
      if (!this.#handle || this.#appended > Math.max(1000, 2 * this.#base)) await this.#replace(present())
      const handle = this.#handle as unknown as FileHandle
      await handle.appendFile(writeChanges(changes))
      await handle.datasync()
      this.#appended += changes.length
    } catch (error) {
      await this.#distrust()
      throw errors.PROXY_STATE_NOT_WRITABLE({ file: this.#file }, error)
    }
  }

  async rewrite(present: Iterable<StoredRoute>): Promise<void> {
    try {
      await this.#replace(present)
    } catch (error) {
      throw errors.PROXY_STATE_NOT_WRITABLE({ file: `${this.#file} (${messageOf(error)})` }, error)
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = null
  }

  /** After a failed write the file's end is unknown: the next change starts a new file. */
  async #distrust(): Promise<void> {
    await this.#handle?.close().catch(() => {})
    this.#handle = null
  }

  async #replace(present: Iterable<StoredRoute>): Promise<void> {
    const routes = [...present]
    const draft = `${this.#file}.new`
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(writeSnapshot(routes))
      await handle.datasync()
      await rename(draft, this.#file)
      await syncDirectory(dirname(this.#file))
    } catch (error) {
      await handle.close().catch(() => {})
      throw error
    }
    await this.#handle?.close()
    this.#handle = handle
    this.#appended = 0
    this.#base = routes.length
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  await handle.sync()
  await handle.close()
}
