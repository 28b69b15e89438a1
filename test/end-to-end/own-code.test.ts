/** Code and rules of the administrator's own in a real hub: how somebody signs in, what they choose, what their server gets. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

/** A server that tells its environment. */
const server = `
import { createServer } from 'node:http'
const { port } = new URL(process.env.JUPYTERHUB_SERVICE_URL)
const { MEM_LIMIT, COURSE, TOKEN, MAIL, GREETING, CHOSEN, PLACE } = process.env
const told = JSON.stringify({ version: '1', MEM_LIMIT, COURSE, TOKEN, MAIL, GREETING, CHOSEN, PLACE })
createServer((_request, response) => response.end(told)).listen(Number(port), '127.0.0.1')
`

const config = (folder: string, greeting: string) => `
hub:
  config:
    JupyterHub: {authenticator_class: custom}
    Authenticator: {allow_all: true, admin_users: [ada], enable_auth_state: true, manage_groups: true}
  extraConfig:
    10-sign-in: |
      export const authenticator = {
        authenticate: ({ username, password }) =>
          password === 'open sesame'
            ? {
                userName: username + '@example.org',
                groups: ['course::7', 'readers'],
                authState: { access_token: 'secret-7', user: { email: username + '@example.org' } },
              }
            : null,
      }
      export const postAuth = ({ userName }) =>
        !userName.startsWith('eve') && { userName: userName.replace(/@example\\.org$/, '') }
    20-servers: {file: servers.ts}
  extraFiles:
    form:
      mountPath: /usr/local/etc/jupyterhub/jupyterhub_config.d/form.ts
      stringData: |
        export const optionsForm = ({ name }) => '<label>Room of ' + name + ' <input name="room"></label>'
        export const optionsFromForm = ({ room }) => ({ room: room[0] })
singleuser:
  cmd: [${process.execPath}, ${folder}/server.mjs]
  memory: {guarantee: null}
  authStateEnv: {MAIL: user.email, NOTHING: user.nothing}
  overrides:
    courses: {groups: ["course::*"], kubespawner_override: {environment: {COURSE: "{group}"}, mem_limit: 1G}}
    teachers: {admins: true, kubespawner_override: {mem_limit: 2G}}
    greeting: {users: [ada], kubespawner_override: {environment: {GREETING: ${greeting}}}}
`

const servers = (folder: string) => `
import { writeFileSync } from 'node:fs'
import type { AuthStateToEnvironment, PostStop, PreSpawn } from './hooks.d.ts'

export const authStateToEnvironment: AuthStateToEnvironment = ({ access_token }) => ({ TOKEN: String(access_token) })

export const preSpawn: PreSpawn = ({ options, environment }) => {
  if (options.room === 'cellar') throw new Error('The cellar is locked.')
  return { environment: { CHOSEN: String(options.room), PLACE: environment.MAIL + ' in ' + environment.COURSE } }
}

export const postStop: PostStop = ({ user }) => writeFileSync('${folder}/stopped', user.name)
`

test("code and rules of the administrator's own decide", async (t) => {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const folder = mkdtempSync(join(tmpdir(), 'himalia-own-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  writeFileSync(join(folder, 'server.mjs'), server)
  const files = { 'servers.ts': servers(folder) }
  await using hub = await startHub({ config: config(folder, 'hello'), files })
  const ada = new Visitor(hub.url)
  const told = async (): Promise<Record<string, string>> => JSON.parse((await ada.open('/user/ada/env')).text)
  const state = async () => {
    const user = (await (await hub.api('/users/ada')).json()) as { servers: Record<string, { ready: boolean }> }
    return user.servers['']?.ready === true
  }

  await t.test('who may sign in, and as whom', async () => {
    assert.equal((await new Visitor(hub.url).signIn('ada', 'close sesame')).status, 403)
    const eve = await new Visitor(hub.url).signIn('eve', 'open sesame')
    assert.match(eve.text, /does not let eve@example.org in/)
    assert.notEqual((await ada.signIn('ada', 'open sesame')).status, 403)
    const user = (await (await hub.api('/users/ada')).json()) as { groups: string[]; admin: boolean }
    assert.deepEqual([user.groups.toSorted(), user.admin], [['course::7', 'readers'], true])
  })

  await t.test('what the spawn page asks, and what the server gets', async () => {
    assert.match((await ada.open('/hub/spawn')).text, /Room of ada <input name="room">/)
    await ada.post('/hub/spawn', { room: 'attic', _xsrf: ada.cookie('_xsrf') ?? '' })
    await eventually('the server is ready', state)
    assert.deepEqual(await told(), {
      version: '1',
      MEM_LIMIT: String(2 * 1024 ** 3),
      COURSE: 'course--7',
      TOKEN: 'secret-7',
      MAIL: 'ada@example.org',
      GREETING: 'hello',
      CHOSEN: 'attic',
      PLACE: 'ada@example.org in course--7',
    })
  })

  await t.test('what happens after a stop', async () => {
    await hub.api('/users/ada/server', { method: 'DELETE' })
    await eventually('the hook ran', async () => existsSync(join(folder, 'stopped')))
    assert.equal(readFileSync(join(folder, 'stopped'), 'utf8'), 'ada')
  })

  await t.test('a hook may refuse a start, in its own words and with its place', async () => {
    await ada.post('/hub/spawn', { room: 'cellar', _xsrf: ada.cookie('_xsrf') ?? '' })
    const failed = await eventually('the start failed', async () => {
      const events = await (await hub.api('/users/ada/server/progress')).text()
      return events.includes('"failed"') && events
    })
    assert.match(failed, /The cellar is locked\. \(preSpawn, .*servers\.ts:8:/)
  })

  await t.test('changed code counts from the next start on, and code that does not load changes nothing', async () => {
    const file = join(hub.dataDir, 'servers.ts')
    writeFileSync(file, servers(folder).replace("'The cellar is locked.'", "'The cellar is under water.'"))
    writeFileSync(join(hub.dataDir, 'config.yaml'), config(folder, 'welcome'))
    await eventually('it is taken', async () => hub.output().includes('The changed configuration is in use'))
    await ada.post('/hub/spawn', { room: 'cellar', _xsrf: ada.cookie('_xsrf') ?? '' })
    await eventually('the start failed', async () => {
      const events = await (await hub.api('/users/ada/server/progress')).text()
      return events.includes('under water')
    })
    writeFileSync(file, 'export const preSpawn = (')
    await eventually('it is refused', async () => hub.output().includes('the one before stays in use'))
    assert.match(hub.output(), /servers\.ts:1:\d+: error: This can't be loaded/)
    await ada.post('/hub/spawn', { room: 'attic', _xsrf: ada.cookie('_xsrf') ?? '' })
    await eventually('the server is ready', state)
    assert.equal((await told()).GREETING, 'welcome')
  })
})
