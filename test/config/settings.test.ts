import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { defaultSettings, loadConfig, type Settings } from '../../src/config/index.ts'

async function settingsOf(text: string, mode: 'local' | 'cluster' = 'local'): Promise<Settings> {
  const { settings, problems } = await loadConfig({ text, mode })
  assert.ok(settings, problems.map((problem) => problem.message).join('\n'))
  return settings
}

describe('The settings of an empty file', () => {
  test("are the chart's where the chart has its own", () => {
    const { hub, spawner, cull } = defaultSettings()
    assert.equal(spawner.startTimeoutSeconds, 300)
    assert.equal(spawner.memGuaranteeBytes, 1024 ** 3)
    assert.equal(hub.concurrentSpawnLimit, 64)
    assert.equal(hub.cleanupServers, false)
    assert.equal(hub.lastActivityIntervalSeconds, 60)
    assert.equal(hub.slowSpawnTimeoutSeconds, 0)
    assert.deepEqual(cull, {
      enabled: true,
      timeoutSeconds: 3600,
      everySeconds: 600,
      maxAgeSeconds: 0,
      concurrency: 10,
      users: false,
      adminUsers: true,
      removeNamedServers: false,
    })
  })

  test("are JupyterHub's elsewhere", () => {
    const { hub, spawner, authenticator } = defaultSettings()
    assert.equal(hub.cookieMaxAgeDays, 14)
    assert.equal(hub.apiPageMaxLimit, 200)
    assert.deepEqual(spawner.cmd, ['jupyterhub-singleuser'])
    assert.equal(spawner.memLimitBytes, null)
    assert.equal(authenticator.allowExistingUsers, null)
  })

  test('name no authenticator on one machine, and dummy in a cluster', () => {
    assert.deepEqual(defaultSettings('local').authenticator.classes, [])
    assert.deepEqual(defaultSettings('cluster').authenticator.classes, ['dummy'])
  })
})

describe('The layers', () => {
  test('hub.config wins over the key of the chart', async () => {
    const { hub } = await settingsOf(`
hub:
  concurrentSpawnLimit: 10
  config: {JupyterHub: {concurrent_spawn_limit: 20}}
`)
    assert.equal(hub.concurrentSpawnLimit, 20)
  })

  test('a class wins over the one that it extends', async () => {
    const { authenticator, spawner } = await settingsOf(`
hub:
  config:
    JupyterHub: {authenticator_class: dummy}
    DummyAuthenticator: {admin_users: [ada]}
    Authenticator: {admin_users: [bob], allow_all: true}
    Spawner: {http_timeout: 40}
    LocalProcessSpawner: {http_timeout: 50}
`)
    assert.deepEqual(authenticator.adminUsers, ['ada'])
    assert.equal(authenticator.allowAll, true)
    assert.equal(spawner.httpTimeoutSeconds, 50)
  })

  test('a trait replaces as a whole', async () => {
    const { spawner } = await settingsOf(`
singleuser: {extraEnv: {A: '1', B: '2'}}
hub: {config: {KubeSpawner: {environment: {C: '3'}}}}
`)
    assert.deepEqual(spawner.environment, { C: '3' })
  })

  test("a null leaves the trait's own default", async () => {
    const { hub, spawner, cull } = await settingsOf(`
hub: {concurrentSpawnLimit: null}
singleuser: {startTimeout: null, memory: {guarantee: null}, cmd: null}
cull: {timeout: null}
`)
    assert.equal(hub.concurrentSpawnLimit, 100)
    assert.equal(spawner.startTimeoutSeconds, 60)
    assert.equal(spawner.memGuaranteeBytes, null)
    assert.deepEqual(spawner.cmd, ['jupyterhub-singleuser'])
    assert.equal(cull.timeoutSeconds, 600)
  })

  test('later files and overrides win, maps are merged, lists replaced', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'))
    t.after(() => rm(folder, { recursive: true }))
    const files = [join(folder, 'a.yaml'), join(folder, 'b.yaml')]
    await writeFile(files[0]!, 'hub: {baseUrl: /a, templatePaths: [x, y], templateVars: {a: 1, b: 2}}\n')
    await writeFile(files[1]!, 'hub: {templatePaths: [z], templateVars: {b: 3}, config:}\n')

    const { settings, problems } = await loadConfig({
      files,
      overrides: { 'hub.baseUrl': '/c', 'hub.templateVars.d\\.e': 4 },
    })

    assert.deepEqual(problems, [])
    assert.equal(settings?.hub.baseUrl, '/c/')
    assert.deepEqual(settings?.hub.templatePaths, ['z'])
    assert.deepEqual(settings?.hub.templateVars, { a: 1, b: 3, 'd.e': 4 })
  })

  test('a problem names the file that holds it', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'))
    t.after(() => rm(folder, { recursive: true }))
    const files = [join(folder, 'a.yaml'), join(folder, 'b.yaml'), join(folder, 'none.yaml')]
    await writeFile(files[0]!, 'hub:\n  wrong: 1\n')
    await writeFile(files[1]!, 'cull:\n  wrong: 1\n')

    const readable = await loadConfig({ files: files.slice(0, 2) })
    const missing = await loadConfig({ files })

    assert.deepEqual(
      readable.problems.map(({ file, line }) => [file, line]),
      [
        [files[0], 2],
        [files[1], 2],
      ],
    )
    assert.deepEqual(
      missing.problems.map(({ code, file }) => [code, file]),
      [['FILE_UNREADABLE', files[2]]],
    )
  })
})

describe('What a key becomes', () => {
  test('sizes, commands, variables and sets are read as JupyterHub reads them', async () => {
    const { spawner, authenticator } = await settingsOf(`
singleuser:
  memory: {limit: 1.5G, guarantee: 512Mi}
  cpu: {limit: 500m, guarantee: "2"}
  cmd: jupyter-labhub
  extraEnv: {TEXT: a, NUMBER: 4, SWITCH: yes, REFERENCE: {valueFrom: {secretKeyRef: {name: a, key: b}}}}
hub: {config: {JupyterHub: {authenticator_class: dummy}, Authenticator: {allowed_users: [a, a, b]}}}
`)
    assert.equal(spawner.memLimitBytes, 1.5 * 1024 ** 3)
    assert.equal(spawner.memGuaranteeBytes, 512 * 1024 ** 2)
    assert.equal(spawner.cpuLimit, 0.5)
    assert.equal(spawner.cpuGuarantee, 2)
    assert.deepEqual(spawner.cmd, ['jupyter-labhub'])
    assert.deepEqual(spawner.environment, { TEXT: 'a', NUMBER: '4', SWITCH: 'True' })
    assert.deepEqual(authenticator.allowedUsers, ['a', 'b'])
    assert.equal(authenticator.allowAll, false)
  })

  test('roles and services take their names from their keys', async () => {
    const { hub } = await settingsOf(`
hub:
  loadRoles: {staff: {scopes: [admin-ui], users: [ada]}, other: {name: real}}
  services: {grader: {url: "http://127.0.0.1:9000", apiToken: 0123456789abcdef, oauth_no_confirm: true}}
`)
    assert.deepEqual(hub.loadRoles, [
      { name: 'staff', description: '', scopes: ['admin-ui'], users: ['ada'], groups: null, services: null },
      { name: 'real', description: '', scopes: null, users: null, groups: null, services: null },
    ])
    assert.deepEqual(
      hub.services.map(({ name, apiToken, oauthNoConfirm, display }) => [name, apiToken, oauthNoConfirm, display]),
      [['grader', '0123456789abcdef', true, true]],
    )
  })

  test('hub.db gives the URL, with its password', async () => {
    const at = async (db: string) => (await settingsOf(`hub: {db: ${db}}`)).hub.dbUrl
    assert.equal(await at('{type: sqlite-pvc}'), null)
    assert.equal(await at('{type: sqlite-memory}'), 'sqlite:///:memory:')
    assert.equal(
      await at('{type: postgres, url: "postgresql+psycopg2://hub@db:5432/hub", password: "p@ss"}'),
      'postgresql+psycopg2://hub:p%40ss@db:5432/hub',
    )
  })

  test('base paths and public URLs end in a slash', async () => {
    const { hub } = await settingsOf('hub: {baseUrl: jupyter, config: {JupyterHub: {public_url: "https://a.org"}}}')
    assert.equal(hub.baseUrl, '/jupyter/')
    assert.equal(hub.publicUrl, 'https://a.org/')
  })
})

describe('A profile list', () => {
  const text = `
singleuser:
  profileList:
    - display_name: "GPU: A100 (40GB)"
    - display_name: Choose
      default: 'True'
      slug: own
      allowed_groups: [staff]
      kubespawner_override: {mem_limit: null, environment: {A: b}}
      profile_options:
        image:
          choices:
            old: {display_name: Old}
            new: {default: true, kubespawner_override: {image: a:b}}
          unlisted_choice: {enabled: true, display_name: Own, validation_regex: "^.+:.+$"}
        size:
          unlisted_choice: {enabled: false}
          choices: {s: {display_name: Small}, m: {display_name: Medium}}
    - display_name: Third
      default: true
`

  test('has slugs and exactly one default', async () => {
    const { profiles } = await settingsOf(text)
    assert.deepEqual(
      profiles.map(({ slug, isDefault }) => [slug, isDefault]),
      [
        ['gpu-a100-40gb', false],
        ['own', true],
        ['third', false],
      ],
    )
  })

  test('keeps overrides as they are, nulls included', async () => {
    const { profiles } = await settingsOf(text)
    assert.deepEqual(profiles[1]?.override, { mem_limit: null, environment: { A: 'b' } })
    assert.deepEqual(profiles[1]?.allowedGroups, ['staff'])
  })

  test('has options with one default choice each', async () => {
    const { profiles } = await settingsOf(text)
    const [image, size] = profiles[1]?.options ?? []
    assert.deepEqual(
      image?.choices.map(({ name, displayName, isDefault }) => [name, displayName, isDefault]),
      [
        ['old', 'Old', false],
        ['new', 'new', true],
      ],
    )
    assert.equal(image?.unlistedChoice?.displayNameInChoices, 'Other...')
    assert.equal(size?.unlistedChoice, null)
    assert.equal(size?.choices[0]?.isDefault, true)
  })

  test('may be a map through the trait, taken in the order of its keys', async () => {
    const { profiles } = await settingsOf(
      'hub: {config: {KubeSpawner: {profile_list: {b: {display_name: B}, a: {display_name: A}}}}}',
      'cluster',
    )
    assert.deepEqual(
      profiles.map(({ displayName }) => displayName),
      ['A', 'B'],
    )
  })
})
