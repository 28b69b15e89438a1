/** What every authenticator must do, as tests; each one's `index.test.ts` calls it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthenticationResult, Authenticator, SignInForm, Visit } from './contract.ts'

export const visit: Visit = { clientIp: '192.0.2.7', headers: {}, hubUrl: 'http://hub.example.org/hub/' }

export interface Subject {
  /** The folder's name. */
  readonly name: string
  make(): Promise<Authenticator>
  /** A form that leads to an identity, and the user name it leads to. */
  readonly good: { readonly form: SignInForm; readonly userName: string }
  /** Forms that must be denied. */
  readonly bad: readonly SignInForm[]
}

export function authenticatorContract({ name, make, good, bad }: Subject): void {
  test(`${name}: is called by its name and has one of the known kinds`, async () => {
    const authenticator = await make()
    assert.equal(authenticator.name, name)
    assert.ok(['form', 'redirect', 'link'].includes(authenticator.kind))
    assert.equal(authenticator.kind === 'redirect', authenticator.signInPath !== undefined)
  })

  test(`${name}: a good form leads to an identity with an issuer, a subject and a user name`, async () => {
    const result = await (await make()).authenticate(good.form, visit)
    assert.equal(result.kind, 'identity')
    const { identity } = result as Extract<AuthenticationResult, { kind: 'identity' }>
    assert.equal(identity.userName, good.userName)
    assert.notEqual(identity.issuer, '')
    assert.notEqual(identity.subject, '')
  })

  const hostile: readonly SignInForm[] = [
    {},
    { username: '' },
    { username: '', password: '', token: '' },
    JSON.parse('{"__proto__": {"username": "ada"}}'),
    { constructor: 'x' } as unknown as SignInForm,
  ]
  for (const form of [...hostile, ...bad]) {
    test(`${name}: ${JSON.stringify(form).slice(0, 60)} is denied with a code and a sentence`, async () => {
      const result = await (await make()).authenticate(form, visit)
      assert.equal(result.kind, 'denied')
      const { code, message, log = '' } = result as Extract<AuthenticationResult, { kind: 'denied' }>
      assert.match(code, /^[A-Z][A-Z_]+$/)
      assert.match(message, /^[A-Z]/)
      const secret = form.password ?? form.token ?? ''
      if (secret !== '') assert.ok(!`${message}${log}`.includes(secret), 'the secret is in no sentence')
    })
  }
}
