/** From a claim to a user name, by the steps of `username_transform`. */
import { createHmac } from 'node:crypto'
import { errors } from '../errors.ts'

type Step = (name: string, argument: string, key: string) => string

const steps: Readonly<Record<string, Step>> = {
  lower: (name) => name.toLowerCase(),
  local_part: (name) => name.replace(/@[^@]*$/, ''),
  strip_domain: (name, domain) => stripDomain(name, domain),
  prefix: (name, prefix) => `${prefix}${name}`,
  replace: (name, argument) => {
    const [from = '', to = ''] = argument.split(':')
    return from === '' ? name : name.replaceAll(from, to)
  },
  slug: (name) =>
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, ''),
  hmac: (name, _, key) => pseudonym(name, key),
}

export const transformNames: readonly string[] = Object.keys(steps)

/** Errors: TRANSFORM_UNKNOWN, HMAC_KEY_MISSING. */
export function transformed(name: string, transforms: readonly string[], key: string | null): string {
  return transforms.reduce((text, written) => {
    const colon = written.indexOf(':')
    const verb = colon === -1 ? written : written.slice(0, colon)
    const step = Object.hasOwn(steps, verb) ? steps[verb] : undefined
    if (!step) throw errors.TRANSFORM_UNKNOWN({ name: written, known: transformNames })
    if (verb === 'hmac' && !key) throw errors.HMAC_KEY_MISSING(undefined)
    return step(text, colon === -1 ? '' : written.slice(colon + 1), key ?? '')
  }, name)
}

/** `ada@example.org` without the domain that is given; others stay as they are. */
export function stripDomain(name: string, domain: string): string {
  const end = `@${domain.toLowerCase()}`
  return domain !== '' && name.toLowerCase().endsWith(end) ? name.slice(0, -end.length) : name
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** 26 letters and digits that tell nothing about the name without the key: 130 bits of HMAC-SHA-256. */
function pseudonym(name: string, key: string): string {
  const bits = [...createHmac('sha256', key).update(name).digest()].map((byte) => byte.toString(2).padStart(8, '0'))
  const all = bits.join('')
  return Array.from({ length: 26 }, (_, at) => base32[Number.parseInt(all.slice(at * 5, at * 5 + 5), 2)]).join('')
}
