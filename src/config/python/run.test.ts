import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Value } from './evaluate.ts'
import { runPython } from './run.ts'

const before: Readonly<Record<string, Value>> = { 'Spawner.args': ['--a'], 'JupyterHub.template_vars': { a: 1 } }

function run(code: string) {
  const traits = new Map<string, Value>()
  const { unrunnable } = runPython(code, {
    names: new Map(),
    traits,
    trait: (className, trait) => before[`${className}.${trait}`],
    config: (path) => ({ 'custom.on': true, 'custom.list': ['x'] })[path],
  })
  return { traits: Object.fromEntries(traits), unrunnable: unrunnable.map(({ what, line }) => `${line + 1}: ${what}`) }
}

describe('What code sets', () => {
  const cases: readonly [string, string, Record<string, unknown>][] = [
    ['a plain value', "c.X.y = 'a'", { 'X.y': 'a' }],
    [
      'numbers of all kinds',
      'c.X.y = [1, 0x10, 0o17, 1_000, .5, 1e3, -2, 2 ** 10]',
      { 'X.y': [1, 16, 15, 1000, 0.5, 1000, -2, 1024] },
    ],
    ['constants', 'c.X.y = (True, False, None)', { 'X.y': [true, false, null] }],
    ['texts side by side', "c.X.y = ('a' \"b\"\n  r'\\d')", { 'X.y': 'ab\\d' }],
    ['a long text', 'c.X.y = """a\n"b"\n"""', { 'X.y': 'a\n"b"\n' }],
    ['escapes', "c.X.y = 'a\\n\\x41\\u00e9'", { 'X.y': 'a\nAé' }],
    ['a nested dict', "c.X.y = {'a': {'b': [1, {'c': None}],},}", { 'X.y': { a: { b: [1, { c: null }] } } }],
    ['two targets', 'c.X.y = c.X.z = 1', { 'X.y': 1, 'X.z': 1 }],
    ['a class in brackets', "c['X']['y'] = 1", { 'X.y': 1 }],
    ['a variable', "a = {}\na['b'] = 1\na.update(c=2)\nc.X.y = a", { 'X.y': { b: 1, c: 2 } }],
    ['an addition to what was there', "c.Spawner.args += ['--b']", { 'Spawner.args': ['--a', '--b'] }],
    [
      'an append',
      "c.Spawner.args.append('--b')\nc.Spawner.args.extend(['--c'])",
      { 'Spawner.args': ['--a', '--b', '--c'] },
    ],
    ['an append to nothing', "c.X.y.append('a')", { 'X.y': ['a'] }],
    [
      'an update',
      "c.JupyterHub.template_vars.update({'b': 2}, d=3)",
      { 'JupyterHub.template_vars': { a: 1, b: 2, d: 3 } },
    ],
    ['an item', "c.JupyterHub.template_vars['b'] = 2", { 'JupyterHub.template_vars': { a: 1, b: 2 } }],
    ['a whole class', "c.X.update({'y': 1, 'z': 2})", { 'X.y': 1, 'X.z': 2 }],
    ['a setdefault', "c.JupyterHub.template_vars.setdefault('a', 9)", { 'JupyterHub.template_vars': { a: 1 } }],
    ['a trait that code has set before', 'c.X.y = [1]\nc.X.y += [2]\nc.X.z = c.X.y', { 'X.y': [1, 2], 'X.z': [1, 2] }],
    [
      'get_config with and without a default',
      "c.X.y = get_config('custom.list')\nc.X.z = get_config('no', 5)",
      { 'X.y': ['x'], 'X.z': 5 },
    ],
    [
      'the branch that is true',
      "if get_config('custom.on') and not False:\n  c.X.y = 1\nelif True:\n  c.X.y = 2\nelse:\n  c.X.y = 3",
      { 'X.y': 1 },
    ],
    ['the branch on one line', "if 'a' in ['b'] or 2 < 1: c.X.y = 1\nelse: c.X.y = 2", { 'X.y': 2 }],
    ['a choice', "c.X.y = 'a' if 1 == 1 else 'b'", { 'X.y': 'a' }],
    [
      'formatted texts',
      "n = 'x'\nc.X.y = f'{n}-{{}}' + '%s:%d' % (n, 5) + '{}{1}{0}'.replace('{}', '') + '{}'.format(n)",
      { 'X.y': 'x-{}x:5{1}{0}x' },
    ],
    ['methods of texts', "c.X.y = ','.join(['a', 'b']).upper().split(',')", { 'X.y': ['A', 'B'] }],
    [
      'an imported class',
      'from oauthenticator.github import GitHubOAuthenticator as G\nc.X.y = G',
      { 'X.y': 'oauthenticator.github.GitHubOAuthenticator' },
    ],
    ['a set', "c.X.y = {'a', 'b'} ; c.X.z = set()", { 'X.y': ['a', 'b'], 'X.z': [] }],
  ]
  for (const [name, code, traits] of cases) {
    test(`is found in ${name}`, () => {
      assert.deepEqual(run(code), { traits, unrunnable: [] })
    })
  }
})

describe('What has no effect', () => {
  test('is passed over: comments, texts, imports, unused functions, prints', () => {
    const code =
      '# a\n"""Words."""\nimport os, sys as s\ndef f(x):\n  return x\n\nclass A:\n  b = 1\nprint("hello")\npass\n'
    assert.deepEqual(run(code), { traits: {}, unrunnable: [] })
  })
})

describe('What cannot be run', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['a function', 'def f(s):\n  s.a = 1\nc.X.y = f', ['1: the function f']],
    ['a decorated function', '@gen.coroutine\ndef f(s):\n  yield\nc.X.y = f', ['2: the function f']],
    ['an async function', 'async def f(s):\n  pass\nc.X.y = f', ['1: the function f']],
    ['a class', '\nclass A(B):\n  def b(self):\n    pass\nc.X.y = A', ['2: the class A']],
    ['a lambda', 'c.X.y = lambda s: s.a', ['1: a function (lambda)']],
    ['a loop', 'for a in b:\n  c.X.y = a\nelse:\n  pass', ['1: a loop (for)']],
    ['a try block', 'try:\n  import a\nexcept ImportError:\n  pass\nfinally:\n  pass', ['1: a try block']],
    ['the environment', "import os\nc.X.y = os.environ['A']", ['2: the value of os.environ']],
    ['a call', "import os\nc.X.y = os.path.join('a')", ['2: the call of os.path.join()']],
    ['a comprehension', 'c.X.y = [a for a in b]', ['1: a comprehension']],
    ['an unknown name', 'c.X.y = nowhere', ['1: the name nowhere']],
    ['a slice', "c.X.y = 'abc'[1:]", ['1: a slice']],
    ['a test of something outside', 'import a\nif a.b:\n  c.X.y = 1', ['2: a test of a.b']],
    ['no Python', 'hub:\n  x: 1', ['1: the line ends too early']],
    ['a text without end', "c.X.y = 'a", ['1: a text is not closed']],
  ]
  for (const [name, code, unrunnable] of cases) {
    test(`is named: ${name}`, () => {
      assert.deepEqual(run(code), { traits: {}, unrunnable })
    })
  }

  test('does not hide what can', () => {
    assert.deepEqual(run('c.X.a = 1\nc.X.b = f()\nc.X.c = 3'), {
      traits: { 'X.a': 1, 'X.c': 3 },
      unrunnable: ['2: the name f'],
    })
  })

  test('never ends the reader, however deep', () => {
    const { unrunnable } = run(`c.X.y = ${'('.repeat(5000)}`)
    assert.deepEqual(unrunnable, ['1: it is nested too deeply'])
  })
})
