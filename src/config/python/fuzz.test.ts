/** Damaged code: whatever a snippet holds, running it ends, and never with an exception. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runPython } from './run.ts'

const sample = `import os
from a.b import (C, D as E)
x = {'a': [1, 2, (3,)], "b": f"{x}-{y:>2}", **z}
c.Spawner.args += ['--a'] if not x else []
c.X.y.update({'a': 1}, b=2)
if get_config('custom.x') and (1 < 2 or True):
    c.X.z = """a
b"""
elif 3 in [1, 2, 3]: c.X.w = lambda a, b=1: a
else:
    for i in range(3):
        print(i)
@decorated(1)
async def f(a, *b, **c) -> int:
    try:
        yield a[1:2]
    except E as e:
        raise
class A(B):
    pass
c.X.v = '%s' % x['a'][0] + 'b'.format(1).upper()
`

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state
  }
}

const pieces = [
  '',
  '(',
  ')',
  '[',
  '}',
  '"',
  "'''",
  ':',
  '\n',
  '\n    ',
  '=',
  '\\',
  '\t',
  ' if ',
  ' for ',
  'f"{',
  '\u0000',
  '@',
  '**',
]

test('damaged code is answered, too', () => {
  const random = numbers(7)
  const next = (below: number) => random.next().value % below
  for (let round = 0; round < 2000; round += 1) {
    const at = next(sample.length)
    const code = sample.slice(0, at) + pieces[next(pieces.length)] + sample.slice(at + next(4))

    const scope = { names: new Map(), traits: new Map(), trait: () => undefined, config: () => undefined }
    const { unrunnable } = runPython(code, scope)

    for (const { what, line } of unrunnable) assert.ok(what.length > 0 && line >= 0, code)
  }
})
