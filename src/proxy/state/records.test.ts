import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readRecords, writeChanges, writeSnapshot } from './records.ts'

const ada = { key: '/user/ada', data: { target: 'http://127.0.0.1:1', user: 'ada' }, at: 5 }
const bob = { key: '/user/bob', data: { target: 'http://127.0.0.1:2' }, at: 6 }
const whole =
  writeSnapshot([ada]) +
  writeChanges([
    { kind: 'set', ...bob },
    { kind: 'delete', key: '/user/ada' },
  ])

describe('the file of routes', () => {
  test('is read as it was written', () => {
    assert.deepEqual(readRecords(whole), { routes: [bob], damage: 'none' })
  })

  test('cut at any byte gives a state that once was true, and says that it is torn', () => {
    const states = [[], [ada], [ada, bob], [bob]]
    for (let length = 0; length < whole.length; length += 1) {
      const read = readRecords(whole.slice(0, length))
      assert.notEqual(read.damage, 'garbage', `${length}`)
      assert.ok(
        states.some((state) => JSON.stringify(state) === JSON.stringify(read.routes)),
        `${length}`,
      )
    }
  })

  test('ending in zeros, as after a power cut, keeps its whole records', () => {
    assert.deepEqual(readRecords(`${whole}\0\0\0\0\0`), { routes: [bob], damage: 'torn' })
  })

  for (const [what, text] of Object.entries({
    'another file': 'hello\nworld\n',
    'a bad record before good ones': whole.replace('"set":"/user/ada"', '"set":"user//ada"'),
    'a target that is none': writeSnapshot([{ ...ada, data: { target: 'ftp://x' } }, bob]),
    'a newer version': whole.replace('"version":1', '"version":2'),
  })) {
    test(`${what} is not trusted at all`, () => {
      assert.deepEqual(readRecords(text), { routes: [], damage: 'garbage' })
    })
  }
})
