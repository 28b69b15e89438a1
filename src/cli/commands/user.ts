/** `himalia user`: the accounts of a hub, from the machine that it runs on. */

import { readFileSync } from 'node:fs'
import { systemClock } from '#base/clock.ts'
import { HimaliaError, messageOf } from '#base/errors.ts'
import { systemRandom } from '#base/ids.ts'
import { jsonLog } from '#base/log.ts'
import type { Settings } from '#config'
import type { Account, Accounts } from '#hub'
import { type Option, optionHelp, readWords, UsageError } from '../arguments.ts'
import { openDataDir } from '../data-dir.ts'
import { readPassword } from '../read-password.ts'
import { loadSettings } from '../settings.ts'

const options: readonly Option[] = [
  { name: 'admin', help: 'with add: as an administrator' },
  { name: 'config', value: 'FILE', help: 'the config.yaml of the hub; may be given several times', multiple: true },
  { name: 'data-dir', value: 'DIR', help: 'the data directory of the hub (default ~/.local/share/himalia)' },
]

const help = `The users of a hub, whether it runs or not.

Usage: himalia user list
       himalia user add NAME [--admin]
       himalia user password NAME
       himalia user admin NAME
       himalia user second-factor-off NAME
       himalia user import FILE

${optionHelp(options)}

add asks for a password where the hub keeps them (authenticator_class: native), password for a new one: at the
terminal, or as the first line of the standard input. import takes over passwords of another hub: lines NAME:HASH with
hashes of bcrypt, as FirstUseAuthenticator, NativeAuthenticator and htpasswd -B make them. Give the same --config and --data-dir as to himalia start.

Examples:
  himalia user add teacher --admin --config class.yaml
  himalia user password ana --config class.yaml < file-with-the-password
Exit codes: 0 done, 1 refused, 2 the command line or the configuration is wrong.`

interface Wanted {
  readonly word: string
  readonly name: string
  readonly admin: boolean
}

interface Hands {
  readonly accounts: Accounts
  /** Asks for one where the hub keeps passwords; null where it does not. */
  readonly password: (name: string) => Promise<string | null>
}

const actions: Readonly<Record<string, (hands: Hands, wanted: Wanted) => Promise<string>>> = {
  async list({ accounts }) {
    return table(await accounts.list())
  },
  async add({ accounts, password }, { name, admin }) {
    await accounts.add({ name, admin, password: await password(name) })
    return `Added ${name}${admin ? ', an administrator' : ''}.`
  },
  async password({ accounts, password }, { name }) {
    await accounts.setPassword(name, (await password(name)) ?? '')
    return `The password of ${name} is set.`
  },
  async admin({ accounts }, { name }) {
    await accounts.makeAdmin(name)
    return `${name} is an administrator.`
  },
  async 'second-factor-off'({ accounts }, { name }) {
    return (await accounts.removeSecondFactor(name))
      ? `The second factor of ${name} is taken away.`
      : `${name} has no second factor.`
  },
  async import({ accounts }, { name: file }) {
    const { taken, kept } = await accounts.importPasswords(readLines(file))
    return `Took over ${taken} ${taken === 1 ? 'password' : 'passwords'}${kept > 0 ? `; ${kept} had one here already` : ''}.`
  },
}

export async function user(argv: readonly string[]): Promise<number> {
  const { words, ...given } = readWords(argv, options)
  if (given.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const wanted = wantedOf(words, given.admin === true)
  const { settings } = await loadSettings((given.config as string[] | undefined) ?? [])
  if (!settings) return 2
  try {
    process.stdout.write(`${await carryOut(wanted, settings, (given['data-dir'] as string | undefined) ?? null)}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    process.stderr.write(`himalia user: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`)
    return 1
  }
}

function wantedOf([word = '', name = '', ...rest]: readonly string[], admin: boolean): Wanted {
  if (!Object.hasOwn(actions, word)) throw new UsageError(word ? `there is no "${word}"` : 'say what to do')
  if (rest.length > 0 || (word === 'list' && name)) throw new UsageError(`"${rest[0] ?? name}" is not expected here`)
  if (word !== 'list' && name === '')
    throw new UsageError(`${word} takes ${word === 'import' ? 'a file' : 'the name of a user'}`)
  if (admin && word !== 'add') throw new UsageError('--admin belongs to add')
  return { word, name, admin }
}

async function carryOut(wanted: Wanted, settings: Settings, dataDir: string | null): Promise<string> {
  const [{ openStore }, { openAccounts, keepsPasswords }] = await Promise.all([import('#store'), import('#hub')])
  const parts = { settings, clock: systemClock, random: systemRandom }
  const log = jsonLog('warn')
  const url = settings.hub.dbUrl ?? `sqlite:///${openDataDir(dataDir).database}`
  const store = await openStore(url, { log, clock: systemClock })
  try {
    const accounts = await openAccounts({ ...parts, store })
    const password = async (name: string) => (keepsPasswords(settings) ? readPassword(name) : null)
    return (await actions[wanted.word]?.({ accounts, password }, wanted)) ?? ''
  } finally {
    await store.close()
  }
}

function readLines(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${messageOf(error)}`)
  }
}

function table(accounts: readonly Account[]): string {
  if (accounts.length === 0) return 'There are no users yet; `himalia user add NAME` adds one.'
  const width = Math.max(...accounts.map(({ name }) => name.length))
  const told = { set: 'password', waiting: 'password, waits for approval', none: '' } as const
  return accounts
    .map(({ name, admin, password }) =>
      `${name.padEnd(width)}  ${admin ? 'administrator' : '             '}  ${told[password]}`.trimEnd(),
    )
    .join('\n')
}
