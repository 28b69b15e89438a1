/** The environment and the working directory of a local server. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { reason } from './reasons.ts'
import type { Account } from './system-user.ts'

/** What of the hub's own environment a server may see, whatever the settings say: nothing works without. */
const always = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SSL_CERT_FILE']

export interface EnvironmentParts {
  readonly hubProcess: Readonly<Record<string, string | undefined>>
  readonly envKeep: readonly string[]
  /** The folder with `jupyterhub-singleuser`, put first in PATH. */
  readonly binFolder: string | null
  readonly home: string
  readonly userName: string
  readonly shell: string
  readonly requested: Readonly<Record<string, string>>
}

export function serverEnvironment(parts: EnvironmentParts): Record<string, string> {
  const kept = [...always, ...parts.envKeep].flatMap((name) => {
    const value = parts.hubProcess[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const path = [parts.binFolder, parts.hubProcess.PATH ?? '/usr/local/bin:/usr/bin:/bin']
    .filter(Boolean)
    .join(delimiter)
  const own = { PATH: path, HOME: parts.home, USER: parts.userName, SHELL: parts.shell }
  return { ...Object.fromEntries(kept), ...own, ...parts.requested }
}

/**
 * The folder name of a user: lower-case letters, digits, `-`, `_`, `.` and `@` stay, everything else becomes `%` and
 * two hex digits. Two names never share a folder, not even where a file system ignores case.
 */
export function folderName(userName: string): string {
  const escaped = [...Buffer.from(userName)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[a-z0-9_.@-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
  const name = escaped.startsWith('.') ? `%2e${escaped.slice(1)}` : escaped
  if (name === '') return '%'
  // File systems end at 255 bytes. No escaped name holds a `~`, so a short one can't be the same.
  return name.length <= 200 ? name : `${name.slice(0, 120)}~${createHash('sha256').update(userName).digest('hex')}`
}

/** The user's folder in the data directory; with an account of their own, its home. */
export function homeOf(dataDir: string, userName: string, account: Account | null): string {
  if (account && !existsSync(account.home)) {
    const message = `The home folder of the account ${userName}, ${account.home}, does not exist.`
    throw reason.NOT_PERMITTED({ message, logTail: [] })
  }
  if (account) return account.home
  const home = join(dataDir, 'homes', folderName(userName))
  mkdirSync(home, { recursive: true, mode: 0o700 })
  return home
}

/** The path of a program as a shell would find it, or null. */
export function findProgram(program: string, path: string): string | null {
  const candidates = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program))
  return (
    candidates.find((file) => existsSync(file) && statSync(file).isFile() && (statSync(file).mode & 0o111) !== 0) ??
    null
  )
}
