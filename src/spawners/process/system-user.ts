/** The account that a server runs as. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { reason } from './reasons.ts'

export interface Account {
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** The system account of that name; made where `create` says so. Throws NOT_PERMITTED. */
export function systemAccount(name: string, { create }: { create: boolean }): Account {
  const found = findAccount(name)
  if (found) return notRoot(found)
  if (create) {
    try {
      execFileSync('useradd', ['--create-home', '--', name], { stdio: 'pipe' })
    } catch (error) {
      const said = String((error as { stderr?: Buffer }).stderr ?? '').trim()
      throw reason.NOT_PERMITTED({
        message: `No system account could be made for ${name}: ${said || 'useradd failed'}.`,
        logTail: [],
      })
    }
  }
  const made = create ? findAccount(name) : null
  if (!made) {
    throw reason.NOT_PERMITTED({ message: `There is no system account "${name}" on this machine.`, logTail: [] })
  }
  return notRoot(made)
}

function notRoot(account: Account): Account {
  if (account.uid !== 0) return account
  throw reason.NOT_PERMITTED({ message: 'No server runs as the account of the system administrator.', logTail: [] })
}

function findAccount(name: string): Account | null {
  for (const line of passwdLines(name)) {
    const [login, , uid, gid, , home, shell] = line.split(':')
    if (login === name) return { uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' }
  }
  return null
}

/** getent knows accounts of LDAP and the like, too. */
function passwdLines(name: string): readonly string[] {
  try {
    return execFileSync('getent', ['passwd', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
      '\n',
    )
  } catch {
    return readFileSync('/etc/passwd', 'utf8').split('\n')
  }
}

/** The words in front of a command that make it run as the account. */
export function asAccount({ uid, gid }: Account): readonly string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--no-new-privs', '--']
}
