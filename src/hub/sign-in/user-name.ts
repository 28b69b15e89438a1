import { pythonRegex, type RuleSettings } from '#config'
import { errors } from './errors.ts'

type Rules = Pick<RuleSettings, 'usernameMap' | 'usernamePattern'>

const maxLength = 255

/** The name after the rules of the configuration, one after the other. Groups are written as in Python, `\\1`, or `$1`. */
export function rewrittenUserName(name: string, rules: RuleSettings['usernameRules']): string {
  return rules.reduce((before, { match = '', replace = '' }) => {
    const pattern = pythonRegex(match)
    return pattern ? before.replace(pattern, replace.replace(/\\(\d)/g, '$$$1')) : before
  }, name)
}

/** The hub's name for who the authenticator named: in lower case, then mapped. */
export function normaliseUserName(name: string, { usernameMap }: Pick<Rules, 'usernameMap'>): string {
  const lower = name.toLowerCase()
  return Object.hasOwn(usernameMap, lower) ? usernameMap[lower]! : lower
}

/** Errors: USER_NAME_INVALID. */
export function checkUserName(name: string, { usernamePattern }: Pick<Rules, 'usernamePattern'>): void {
  const why = problem(name, usernamePattern)
  if (why) throw errors.USER_NAME_INVALID({ name: name.slice(0, 64), why })
}

function problem(name: string, pattern: string | null): string | null {
  if (name === '') return 'it is empty'
  if (name.length > maxLength) return `it is longer than ${maxLength} characters`
  if (name.includes('/')) return 'it holds a slash'
  if (name !== name.trim()) return 'it begins or ends with a space'
  // Addresses and directories are made of it.
  if (name === '.' || name === '..') return 'it means a directory'
  // Two names that look alike would be taken for one person.
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return 'it holds a character that cannot be seen'
  // As Python's `match`: at the start, not to the end.
  if (pattern && !new RegExp(`^(?:${pattern})`, 'u').test(name)) return 'it does not fit the pattern that is set'
  return null
}
