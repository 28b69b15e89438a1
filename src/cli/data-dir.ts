import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where a hub keeps what outlives its processes. */
export interface DataDir {
  readonly path: string
  readonly database: string
  readonly secret: string
  readonly proxyState: string
}

/** `--data-dir`, else `$XDG_DATA_HOME/himalia`, else `~/.local/share/himalia`. Made with mode 0700: it holds secrets. */
export function openDataDir(option: string | null): DataDir {
  const path = resolve(option ?? join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'himalia'))
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const proxyState = join(path, 'proxy')
  mkdirSync(proxyState, { recursive: true, mode: 0o700 })
  return { path, database: join(path, 'himalia.sqlite'), secret: join(path, 'secret'), proxyState }
}

/** Reads a secret of `bytes` random bytes (hex in the file, mode 0600), made at first use by whoever comes first. */
export function readOrMakeSecret(file: string, bytes: number): Buffer {
  try {
    writeFileSync(file, `${randomBytes(bytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  chmodSync(file, 0o600)
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
}

/** Notes that this process is a hub of the data directory; the returned function takes it back and says whether it was the last. */
export function enter(dataDir: DataDir): () => { last: boolean } {
  const folder = join(dataDir.path, 'hubs')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, `${process.pid}`), '')
  return () => {
    rmSync(join(folder, `${process.pid}`), { force: true })
    return { last: !readdirSync(folder).some((pid) => isAlive(Number(pid))) }
  }
}

export function isAlive(pid: number | undefined): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
