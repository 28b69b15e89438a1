/** Unmodified `jupyterhub-singleuser` of JupyterHub 2 to 6 under one hub. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, startHub } from '../harness/hub.ts'
import { runInKernel } from '../harness/kernel.ts'
import { pythonEnvironment, singleUserVersions } from '../harness/python.ts'
import { Visitor } from '../harness/visitor.ts'

const programs = singleUserVersions.map((version) => ({
  version,
  slug: `hub-${version.replace('.', '-')}`,
  program: join(pythonEnvironment(version), 'bin', 'jupyterhub-singleuser'),
}))

const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
    Authenticator:
      allow_all: true
singleuser:
  extraEnv:
    JUPYTERHUB_ACTIVITY_INTERVAL: "2"
  profileList:
${programs
  .map(
    ({ version, slug, program }) =>
      `    - display_name: JupyterHub ${version}\n      slug: ${slug}\n      kubespawner_override: {cmd: ["${program}"]}`,
  )
  .join('\n')}
`

interface ServerModel {
  readonly ready: boolean
  readonly last_activity: string
  readonly started: string
}

test('servers of every JupyterHub from 2 to 6 work under one hub', async (t) => {
  await using hub = await startHub({ config })
  const server = async (user: string) => {
    const { servers } = (await (await hub.api(`/users/${user}`)).json()) as { servers: Record<string, ServerModel> }
    return servers[''] ?? null
  }
  const stranger = new Visitor(hub.url)
  await stranger.signIn('stranger')

  for (const { version, slug, program } of programs) {
    const user = slug
    await t.test(`JupyterHub ${version}`, async () => {
      assert.ok(existsSync(program), `${program} is set up by npm test`)
      const visitor = new Visitor(hub.url)
      await visitor.signIn(user)
      const began = await hub.api(`/users/${user}/server`, { method: 'POST', body: JSON.stringify({ profile: slug }) })
      assert.ok([201, 202].includes(began.status), await began.text())
      await eventually(`${user}'s server is ready`, async () => (await server(user))?.ready ?? false, 180_000)

      const lab = await visitor.open(`/user/${user}/lab`)
      assert.equal(lab.status, 200, 'the owner sees JupyterLab')
      assert.match(lab.text, /jupyter-config-data/)
      const refused = await stranger.open(`/user/${user}/lab`)
      assert.equal(refused.status, 403, 'another user does not')

      const made = await hub.api(`/users/${user}/tokens`, { method: 'POST', body: JSON.stringify({ note: 'test' }) })
      const { token } = (await made.json()) as { token: string }
      assert.equal((await runInKernel(`${hub.url}/user/${user}/`, token, 'print(6*7)')).trim(), '42')

      await eventually('its activity is known to the hub', async () => {
        const model = await server(user)
        return model !== null && Date.parse(model.last_activity) > Date.parse(model.started) + 1000
      })

      const stopped = await hub.api(`/users/${user}/server`, { method: 'DELETE' })
      assert.ok([202, 204].includes(stopped.status))
      await eventually('it has stopped', async () => (await server(user)) === null)
      assert.equal((await fetch(`${hub.url}/user/${user}/api/kernels`)).status, 424)
    })
  }
})
