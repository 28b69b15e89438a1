import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { OwnKey } from './config/keys.ts'

const dayMs = 86_400_000
/** Federations remove a service whose certificate has ended. */
const warnedDays = 90

/** Says once a day which of our certificates end soon, until the signal. */
export async function watchCertificates(
  keys: readonly OwnKey[],
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted && keys.length > 0) {
    for (const { key, days } of endingSoon(keys, clock.now())) {
      const sentence = days < 0 ? 'A certificate for SAML has ended' : 'A certificate for SAML ends soon'
      log.warn({ key, days, hint: 'See "Changing the key" in docs/saml.md.' }, sentence)
    }
    await clock.sleep(dayMs, signal).catch(() => {})
  }
}

/** Of each that ends within ninety days its number, from 1, and the days that are left. */
export function endingSoon(keys: readonly OwnKey[], now: number): readonly { key: number; days: number }[] {
  return keys
    .map(({ endsAt }, index) => ({ key: index + 1, days: Math.floor((endsAt - now) / dayMs) }))
    .filter(({ days }) => days <= warnedDays)
}
