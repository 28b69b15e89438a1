import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepFollower } from './titles.ts'

const dockerfile = 'FROM x\n\n# base\nENV A=1\nUSER root\n# Programs\nRUN a \\\n  b\n# Files\nCOPY a b\nCOPY c d\n'

test('the step that began last names a failure, in the words of both kinds of builder', () => {
  const follower = stepFollower(dockerfile)

  follower.see('STEP 4/6: RUN a   b')
  assert.equal(follower.title(), 'Programs')
  follower.see('#7 [6/6] COPY c d')
  assert.equal(follower.title(), 'Files')
  follower.see('#8 [stage-1 1/6] FROM x')
  assert.equal(follower.title(), 'FROM x')
})
