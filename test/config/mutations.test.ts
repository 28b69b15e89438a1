/** Damaged files: whatever happens to a file, there is an answer about it, and never a crash. */
import assert from 'node:assert/strict'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { formatProblems, loadConfig, type Problem } from '../../src/config/index.ts'

const sample = `# A class of forty.
hub:
  baseUrl: /jupyter/
  allowNamedServers: true
  config:
    JupyterHub:
      authenticator_class: native
    Authenticator:
      admin_users: [ada, grace]
      allow_all: true
  services:
    grader:
      url: http://127.0.0.1:9000
      apiToken: 0123456789abcdef
  loadRoles:
    staff:
      scopes: [admin-ui, "list:users"]
      users:
        - ada
  templateVars: &vars
    announcement: "Exam on Friday"
singleuser:
  memory: {limit: 2G, guarantee: 512M}
  extraEnv:
    <<: *vars
    EDITOR: nano
  profileList:
    - display_name: Small
      description: >
        For reading.
      default: true
    - display_name: Large
      kubespawner_override:
        mem_limit: 8G
        environment: {SIZE: large}
      profile_options:
        image:
          choices:
            a: {display_name: A, kubespawner_override: {image: "x:1"}}
            b: {display_name: B}
cull:
  timeout: 1800
`

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state
  }
}

type Damage = (text: string, at: number) => string
const damages: Readonly<Record<string, Damage>> = {
  'a character removed': (text, at) => text.slice(0, at) + text.slice(at + 1),
  'a character doubled': (text, at) => text.slice(0, at) + text[at] + text.slice(at),
  'a tab': (text, at) => `${text.slice(0, at)}\t${text.slice(at)}`,
  'a quote': (text, at) => `${text.slice(0, at)}"${text.slice(at)}`,
  'a bracket': (text, at) => `${text.slice(0, at)}[${text.slice(at)}`,
  'a colon': (text, at) => `${text.slice(0, at)}: ${text.slice(at)}`,
  'a dash': (text, at) => `${text.slice(0, at)}- ${text.slice(at)}`,
  'an alias': (text, at) => `${text.slice(0, at)}*x ${text.slice(at)}`,
  'a space': (text, at) => `${text.slice(0, at)} ${text.slice(at)}`,
  'a line lost': (text, at) => text.replace(lineAt(text, at), ''),
  'a line twice': (text, at) => text.replace(lineAt(text, at), (line) => line + line),
  'a line indented': (text, at) => text.replace(lineAt(text, at), (line) => `  ${line}`),
  'a line outdented': (text, at) => text.replace(lineAt(text, at), (line) => line.replace(/^ {2}/, '')),
  'a huge number': (text, at) => text.replace(lineAt(text, at), (line) => line.replace(/: .*/, `: ${'9'.repeat(40)}`)),
  'a list for a value': (text, at) => text.replace(lineAt(text, at), (line) => line.replace(/: .*/, ': [1, [2]]')),
  'a map for a value': (text, at) => text.replace(lineAt(text, at), (line) => line.replace(/: .*/, ': {a: {b: c}}')),
  'a null for a value': (text, at) => text.replace(lineAt(text, at), (line) => line.replace(/: .*/, ': null')),
  'the rest lost': (text, at) => text.slice(0, at),
}

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  return text.slice(start, text.indexOf('\n', at) + 1 || undefined)
}

test('the sample itself is fine', async () => {
  const { settings, problems } = await loadConfig({ text: sample, mode: 'cluster' })
  assert.deepEqual(problems, [])
  assert.equal(settings?.profiles.length, 2)
})

for (const [name, damage] of Object.entries(damages)) {
  test(`${name} at any place gives settings or an error`, async () => {
    const random = numbers(name.length * 7919)
    for (let round = 0; round < 30; round += 1) {
      const text = damage(sample, random.next().value % sample.length)

      const { settings, problems } = await loadConfig({ text })

      const hasError = problems.some(({ severity }) => severity === 'error')
      assert.equal(settings === null, hasError, text)
      assert.ok(!formatProblems(problems).includes('0123456789abcdef'), text)
      for (const { message } of problems)
        assert.ok(message.length > 10 && !/undefined|NaN|\[object/.test(message), message)
    }
  })
}

/** Lines of the sample that begin with a key of the schema, with what is said when something of the line is wrong. */
const lines = sample.split('\n')
const keyed = lines.flatMap((line, index) => {
  const [, indent = '', key = '', value = ''] = /^( *)(?:- )?([A-Za-z_]{4,}): ?(.*)$/.exec(line) ?? []
  const isOwn = /^(vars|grader|staff|image|small|large|editor|size|announcement)$/i.test(key)
  return key === '' || isOwn ? [] : [{ line, index, indent, key, value }]
})
const leaves = keyed.filter(({ value, key }) => /^[\w/"]/.test(value) && !/^(apiToken|description)$/.test(key))
const numeric = keyed.filter(({ key }) => key === 'timeout')

/** Another value of the same kind. */
function another(value: string): string {
  if (/^(true|false)$/.test(value)) return value === 'true' ? 'false' : 'true'
  if (/^\d+$/.test(value)) return '77'
  return value === 'native' ? 'dummy' : value === '8G' ? '9G' : '"another"'
}

async function problemsOf(index: number, ...changed: readonly string[]): Promise<readonly Problem[]> {
  const { settings, problems } = await loadConfig({
    text: lines.toSpliced(index, 1, ...changed).join('\n'),
    mode: 'cluster',
  })
  assert.equal(
    settings === null,
    problems.some(({ severity }) => severity === 'error'),
  )
  return problems
}

function assertOne(
  problems: readonly Problem[],
  { index, code, says }: { index: number; code: RegExp; says?: string },
): void {
  const said = formatProblems(problems)
  assert.equal(problems.length, 1, said)
  const [only] = problems as [Problem]
  assert.match(only.code, code, said)
  assert.equal(only.line, index + 1, said)
  if (says !== undefined) assert.ok(said.includes(says), said)
}

describe('One mistake gives one message, in its line', () => {
  for (const { line, index, key } of keyed) {
    const at = key.length >> 1
    const slips = {
      'a letter missing': key.slice(0, at) + key.slice(at + 1),
      'a letter twice': key.slice(0, at) + key[at] + key.slice(at),
      'two letters swapped': key.slice(0, at - 1) + key[at] + key[at - 1] + key.slice(at + 1),
      'another case': key.toUpperCase(),
    }
    for (const [slip, written] of Object.entries(slips)) {
      if (written === key) continue
      test(`${slip}: ${written}`, async () => {
        const problems = await problemsOf(index, line.replace(key, written))
        const own = problems.filter((one) => one.line === index + 1)
        assert.equal(own.length, 1, formatProblems(problems))
        const isClass = /^[A-Z]/.test(key)
        // What stood below a class that there isn't may be missed elsewhere; else nothing more is said.
        if (!isClass && problems.length > 1)
          assert.ok(
            problems.every(({ code }) => /UNKNOWN|NO_ALLOW|NAMELESS|MISSPELT/.test(code)),
            formatProblems(problems),
          )
        assert.ok(formatProblems(own).includes(key), formatProblems(own))
      })
    }
  }

  for (const { line, index, key, value } of leaves) {
    test(`a list for ${key}`, async () => {
      const problems = await problemsOf(index, line.replace(value, '[[1]]'))
      assertOne(problems, { index, code: /^VALUE_(TYPE|RANGE)$/ })
    })

    test(`${key} twice`, async () => {
      const again = `${line.replace(/^( *)- /, '$1  ').replace(value, another(value))}`
      assertOne(await problemsOf(index, line, again), {
        index: index + 1,
        code: /^YAML_DUPLICATE_KEY$/,
        says: `line ${index + 1}`,
      })
    })

    test(`${key} indented with a tab`, async () => {
      const tabbed = line.replace(/^ {2}/, '\t')
      if (tabbed !== line) assertOne(await problemsOf(index, tabbed), { index, code: /^YAML_TAB$/ })
    })

    test(`${key} without its colon`, async () => {
      const problems = await problemsOf(index, line.replace(`${key}:`, key))
      assert.equal(problems.filter(({ severity }) => severity === 'error').length, 1, formatProblems(problems))
    })
  }

  for (const { line, index, value } of numeric)
    test(`a number too large for ${line.trim()}`, async () => {
      assertOne(await problemsOf(index, line.replace(value, '9'.repeat(30))), { index, code: /^NUMBER_IMPRECISE$/ })
    })
})

describe('Files that are none', () => {
  const only = async (content: string | { readonly files: readonly string[] }, code: RegExp) => {
    const { settings, problems } = await loadConfig(typeof content === 'string' ? { text: content } : content)
    assert.equal(settings, null)
    assert.equal(problems.length, 1, formatProblems(problems))
    assert.match(problems[0]!.code, code)
  }

  test('binary', () => only(`hub:\n\u0000\u0001\u0002: x\n`, /^FILE_NOT_TEXT$/))
  test('brackets without end', () => only('['.repeat(50_000), /^YAML_/))
  test('maps a thousand levels deep', () =>
    only(Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /^YAML_TOO_DEEP$/))
  test('a billion laughs', () => {
    const laughs = Array.from({ length: 10 }, (_, index) => {
      const inner = index === 0 ? 'lol' : `*l${index - 1}`
      return `  l${index}: &l${index} [${Array(9).fill(inner).join(', ')}]`
    })
    return only(`custom:\n${laughs.join('\n')}\n`, /^YAML_TOO_MANY_VALUES$/)
  })
  test('an anchor in itself', () => only('custom: &a\n  b: *a\n', /^YAML_ALIAS_LOOP$/))
  test('a list', () => only('- hub\n- singleuser\n', /^YAML_NOT_A_MAP$/))

  test('50 MB', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'))
    t.after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'large.yaml')
    await using handle = await open(file, 'w')
    // A hole in a file takes no room on the disk.
    await handle.truncate(50 * 1024 ** 2)
    await only({ files: [file] }, /^YAML_TOO_LARGE$/)
  })
})
