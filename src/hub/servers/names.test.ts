import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkDisplayName, checkServerName } from './names.ts'

for (const name of ['a', 'gpu-2', 'a1-b2-c3', 'x'.repeat(30)]) {
  test(`"${name}" can be the name of a server`, () => {
    assert.equal(checkServerName(name), name)
  })
}

for (const name of ['', '1a', '-a', 'a-', 'a--b', 'A', 'a b', 'a/b', 'ä', 'x'.repeat(31), 'a\n', '..']) {
  test(`${JSON.stringify(name)} can't be the name of a server`, () => {
    assert.throws(() => checkServerName(name), { code: 'SERVER_NAME_INVALID' })
  })
}

test('a display name is kept in composed form', () => {
  assert.equal(checkDisplayName('Cafe\u0301 – データ'), 'Café – データ')
})

for (const name of ['', ' a', 'a ', 'a  b', 'a\tb', 'a\u200bb', 'a\u00a0b', 'x'.repeat(256)]) {
  test(`${JSON.stringify(name)} can't be a display name`, () => {
    assert.throws(() => checkDisplayName(name), { code: 'DISPLAY_NAME_INVALID' })
  })
}
