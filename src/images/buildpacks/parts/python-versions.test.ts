import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choosePython, fittingPython } from './python-versions.ts'

test('a major version alone is a known minor one', () => {
  assert.equal(choosePython('2', 'x', '3.10').version, '2.7')
  assert.equal(choosePython('3', 'x', '3.10').version, '3.10')
})

test('old versions are kernels beside a newer server', () => {
  assert.deepEqual(choosePython('3.6', 'x', '3.10'), { version: '3.6', isKernelOnly: true })
  assert.deepEqual(choosePython('3.12.1', 'x', '3.10'), { version: '3.12', isKernelOnly: false })
})

for (const version of ['2.6', '3.0', '3.99', '4.10']) {
  test(`Python ${version} is refused with the list of those there are`, () => {
    assert.throws(() => choosePython(version, 'runtime.txt', '3.10'), { code: 'PYTHON_VERSION_UNKNOWN' })
  })
}

test('the default stays where it fits, else the newest that does is taken', () => {
  assert.equal(fittingPython('>=3.9', '3.10'), '3.10')
  assert.equal(fittingPython('>=3.11', '3.10'), '3.14')
  assert.equal(fittingPython('>=3.10.4', '3.10'), '3.14')
  assert.equal(fittingPython('<3.9', '3.10'), '3.8')
  assert.equal(fittingPython('>=4', '3.10'), null)
})
