import type { Millis } from '#base/clock.ts'

/** An xs:dateTime; without a zone it is UTC, as SAML has it. null when it is none. */
export function instantOf(text: string | null): Millis | null {
  if (text === null) return null
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/.exec(text.trim())
  if (!match) return null
  const [, date, fraction = '0', zone = 'Z'] = match
  const at = Date.parse(`${date}${zone}`)
  return Number.isNaN(at) ? null : at + Math.floor(Number(`0.${fraction}`) * 1000)
}

/** `2026-11-25T22:00:00Z` */
export function writtenInstant(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** An xs:duration such as `P14D` or `PT6H`; a month counts 30 days, a year 365. null when it is none. */
export function durationOf(text: string | null): Millis | null {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(text ?? '')
  if (!match || match.slice(1).every((part) => part === undefined)) return null
  const [years, months, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return ((((years * 365 + months * 30 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
