import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { asAccount, systemAccount } from './system-user.ts'

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root makes accounts' }
const refused = (sentence: RegExp) => (error: Error & { code: string }) =>
  error.code === 'NOT_PERMITTED' && sentence.test(error.message)

test('no server runs as root, whether the account is there or made', () => {
  assert.throws(() => systemAccount('root', { create: false }), refused(/administrator/))
  assert.throws(() => systemAccount('root', { create: true }), refused(/administrator/))
})

test('an account is neither found by its number nor made unasked', () => {
  assert.throws(() => systemAccount('65534', { create: false }), refused(/no system account "65534"/))
})

test('a missing account is made with a home, and its programs run as it', asRoot, () => {
  const name = `himalia-${process.pid}`
  try {
    const account = systemAccount(name, { create: true })
    const [program = '', ...args] = asAccount(account)

    const said = execFileSync(program, [...args, 'id', '-un'], { encoding: 'utf8' })

    assert.equal(said.trim(), name)
    assert.ok(existsSync(account.home))
  } finally {
    execFileSync('userdel', ['--remove', name], { stdio: 'ignore' })
  }
})

test('a name that is no name of an account is refused with the reason', asRoot, () => {
  assert.throws(
    () => systemAccount('Ada Lovelace; id', { create: true }),
    refused(/invalid user name|No system account/),
  )
})
