import type { HimaliaError } from '#base/errors.ts'
import { type Text, textForCode } from '../pages/index.ts'

/** What went wrong, as errors and denials have it. */
export interface Told {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly facts?: Readonly<Record<string, unknown>>
}

/** What an error tells. */
export function toldOf({ code, message, hint, detail }: HimaliaError): Told {
  return { code, message, ...(hint === null ? {} : { hint }), facts: detail }
}

/** In the person's language, as far as there are texts for the code: `error.<CODE>` and `hint.<CODE>`. */
export function tell(t: Text, { code, message, hint, facts = {} }: Told): { sentence: string; hint: string } {
  const known = textForCode(t, 'error', { code, facts })
  // A hint in another language beside a translated sentence would help less than none.
  const ownHint = known === null ? (hint ?? '') : ''
  return { sentence: known ?? message, hint: textForCode(t, 'hint', { code, facts }) ?? ownHint }
}
