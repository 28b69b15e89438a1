import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpawnerSettings } from '#config'
import { serverClient } from '../oauth/server-client.ts'
import { type EnvironmentFacts, serverCommand, serverEnvironment } from './environment.ts'
import { groupOverrides, runSettings } from './run-settings.ts'

// Safe: what a run reads is here.
const configured = {
  cmd: ['jupyterhub-singleuser'],
  args: [],
  defaultUrl: '/lab',
  notebookDir: '',
  environment: { CLASS: 'of {username}', JSON: '{"a": 1}' },
  memLimitBytes: 1024 ** 3,
  memGuaranteeBytes: null,
  cpuLimit: 2,
  cpuGuarantee: 0.5,
  startTimeoutSeconds: 60,
  httpTimeoutSeconds: 30,
  debug: false,
  disableUserConfig: false,
  oauthClientAllowedScopes: [],
  serverTokenScopes: [],
} as unknown as SpawnerSettings

function facts(given: Partial<EnvironmentFacts> = {}): EnvironmentFacts {
  const { userName = 'ada', serverName = '', baseUrl = '/', run = runSettings(configured, []) } = given
  return {
    userName,
    serverName,
    token: 'secret',
    client: serverClient({ base: baseUrl, userName, serverName, allowedScopes: [] }),
    listenUrl: 'http://127.0.0.1:40123',
    baseUrl,
    apiUrl: 'http://127.0.0.1:8000/hub/api',
    publicUrl: null,
    cookieHostPrefixEnabled: false,
    ...given,
    run,
  }
}

test('a default server finds all that the contract names', () => {
  assert.deepEqual(serverEnvironment(facts()), {
    JUPYTERHUB_API_TOKEN: 'secret',
    JPY_API_TOKEN: 'secret',
    JUPYTERHUB_CLIENT_ID: 'jupyterhub-user-ada',
    JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED: '0',
    JUPYTERHUB_HOST: '',
    JUPYTERHUB_OAUTH_CALLBACK_URL: '/user/ada/oauth_callback',
    JUPYTERHUB_OAUTH_ACCESS_SCOPES: '["access:servers!server=ada/","access:servers!user=ada"]',
    JUPYTERHUB_OAUTH_SCOPES: '["access:servers!server=ada/","access:servers!user=ada"]',
    JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES: '[]',
    JUPYTERHUB_USER: 'ada',
    JUPYTERHUB_SERVER_NAME: '',
    JUPYTERHUB_API_URL: 'http://127.0.0.1:8000/hub/api',
    JUPYTERHUB_ACTIVITY_URL: 'http://127.0.0.1:8000/hub/api/users/ada/activity',
    JUPYTERHUB_BASE_URL: '/',
    JUPYTERHUB_SERVICE_PREFIX: '/user/ada/',
    JUPYTERHUB_SERVICE_URL: 'http://127.0.0.1:40123/user/ada/',
    JUPYTERHUB_PUBLIC_URL: '',
    JUPYTERHUB_PUBLIC_HUB_URL: '',
    MEM_LIMIT: '1073741824',
    CPU_LIMIT: '2.0',
    CPU_GUARANTEE: '0.5',
    JUPYTERHUB_DEFAULT_URL: '/lab',
    CLASS: 'of ada',
    JSON: '{"a": 1}',
  })
})

test('names are quoted in paths and raw in words', () => {
  const given = facts({ userName: 'ada l@x.org', serverName: 'gpu', baseUrl: '/jupyter/' })
  const environment = serverEnvironment(given)
  assert.equal(environment.JUPYTERHUB_SERVICE_PREFIX, '/jupyter/user/ada%20l@x.org/gpu/')
  assert.equal(environment.JUPYTERHUB_USER, 'ada l@x.org')
  assert.match(environment.JUPYTERHUB_ACTIVITY_URL ?? '', /users\/ada%20l@x.org\/activity$/)
})

test('a public URL tells servers where browsers see them', () => {
  const environment = serverEnvironment(facts({ publicUrl: 'https://hub.example.org/jupyter/', baseUrl: '/jupyter/' }))
  assert.equal(environment.JUPYTERHUB_HOST, 'https://hub.example.org')
  assert.equal(environment.JUPYTERHUB_PUBLIC_URL, 'https://hub.example.org/jupyter/user/ada/')
  assert.equal(environment.JUPYTERHUB_PUBLIC_HUB_URL, 'https://hub.example.org/jupyter/hub/')
})

test('configured variables win over the hub', () => {
  const run = runSettings(configured, [{ environment: { JUPYTERHUB_HOST: 'mine' } }])
  assert.equal(serverEnvironment(facts({ run })).JUPYTERHUB_HOST, 'mine')
})

test('later overrides win, a null takes a variable away, and what is of other spawners is passed over', () => {
  const run = runSettings(configured, [
    { mem_limit: '2G', environment: { CLASS: null, KEEP: 'a' }, image: 'x' },
    { mem_limit: '512Mi', cpu_limit: '500m', cmd: 'start-{username}', args: ['--all'], environment: { N: 3 } },
  ])
  assert.equal(run.memLimitBytes, 512 * 1024 ** 2)
  assert.equal(run.cpuLimit, 0.5)
  assert.deepEqual(run.environment, { JSON: '{"a": 1}', KEEP: 'a', N: '3' })
  assert.deepEqual(serverCommand(facts({ run })), ['start-ada', '--all'])
})

test('a profile value of the wrong type is refused by name', () => {
  assert.throws(() => runSettings(configured, [{ mem_limit: 'lots' }]), {
    code: 'PROFILE_UNUSABLE',
    message: /mem_limit/,
  })
})

test('overrides of groups are for their members, in the order of their names', () => {
  const overrides = {
    b: { groups: ['class'], spawner_override: { cpu_limit: 2 } },
    a: { groups: ['class', 'x'], spawner_override: { cpu_limit: 1 } },
    c: { groups: ['staff'], spawner_override: { cpu_limit: 3 } },
  }
  assert.deepEqual(groupOverrides(overrides, ['class']), [{ cpu_limit: 1 }, { cpu_limit: 2 }])
})
