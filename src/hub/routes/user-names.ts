import { HimaliaError } from '#base/errors.ts'
import type { Settings } from '#config'
import { checkUserName, normaliseUserName } from '../sign-in/user-name.ts'
import { errors } from './errors.ts'

/** As an authenticator would make of it what a person typed: lower case, then the administrator's map. */
export function normaliseName({ authenticator }: Settings, raw: string): string {
  return normaliseUserName(raw.trim(), authenticator)
}

/** Errors: USER_NAMES_INVALID, with all that are. */
export function checkUserNames({ authenticator }: Settings, names: readonly string[]): void {
  const reasons = names.flatMap((name) => whyNot(name, authenticator))
  if (reasons.length > 0) throw errors.USER_NAMES_INVALID({ reasons })
}

function whyNot(name: string, rules: Settings['authenticator']): readonly string[] {
  try {
    checkUserName(name, rules)
    return []
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    return [error.message]
  }
}
