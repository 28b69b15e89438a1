import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HimaliaError } from '#base/errors.ts'
import { checkDockerfile } from './check.ts'

/** A recipe as it comes out of a word processor. */
const fromAGuide = `FROM quay.io/jupyter/minimal-notebook:latest
RUN pip install --no-cache-dir jupyterlab-git nbgitpuller
ENV NBGITPULLER_APP=“lab”
`

function problemOf(text: string): HimaliaError {
  try {
    checkDockerfile(text, 'Dockerfile')
  } catch (error) {
    if (error instanceof HimaliaError) return error
  }
  return assert.fail('no problem was found')
}

test('a typographic quotation mark is named with its place and what is meant', () => {
  const problem = problemOf(fromAGuide)

  assert.equal(problem.code, 'DOCKERFILE_TYPOGRAPHY')
  assert.equal(
    problem.message,
    'Dockerfile, line 3, column 21: the typographic quotation mark “ stands where " is meant.',
  )
})

for (const [line, wanted] of [
  ['RUN pip install –-upgrade pip', '-'],
  ['CMD [‘jupyter’, ‘lab’]', "'"],
  ['ENV A=1\u00a0B=2', 'a space'],
  ['RUN apt-get install —yes git', '--'],
] as const) {
  test(`${line} is refused`, () => {
    assert.equal(problemOf(`FROM x\n${line}\n`).detail.wanted, wanted)
  })
}

for (const text of [
  'FROM x\n# “a comment”\nRUN echo "it’s “fine” here"\n',
  "FROM x\nRUN echo 'l’été'\n",
  'FROM x\nRUN <<EOF\necho “in a heredoc”\nEOF\nUSER 1000\n',
  '# syntax=docker/dockerfile:1\nARG BASE=x\nFROM $BASE AS one\nRUN a && \\\n  # a comment\n  b\nFROM one\nCOPY . /x\n',
]) {
  test(`${JSON.stringify(text)} is fine`, () => {
    checkDockerfile(text, 'Dockerfile')
  })
}

test('what is no instruction, and what comes too early, is named with its line', () => {
  assert.match(problemOf('FROM x\nRUNN a\n').message, /line 2: "RUNN" is no instruction/)
  assert.match(problemOf('RUN a\n').message, /line 1: RUN stands before the first FROM/)
  assert.match(problemOf('# nothing\n').message, /there is no FROM/)
})
