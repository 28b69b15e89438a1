/** When a host's certificate is asked for. Pure. */
import { X509Certificate } from 'node:crypto'
import type { Millis } from '#base/clock.ts'

/** Certificates are renewed when a third of their life is left: a month of Let's Encrypt's three. */
export function isDue(cert: string | undefined, now: Millis): boolean {
  if (cert === undefined) return true
  const { validFrom, validTo } = new X509Certificate(cert)
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)]
  return now >= to - (to - from) / 3
}

const firstPauseMs = 60_000
const longestPauseMs = 3_600_000

/** Longer after each failure: an ACME server counts them, and closes its door for a week. */
export function pauseAfter(failures: number): Millis {
  return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
}
