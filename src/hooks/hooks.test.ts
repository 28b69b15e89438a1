import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { silentLog } from '#base/log.ts'
import { checkHooks } from './check.ts'
import type { HookServer } from './contract.ts'
import type { HookName } from './hook-names.ts'
import { type Hooks, openHooks } from './hooks.ts'
import type { HookSource } from './source.ts'

const server: HookServer = {
  user: { name: 'ada', admin: false, groups: ['staff'] },
  name: '',
  options: {},
  authState: null,
}

function source(name: string, code: string): HookSource {
  return { name, code, path: name, at: { file: 'config.yaml', line: 10, column: 4 } }
}

const missing = 'left-pad'
const open: Hooks[] = []
after(() => Promise.all(open.map((hooks) => hooks.close())))

function hooks(sources: readonly HookSource[], names: readonly HookName[], timeoutSeconds = 20): Hooks {
  const made = openHooks(() => ({ sources, names, timeoutSeconds }), silentLog)
  open.push(made)
  return made
}

const found = async (...sources: HookSource[]) =>
  (await checkHooks({ sources, timeoutSeconds: 20 })).problems.map(
    ({ place, message }) => `${place.source.name}:${place.line}:${place.column} ${message}`,
  )

describe('Hooks', () => {
  test('run one after the other, and each sees what the ones before changed', async () => {
    const mine = hooks(
      [
        source(
          'a.ts',
          `export const preSpawn = async (server: { user: { name: string } }) => ({ environment: { WHO: server.user.name } })`,
        ),
        source(
          'b.ts',
          `export function preSpawn({ environment }) { return { environment: { TWICE: environment.WHO + environment.WHO, GONE: null }, override: { mem_limit: '2G' } } }`,
        ),
      ],
      ['preSpawn'],
    )

    assert.deepEqual(await mine.preSpawn(server, { GONE: 'x' }), [
      { environment: { WHO: 'ada' } },
      { environment: { TWICE: 'adaada', GONE: null }, override: { mem_limit: '2G' } },
    ])
  })

  test('may change the pod that they are given', async () => {
    const mine = hooks(
      [source('a.js', `export const modifyPod = (pod) => { pod.spec.hostNetwork = true }`)],
      ['modifyPod'],
    )
    assert.deepEqual(await mine.modifyPod({ spec: {} }, server), { spec: { hostNetwork: true } })
  })

  test('that throw are told with their sentence and their place', async () => {
    const mine = hooks(
      [source('a.ts', `export const preSpawn = () => {\n  throw new Error('No GPU is free.')\n}`)],
      ['preSpawn'],
    )
    await assert.rejects(mine.preSpawn(server, {}), {
      code: 'HOOK_FAILED',
      message: 'No GPU is free. (preSpawn, config.yaml:11:13)',
    })
  })

  test('that never end are ended, and what else was under way is done all the same', async () => {
    const code = `export const preSpawn = async ({ user }) => {
      if (user.name === 'eve') for (;;) {}
      return { environment: { WHO: user.name } }
    }
    export const postStop = () => new Promise(() => {})`
    const mine = hooks([source('a.ts', code)], ['preSpawn', 'postStop'], 1)

    const stuck = mine.preSpawn({ ...server, user: { ...server.user, name: 'eve' } }, {})
    const innocent = mine.preSpawn(server, {})

    await assert.rejects(stuck, { code: 'HOOK_TIMEOUT' })
    await innocent.catch((error) => assert.equal(error.code, 'HOOK_TIMEOUT'))
    assert.deepEqual(await mine.preSpawn(server, {}), [{ environment: { WHO: 'ada' } }])
    await assert.rejects(mine.postStop(server), { code: 'HOOK_TIMEOUT' })
  })

  test('that end their thread end nothing else', async () => {
    const mine = hooks([source('a.ts', `export const postStop = () => process.exit(3)`)], ['postStop'])
    await assert.rejects(mine.postStop(server), { code: 'HOOK_FAILED' })
    await assert.rejects(mine.postStop(server), { code: 'HOOK_FAILED' })
  })

  test('that give something else are refused', async () => {
    const mine = hooks(
      [source('a.ts', `export const preSpawn = () => ({ env: {} })\nexport const profileList = () => 'none'`)],
      ['preSpawn', 'profileList'],
    )
    await assert.rejects(mine.preSpawn(server, {}), { code: 'HOOK_RESULT' })
    await assert.rejects(mine.profileList(server.user), { code: 'HOOK_RESULT' })
  })

  test('are those of the code as it is now', async () => {
    let word = 'one'
    const code = () => ({
      sources: [source('a.ts', `export const optionsForm = () => '${word}'`)],
      names: ['optionsForm' as const],
      timeoutSeconds: 20,
    })
    const mine = openHooks(code, silentLog)
    open.push(mine)
    assert.equal(await mine.optionsForm(server.user), 'one')
    word = 'two'
    assert.equal(await mine.optionsForm(server.user), 'two')
  })

  test('decide who somebody is, or that they are refused', async () => {
    const identity = {
      issuer: 'x',
      userName: 'ada@a.org',
      isAdmin: null,
      groups: null,
      attributes: {},
      authState: null,
    }
    const mine = hooks(
      [
        source(
          'a.ts',
          `export const postAuth = ({ userName }) => userName.endsWith('@a.org') && { userName: userName.split('@')[0] }`,
        ),
        source('b.ts', `export const postAuth = () => undefined`),
      ],
      ['postAuth'],
    )
    assert.deepEqual(await mine.postAuth(identity), { ...identity, userName: 'ada' })
    assert.equal(await mine.postAuth({ ...identity, userName: 'eve@b.org' }), null)
  })
})

describe('The check', () => {
  test('finds nothing wrong with good code, and its hooks', async () => {
    const sources = [
      source('lib.ts', `export const answer: number = 42`),
      source(
        'a.ts',
        `import { answer } from './lib.ts'\nimport type { PreSpawn } from './hooks.d.ts'\nexport const preSpawn: PreSpawn = () => ({ environment: { A: String(answer) } })`,
      ),
    ]
    assert.deepEqual(await checkHooks({ sources, timeoutSeconds: 20 }), { problems: [], names: ['preSpawn'] })
  })

  const wrong: readonly (readonly [name: string, code: string, said: RegExp])[] = [
    ['what is no code', 'export const a = 1\nexport function (\n', /^a\.ts:2:\d+ This can't be loaded: /],
    [
      'what throws',
      `\nconst nothing: any = undefined\nexport const preSpawn = nothing.x.y`,
      /^a\.ts:3:33 This can't be loaded: Cannot read/,
    ],
    ['an enum', 'export enum A { b }', /^a\.ts:1:\d+ .*enum is not supported/],
    ['a package', `import x from '${missing}'\nexport const preSpawn = x`, /Cannot find package 'left-pad'/],
    [
      'a file that is not there',
      `import x from './none.ts'\nexport const preSpawn = x`,
      /There is no file none\.ts among yours\./,
    ],
    [
      'a hook by another name',
      'export const preSpwan = () => {}',
      /^a\.ts:1:1 "preSpwan" is exported, but there is no such hook\./,
    ],
    ['a hook that is no function', 'export const preSpawn = {}', /^a\.ts:1:1 "preSpawn" must be a function\./],
    ['no hook at all', 'const preSpawn = () => {}', /exports nothing/],
  ]
  for (const [name, code, said] of wrong)
    test(`finds ${name}`, async () => {
      const problems = await found(source('a.ts', code))
      assert.equal(problems.length, 1, problems.join('\n'))
      assert.match(problems[0]!, said)
    })

  test('finds a hook of which there can be only one', async () => {
    const both = [
      source('a.ts', 'export const optionsForm = () => ""'),
      source('b.ts', 'export const optionsForm = () => ""'),
    ]
    assert.deepEqual(await found(...both), ['b.ts:1:1 "optionsForm" is exported by a.ts, too; there can be only one.'])
  })

  test('finds a hook that Python has, too', async () => {
    const sources = [source('a.ts', 'export const optionsForm = () => ""\nexport const postStop = () => {}')]
    const { problems } = await checkHooks({ sources, timeoutSeconds: 20 }, ['optionsForm', 'postStop'])
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['"optionsForm" is in Python, too; there can be only one.'],
    )
  })

  test('comes back when the code does not', async () => {
    const { problems } = await checkHooks({ sources: [source('a.ts', 'for (;;) {}')], timeoutSeconds: 1 })
    assert.match(problems[0]!.message, /did not end within 1 s/)
  })
})
