/** Which passwords may be chosen. */
import { maxPasswordLength } from './password.ts'

export interface PasswordPolicy {
  readonly minimumLength: number
  /** Those on a list of passwords that are guessed first. */
  readonly refusesCommon: boolean
}

export interface PasswordProblem {
  readonly code: 'PASSWORD_SHORT' | 'PASSWORD_LONG' | 'PASSWORD_UNTYPABLE' | 'PASSWORD_IS_NAME' | 'PASSWORD_COMMON'
  readonly message: string
  readonly facts: Readonly<Record<string, number>>
}

/** null: it may be chosen. */
export async function passwordProblem(
  password: string,
  { minimumLength, refusesCommon }: PasswordPolicy,
  userName: string,
): Promise<PasswordProblem | null> {
  const length = [...password].length
  const least = Math.max(minimumLength, 1)
  if (password.includes('\0'))
    return problem('PASSWORD_UNTYPABLE', 'The password holds a character that cannot be typed.')
  if (length < least) {
    const characters = `${least} character${least === 1 ? '' : 's'}`
    return problem('PASSWORD_SHORT', `The password must have at least ${characters}.`, { least })
  }
  if (length > maxPasswordLength) {
    const message = `The password must have at most ${maxPasswordLength} characters.`
    return problem('PASSWORD_LONG', message, { most: maxPasswordLength })
  }
  if (!refusesCommon) return null
  if (userName !== '' && password.toLowerCase() === userName.toLowerCase())
    return problem('PASSWORD_IS_NAME', 'The password must not be the user name.')
  return (await commonPasswords()).has(password.toLowerCase())
    ? problem('PASSWORD_COMMON', 'This password is one of those that are guessed first.')
    : null
}

function problem(
  code: PasswordProblem['code'],
  message: string,
  facts: PasswordProblem['facts'] = {},
): PasswordProblem {
  return { code, message, facts }
}

let known: Promise<ReadonlySet<string>> | null = null

/** Read when the first one is asked for: a third of a megabyte. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  known ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map((one) => String(one).toLowerCase())),
  )
  return known
}
