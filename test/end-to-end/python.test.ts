/** Python of an existing configuration in a real hub: who signs in, what they choose, what their server gets. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

/** A server that tells its environment. */
const server = `
import { createServer } from 'node:http'
const { port } = new URL(process.env.JUPYTERHUB_SERVICE_URL)
const { MEM_LIMIT, COURSE, ROOM, WHERE } = process.env
const told = JSON.stringify({ version: '1', MEM_LIMIT, COURSE, ROOM, WHERE })
createServer((_request, response) => response.end(told)).listen(Number(port), '127.0.0.1')
`

const config = (folder: string) => `
hub:
  config:
    JupyterHub: {admin_access: true}
    Authenticator: {allow_all: true, admin_users: [ada], enable_auth_state: true, manage_groups: true}
  extraConfig:
    10-sign-in: |
      from jupyterhub.auth import Authenticator

      class Campus(Authenticator):
          async def authenticate(self, handler, data):
              if data["password"] != "open sesame":
                  return None
              return {"name": data["username"], "groups": ["course-7"], "auth_state": {"place": "north"}}

      c.JupyterHub.authenticator_class = Campus
    20-servers: |
      from tornado import web

      async def prepare(spawner):
          if spawner.user_options.get("room") == "cellar":
              raise web.HTTPError(403, "The cellar is locked, %s.", spawner.user.name)
          auth_state = await spawner.user.get_auth_state()
          spawner.environment["WHERE"] = auth_state["place"]
          spawner.environment["COURSE"] = spawner.user.groups[0].name
          spawner.environment["ROOM"] = spawner.user_options["room"]
          spawner.mem_limit = "1G"

      c.Spawner.pre_spawn_hook = prepare
      c.Spawner.options_form = lambda spawner: f'<label>Room of {spawner.user.name} <input name="room"></label>'
      c.Spawner.options_from_form = lambda form: {"room": form["room"][0].strip()}
singleuser:
  cmd: [${process.execPath}, ${folder}/server.mjs]
  memory: {guarantee: null}
`

test('Python decides as it did in JupyterHub', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'himalia-python-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  writeFileSync(join(folder, 'server.mjs'), server)
  await using hub = await startHub({ config: config(folder) })
  const ada = new Visitor(hub.url)
  const start = (room: string) => ada.post('/hub/spawn', { room, _xsrf: ada.cookie('_xsrf') ?? '' })
  const ofAda = async () =>
    (await (await hub.api('/users/ada')).json()) as {
      groups: string[]
      servers: Record<string, { ready: boolean }>
    }

  assert.equal((await new Visitor(hub.url).signIn('ada', 'close sesame')).status, 403)
  assert.notEqual((await ada.signIn('ada', 'open sesame')).status, 403)
  assert.deepEqual((await ofAda()).groups, ['course-7'])

  assert.match((await ada.open('/hub/spawn')).text, /Room of ada <input name="room">/)
  await start(' attic ')
  await eventually('the server is ready', async () => (await ofAda()).servers['']?.ready === true)
  const told = JSON.parse((await ada.open('/user/ada/env')).text)
  const limit = String(1024 ** 3)
  assert.deepEqual(told, { version: '1', MEM_LIMIT: limit, COURSE: 'course-7', ROOM: 'attic', WHERE: 'north' })

  await hub.api('/users/ada/server', { method: 'DELETE' })
  await eventually('the server is gone', async () => (await ofAda()).servers[''] === undefined)
  await start('cellar')
  const page = await eventually('the refusal is told', async () => {
    const { text } = await ada.open('/hub/spawn-pending/ada')
    return text.includes('The cellar is locked, ada.') && text
  })
  assert.doesNotMatch(page, /Traceback|hook:\/\//)
})
