/**
 * Names of users and servers as Kubernetes takes them, letter by letter as KubeSpawner makes them: volumes of users are
 * found by these names.
 */
import { createHash } from 'node:crypto'

/** KubeSpawner 7's rule: a name that is fine stays, any other becomes readable and gets a hash. */
export function safeSlug(name: string, { valid = isObjectName, max = null as number | null } = {}): string {
  const isFine = !name.includes('--') && valid(name) && (max === null || lengthOf(name) <= max)
  return isFine ? name : stripAndHash(name, max ?? 32)
}

/** The value of a label; names of servers and users with capitals, dots and underscores stay as they are. */
export function labelSlug(name: string): string {
  return safeSlug(name, { valid: isLabelValue })
}

/** Several names in one, with one hash over all of them. */
export function multiSlug(names: readonly string[], max = 48): string {
  const hash = createHash('sha256')
  for (const [index, name] of names.entries()) hash.update(index === 0 ? name : Buffer.concat([separator, utf8(name)]))
  const room = Math.floor((max - 9) / names.length) - 2
  return `${names.map((name) => readable(name, room)).join('--')}---${hash.digest('hex').slice(0, 8)}`
}

/** KubeSpawner's rule before 7: what is neither letter nor digit is written as its bytes. */
export function escapeSlug(name: string): string {
  const escaped = [...name].map((char) => (/^[a-z0-9]$/.test(char) ? char : hexOf(char)))
  return escaped.join('').toLowerCase()
}

/** A name that fits; one that is too long ends with a hash of all of it. */
export function fitted(name: string, max: number): string {
  if (name.length <= max) return name
  return `${name.slice(0, max - 11).replace(/[-.]+$/, '')}---${hashOf(name)}`
}

const separator = Buffer.from([0xff])
const utf8 = (text: string) => Buffer.from(text, 'utf8')
const hexOf = (char: string) => [...utf8(char)].map((byte) => `-${byte.toString(16).padStart(2, '0')}`).join('')
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8)
/** In characters, not in UTF-16 units, as Python counts. */
const lengthOf = (text: string) => [...text].length

function isObjectName(name: string): boolean {
  return /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
}

function isLabelValue(value: string): boolean {
  return /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(value)
}

function stripAndHash(name: string, max: number): string {
  if (max < 12) throw new RangeError(`A slug needs at least 12 characters, not ${max}`)
  return `${readable(name, max - 11)}---${hashOf(name)}`
}

/** The cut after `x-` may leave a hyphen at the end; KubeSpawner leaves it, too, and claims have it in their names. */
function readable(name: string, room: number): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, room)
    .replace(/-+$/, '')
  if (plain === '') return 'x'
  return /^[a-z]/.test(plain) ? plain : `x-${plain.slice(0, Math.max(room - 2, 0))}`
}
