import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signValue, verifyValue } from '../../src/hub/http/signed-value.ts'
import { cookieSecret, start } from './hub.ts'

const environment = process.env.HIMALIA_PYTHON ?? join(import.meta.dirname, '../../.himalia/python/user')
const python = join(environment, 'bin/python')
const skip = existsSync(python) ? false : 'there is no Python with tornado; `npm start` installs one'

const script = `
import json, sys
from tornado.web import create_signed_value, decode_signed_value
secret, name, value, at, ours = json.load(sys.stdin)
secret = bytes.fromhex(secret)
theirs = create_signed_value(secret, name, value, clock=lambda: at).decode()
read = decode_signed_value(secret, name, ours, max_age_days=14, clock=lambda: at + 60)
print(json.dumps([theirs, None if read is None else read.decode()]))
`

for (const value of ['0123456789abcdef0123456789abcdef', 'a|b:c=d', 'zoë ☕', '']) {
  test(`tornado itself and we sign ${JSON.stringify(value)} alike, and read each other`, { skip }, () => {
    const name = 'jupyterhub-hub-login'
    const ours = signValue(name, value, { secret: cookieSecret, now: start })
    const input = JSON.stringify([cookieSecret.toString('hex'), name, value, start / 1000, ours])
    const [theirs, read] = JSON.parse(execFileSync(python, ['-c', script], { input, encoding: 'utf8' }))
    assert.equal(ours, theirs)
    assert.equal(read, value)
    const key = { secret: cookieSecret, now: start, maxAgeMs: 1000 }
    assert.equal(verifyValue(name, theirs, key)?.value, value)
  })
}
