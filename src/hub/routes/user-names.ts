import type { Settings } from '#config'
import { errors } from './errors.ts'

/** As an authenticator would make of it what a person typed: lower case, then the administrator's map. */
export function normaliseName({ authenticator }: Settings, raw: string): string {
  const name = raw.trim().toLowerCase()
  return Object.hasOwn(authenticator.usernameMap, name) ? authenticator.usernameMap[name]! : name
}

/** Errors: USER_NAMES_INVALID, with all that are. */
export function checkUserNames(settings: Settings, names: readonly string[]): void {
  const invalid = names.filter((name) => !isUserName(settings, name))
  if (invalid.length > 0) throw errors.USER_NAMES_INVALID({ names: invalid.map((name) => name.slice(0, 100)) })
}

/** Any text without a slash or a control character that fits the administrator's pattern. */
function isUserName({ authenticator: { usernamePattern } }: Settings, name: string): boolean {
  if (name === '' || name.length > 255 || name !== name.trim() || !name.isWellFormed()) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant.
  if (/[/\u0000-\u001f\u007f]/.test(name) || name === '.' || name === '..') return false
  return usernamePattern === null || new RegExp(`^(?:${usernamePattern})`).test(name)
}
