/** `himalia auth explain`: why somebody may enter, or may not. */
import { systemClock } from '#base/clock.ts'
import { jsonLog } from '#base/log.ts'
import type { Settings } from '#config'
import type { Explanation } from '#hub'
import { type Option, optionHelp, readWords, UsageError } from '../arguments.ts'
import { openDataDir } from '../data-dir.ts'
import { loadSettings } from '../settings.ts'

const options: readonly Option[] = [
  { name: 'user', value: 'NAME', help: 'whom: their user name here' },
  { name: 'json', help: 'for programs' },
  { name: 'config', value: 'FILE', help: 'the config.yaml of the hub; may be given several times', multiple: true },
  { name: 'data-dir', value: 'DIR', help: 'the data directory of the hub (default ~/.local/share/himalia)' },
]

const help = `Why somebody got in or not: what came in at their last visit, and what the rules of the configuration say to it now.
Change the rules in a copy of config.yaml to see what they would do. Nobody is signed in, and no provider is asked.

Usage: himalia auth explain --user NAME [options]

${optionHelp(options)}

Exit codes: 0 the rules let them in, 1 they do not, 2 the command line or the configuration is wrong.`

export async function auth(argv: readonly string[]): Promise<number> {
  const { words, ...given } = readWords(argv, options)
  if (given.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const [word = '', ...rest] = words
  if (word !== 'explain') throw new UsageError(word ? `there is no "${word}"` : 'say what to do: explain')
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is not expected here`)
  const user = given.user as string | undefined
  if (!user) throw new UsageError('explain takes --user')
  const { settings } = await loadSettings((given.config as string[] | undefined) ?? [])
  if (!settings) return 2
  const found = await look(user, settings, (given['data-dir'] as string | undefined) ?? null)
  process.stdout.write(given.json ? `${JSON.stringify(found, null, 2)}\n` : `${tell(found)}\n`)
  return found.decision.outcome === 'enters' ? 0 : 1
}

async function look(user: string, settings: Settings, dataDir: string | null): Promise<Explanation> {
  const [{ openStore }, { explain }] = await Promise.all([import('#store'), import('#hub')])
  const url = settings.hub.dbUrl ?? `sqlite:///${openDataDir(dataDir).database}`
  const store = await openStore(url, { log: jsonLog('warn'), clock: systemClock })
  try {
    return await explain({ store, settings: () => settings }, user)
  } finally {
    await store.close()
  }
}

/** As text: the visit, the account, then each rule. */
export function tell({ name, account, visit, decision, way }: Explanation): string {
  const lines: string[] = []
  if (!visit) lines.push(`There is no record of a visit of ${name}: only the name is known.`)
  else {
    const how = visit.outcome === 'entered' ? `let in by ${visit.because || 'a rule'}` : `turned away: ${visit.because}`
    lines.push(`${name} was ${how}, ${new Date(visit.at).toISOString()}, from ${visit.ip}, by ${visit.way}.`)
    if (visit.log) lines.push(`  ${visit.log}`)
    if (!visit.seen) lines.push('  Nobody was recognised then, so only the name is known.')
    const attributes = Object.entries(visit.attributes)
    if (attributes.length > 0)
      lines.push('', 'What came in:', ...attributes.map(([key, value]) => `  ${key}: ${textOf(value)}`))
  }
  lines.push('', ...aboutAccount(name, account), '', `The rules of ${way} say now:`, ...aboutRules(decision, visit))
  return lines.join('\n')
}

function aboutAccount(name: string, account: Explanation['account']): readonly string[] {
  if (!account) return [`There is no account ${name} here yet.`]
  const facts = [
    account.admin ? 'an administrator' : 'no administrator',
    account.password === 'none' ? 'no password here' : `password ${account.password}`,
    ...(account.hasSecondFactor ? ['a second factor'] : []),
  ]
  return [
    `The account ${name}: ${facts.join(', ')}.`,
    ...account.identities.map(({ issuer, subject, way }) => `  is ${subject} at ${issuer} (${way})`),
  ]
}

function aboutRules(
  { outcome, isAdmin, checks }: Explanation['decision'],
  visit: Explanation['visit'],
): readonly string[] {
  const ofThen = new Set(visit?.seen?.rules.map(({ name }) => name))
  if (outcome === 'blocked') return ['  blocked by blocked_users, whatever else says so', 'Result: may not enter.']
  const rows = checks.map(
    ({ rule, wants, isMet }) =>
      `  ${isMet ? 'met    ' : 'not met'}  ${rule}: ${wants}${ofThen.has(rule) ? ' (as it was then)' : ''}`,
  )
  const admin = isAdmin === null ? '' : isAdmin ? ', as an administrator' : ', not as an administrator'
  return [
    ...(rows.length > 0 ? rows : ['  there is no rule that lets anybody in']),
    outcome === 'enters' ? `Result: may enter${admin}.` : 'Result: may not enter.',
  ]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
