/** Damaged files: whatever happens to a file, there is an answer about it, and never a crash. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblems, loadConfig } from '../../src/config/index.ts'

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
