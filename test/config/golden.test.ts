/**
 * Files with what is said about them. Each golden file holds an input, a line `==== local` or `==== cluster`, and the
 * expected output; several outputs may follow one input. `HIMALIA_UPDATE=1` rewrites what is expected.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatProblems, loadConfig, type Mode } from '../../src/config/index.ts'

const folder = join(import.meta.dirname, 'golden')

for (const name of readdirSync(folder).sort()) {
  test(`${name.replace(/\.txt$/, '')} says what is expected`, async () => {
    const file = join(folder, name)
    const [input = '', ...sections] = readFileSync(file, 'utf8').split(/^(?===== (?:local|cluster)\n)/m)

    const actual = await Promise.all(sections.map((section) => said(input, section)))

    if (process.env.HIMALIA_UPDATE) writeFileSync(file, [input, ...actual].join(''))
    else assert.equal(actual.join(''), sections.join(''))
  })
}

async function said(input: string, section: string): Promise<string> {
  const mode = section.startsWith('==== local') ? 'local' : 'cluster'
  const { settings, problems } = await loadConfig({ text: input, mode: mode as Mode })
  const verdict = settings ? 'accepted' : 'refused'
  return `==== ${mode}\n${[...(problems.length > 0 ? [formatProblems(problems)] : []), verdict].join('\n\n')}\n\n`
}
