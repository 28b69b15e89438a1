import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLocalRequirement } from './local-requirements.ts'

const lines: [line: string, isLocal: boolean][] = [
  ['-e .', true],
  ['--editable=.', true],
  ['--editable=git+https://github.com/example/package#egg=package', false],
  ['file://subdir', true],
  ['file://./subdir', true],
  ['-r more.txt', true],
  ['-rmore.txt', true],
  ['--requirement more.txt', true],
  ['-c limits.txt', true],
  ['--constraint=limits.txt', true],
  ['./package', true],
  ['git://github.com/example/package', false],
  ['git+https://github.com/example/package.git', false],
  ['numpy', false],
  ['# -e .', false],
  ['numpy # -e .', false],
  ['--pre pandas', false],
  ['--unrecognized', false],
  ['-e', false],
  ['', false],
]

for (const [line, isLocal] of lines) {
  test(`"${line}" ${isLocal ? 'reads' : 'does not read'} the repository`, () => {
    assert.equal(isLocalRequirement(line), isLocal)
  })
}
