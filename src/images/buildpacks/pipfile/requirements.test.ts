import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Wanted } from './read.ts'
import { requirementsOf } from './requirements.ts'

const files = (packages: readonly (readonly [string, Wanted])[]) => ({
  source: 'Pipfile',
  isLock: false,
  indexes: [],
  packages,
  python: null,
})

const cases: [wanted: Wanted, line: string][] = [
  ['*', 'package'],
  ['==1.2', 'package==1.2'],
  ['>=1,<2', 'package>=1,<2'],
  ['1.2', 'package==1.2'],
  [{ version: '*', extras: ['all', 'dev'] }, 'package[all,dev]'],
  [{ version: '==1', markers: "python_version >= '3.8'" }, "package==1 ; (python_version >= '3.8')"],
  [{ version: '*', sys_platform: "== 'linux'" }, "package ; sys_platform == 'linux'"],
  [{ version: '==1', hashes: ['sha256:aa', 'sha256:bb'] }, 'package==1 --hash=sha256:aa --hash=sha256:bb'],
  [{ git: 'https://example.org/a.git', ref: 'v1' }, 'package @ git+https://example.org/a.git@v1'],
  [
    { git: 'https://example.org/a.git', subdirectory: 'python', editable: true },
    'package @ git+https://example.org/a.git#subdirectory=python',
  ],
  [{ file: 'https://example.org/a.whl' }, 'package @ https://example.org/a.whl'],
]

for (const [wanted, line] of cases) {
  test(`${JSON.stringify(wanted)} in a Pipfile is ${line}`, () => {
    assert.deepEqual(requirementsOf(files([['package', wanted]]), '/srv/repo/'), { lines: [line], local: [] })
  })
}

test('paths are those of the image, from the folder of the Pipfile', () => {
  const packages: [string, Wanted][] = [
    ['one', { path: '..', editable: true }],
    ['two', { path: './two', extras: ['all'] }],
  ]

  const { lines, local } = requirementsOf(files(packages), '/srv/repo/binder/')

  assert.deepEqual(lines, [])
  assert.deepEqual(local, ['--editable', "'/srv/repo'", "'/srv/repo/binder/two[all]'"])
})

test('a path with characters of a shell is refused', () => {
  assert.throws(() => requirementsOf(files([['bad', { path: "x'; rm -rf ~" }]]), '/srv/repo/'), {
    code: 'FILE_INVALID',
  })
})
