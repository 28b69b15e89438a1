import type { FailureReason } from '#spawners'
import { germanFailures } from './failures-de.ts'
import type { Language } from './language.ts'

export interface FailureInWords extends FailureReason {
  /** The spawner's own sentence, in English, where `message` is not that. */
  readonly original: string | null
}

/** Why a server does not run, in that language; as it is where there are no words of it. */
export function failureInWords(language: Language, reason: FailureReason): FailureInWords {
  const known =
    language === 'de' && Object.hasOwn(germanFailures, reason.code) ? germanFailures[reason.code] : undefined
  return known ? { ...reason, ...known, original: reason.message } : { ...reason, original: null }
}
