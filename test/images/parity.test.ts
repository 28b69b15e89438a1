/** The same repositories given to repo2docker from PyPI: it has to choose as we do. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { environmentPath } from '../../tools/setup/python.js'
import { fixtures } from './fixtures.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { planOf } from './plans.ts'

type Choice = [buildpack: string, python: string | null] | { error: string }

/** Files that it does not know, and what it does without them. */
const ours = ['pixi/lock', 'r/renv', 'pyproject/uv-lock']
/** It finds these mistakes only later, or not at all. */
const foundEarlier = ['julia/require', 'r/old', 'venv/hostile-apt', 'venv/unknown-python']

const top = temporaryFolder()
const compared = fixtures.filter(({ name }) => !ours.includes(name) && !foundEarlier.includes(name))
const folders = new Map(
  compared.map(({ name, files }) => [name, writeFiles(mkdtempSync(join(top, 'repository-')), files)]),
)
const python = join(environmentPath('repo2docker'), 'bin', 'python')
const choices = JSON.parse(
  execFileSync(python, [join(import.meta.dirname, 'parity.py'), ...folders.values()], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as Record<string, Choice>

for (const { name, error } of compared) {
  test(`repo2docker chooses for ${name} as we do`, async () => {
    const folder = folders.get(name)!
    const theirs = choices[folder]!
    if (error) return assert.ok('error' in theirs, JSON.stringify(theirs))

    const plan = await planOf(folder)

    assert.ok(Array.isArray(theirs), JSON.stringify(theirs))
    assert.equal(plan.buildpack, theirs[0])
    const steps = plan.kind === 'stages' ? plan.stages.flatMap((stage) => stage.steps) : []
    const titles = steps.flatMap((step) => (step.do === 'run' ? [step.title] : []))
    const [, version] =
      titles.map((title) => /^(?:The kernel's|Jupyter on) Python (\S+)$/.exec(title)).findLast((match) => match) ?? []
    if (theirs[1] && version) assert.equal(version, theirs[1])
  })
}
