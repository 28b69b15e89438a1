import { errors } from './errors.ts'

const pattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const longest = 30
const longestDisplay = 255

/** The rule for new servers' names, as in JupyterHub 6; servers of older hubs keep theirs. Errors: SERVER_NAME_INVALID. */
export function checkServerName(name: string): string {
  if (name.length > longest || !pattern.test(name)) throw errors.SERVER_NAME_INVALID({ name: name.slice(0, 100) })
  return name
}

/** The display name in Unicode's composed form. Errors: DISPLAY_NAME_INVALID. */
export function checkDisplayName(displayName: string): string {
  const name = displayName.normalize('NFC')
  const invalid = (reason: string) => errors.DISPLAY_NAME_INVALID({ reason })
  if (name.length < 1 || name.length > longestDisplay) throw invalid(`must have 1 to ${longestDisplay} characters`)
  // Control, format, surrogate, private and unassigned characters, and separators other than the plain space.
  if (/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(name)) throw invalid('has characters that do not print')
  if (name.trim() !== name || name.includes('  ')) throw invalid('has spaces at its ends or two in a row')
  return name
}

/** `ada/` or `ada/data`, as scopes and messages name a server. */
export function fullName(userName: string, serverName: string): string {
  return `${userName}/${serverName}`
}
