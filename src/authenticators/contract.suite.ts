/** What every authenticator must do, as tests; each one's `index.test.ts` calls it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Authenticator, Denial, Recognised, SignInForm } from './contract.ts'
import { testBrowser } from './visit.fixture.ts'

export const visit = testBrowser()()

export interface Subject {
  /** The folder's name. */
  readonly name: string
  make(): Promise<Authenticator>
  /** A form that leads to an identity, and the user name it leads to. Absent where no form does. */
  readonly good?: { readonly form: SignInForm; readonly userName: string }
  /** Forms that must be denied. */
  readonly bad: readonly SignInForm[]
}

export function authenticatorContract({ name, make, good, bad }: Subject): void {
  test(`${name}: is called by its name, has an id and one of the known kinds`, async () => {
    const authenticator = await make()
    assert.equal(authenticator.name, name)
    assert.match(authenticator.id, /^[a-z0-9][a-z0-9-]*$/)
    assert.ok(['form', 'redirect', 'link', 'ambient', 'none'].includes(authenticator.kind))
    assert.equal(authenticator.kind === 'redirect', authenticator.signInPath !== undefined)
  })

  test(`${name}: each of its routes has a path of its own, and one of them begins the walk`, async () => {
    const { routes = [], signInPath } = await make()
    const names = routes.map(({ method, path }) => `${method} ${path}`)
    assert.equal(new Set(names).size, names.length)
    if (signInPath !== undefined) assert.ok(names.includes(`GET ${signInPath}`))
  })

  if (good) {
    test(`${name}: a good form leads to an identity with an issuer and a user name`, async () => {
      const result = await (await make()).authenticate(good.form, visit)
      assert.equal(result.kind, 'identity')
      const { identity } = result as Recognised
      assert.equal(identity.userName, good.userName)
      assert.notEqual(identity.issuer, '')
      assert.notEqual(identity.subject, '')
    })
  }

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
      const { code, message, log = '' } = result as Denial
      assert.match(code, /^[A-Z][A-Z_]+$/)
      assert.match(message, /^[A-Z]/)
      const secret = form.password ?? form.token ?? ''
      if (secret !== '') assert.ok(!`${message}${log}`.includes(secret), 'the secret is in no sentence')
    })
  }
}
