import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFlags } from './flags.ts'

test('everything behind the repository is the command', () => {
  const { repo, command, values } = readFlags(['--no-run', '.', 'bash', '-c', '--debug'])

  assert.equal(repo, '.')
  assert.deepEqual(command, ['bash', '-c', '--debug'])
  assert.ok(!values.has('debug'))
})

test("BinderHub's command line is understood, with its abbreviation", () => {
  const words = [
    '--ref=abc',
    '--image=registry/x:abc',
    '--no-clean',
    '--no-run',
    '--json-logs',
    '--user-name=jovyan',
    '--user-id=1000',
    '--push',
    'https://example.org/r',
  ]

  const { values, repo } = readFlags(words)

  assert.deepEqual(values.get('image-name'), ['registry/x:abc'])
  assert.deepEqual(values.get('user-id'), ['1000'])
  assert.ok(values.has('push') && values.has('json-logs'))
  assert.equal(repo, 'https://example.org/r')
})

test('short flags take values beside or behind them, and stand together', () => {
  const { values } = readFlags(['-p', '80', '-p8888:81', '-EP', '-e', 'A=1', '.'])

  assert.deepEqual(values.get('publish'), ['80', '8888:81'])
  assert.deepEqual(values.get('env'), ['A=1'])
  assert.ok(values.has('editable') && values.has('publish-all'))
})

test('traits are told apart from flags', () => {
  const { traits, repo } = readFlags([
    '--Repo2Docker.platform=linux/arm64',
    '--Repo2Docker.default_buildpack',
    'None',
    '.',
  ])

  assert.deepEqual(
    [...traits],
    [
      ['Repo2Docker.platform', 'linux/arm64'],
      ['Repo2Docker.default_buildpack', 'None'],
    ],
  )
  assert.equal(repo, '.')
})

for (const [words, why] of [
  [['--no', '.'], /could be --no-build or --no-run/],
  [['--nothing', '.'], /is no flag/],
  [['--ref'], /needs a value/],
  [['--no-run=1', '.'], /takes no value/],
  [['-x', '.'], /-x is no flag/],
] as const) {
  test(`${words.join(' ')} is refused`, () => {
    assert.throws(() => readFlags(words), { code: 'FLAG_INVALID', message: why })
  })
}
