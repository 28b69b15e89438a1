/** A configuration that changes while the hub and a server run. */
import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

interface Parts {
  readonly profiles: readonly string[]
  readonly allowed: readonly string[]
  readonly announcement?: string
  readonly baseUrl?: string
  readonly limit?: number
}

const config = ({ profiles, allowed, announcement = '', baseUrl = '/', limit = 64 }: Parts) => `
hub:
  baseUrl: ${baseUrl}
  concurrentSpawnLimit: ${limit}
  templateVars: {announcement: "${announcement}"}
  config:
    JupyterHub: {authenticator_class: dummy}
    DummyAuthenticator: {password: {file: password}}
    Authenticator: {admin_users: [ana], allowed_users: [${allowed.join(', ')}]}
singleuser:
  profileList:
${profiles.map((name) => `    - {display_name: ${name}}`).join('\n')}
`

test('a running hub takes a changed config.yaml, and keeps the one before when it is wrong', async (t) => {
  const first: Parts = { profiles: ['Statistics'], allowed: ['ana'] }
  await using hub = await startHub({ config: config(first), files: { password: 'one\n' } })
  const file = join(hub.dataDir, 'config.yaml')
  const ana = new Visitor(hub.url)
  await ana.signIn('ana', 'one')
  await hub.api('/users/ana/server', { method: 'POST', body: JSON.stringify({ profile: 'statistics' }) })
  const server = async () => {
    const { servers } = (await (await hub.api('/users/ana')).json()) as {
      servers: Record<string, { ready: boolean; state: { pid: number } }>
    }
    return servers['']?.ready ? servers[''] : null
  }
  const { state } = await eventually('the server is ready', server, 120_000)
  const timesTaken = () => hub.output().split('"The changed configuration is in use"').length
  const second: Parts = { ...first, profiles: ['Statistics', 'Geography'], allowed: ['ana', 'ben'] }

  await t.test('profiles, announcement and who may enter', async () => {
    assert.equal((await new Visitor(hub.url).signIn('ben', 'one')).status, 403)
    writeFileSync(file, config({ ...second, announcement: 'Exams on Monday' }))

    const page = await eventually('the new profile is offered', async () => {
      const { text } = await ana.open('/hub/spawn')
      return text.includes('Geography') && text
    })
    assert.match(page, /Exams on Monday/)
    assert.notEqual((await new Visitor(hub.url).signIn('ben', 'one')).status, 403)
  })

  await t.test('a file that a reference names', async () => {
    const before = timesTaken()
    writeFileSync(join(hub.dataDir, 'password'), 'two\n')
    await eventually('it was read', async () => timesTaken() > before)
    assert.equal((await new Visitor(hub.url).signIn('ben', 'two')).status, 200)
    assert.equal((await new Visitor(hub.url).signIn('ana', 'one')).status, 403)
  })

  await t.test('a wrong file changes nothing and is told on the page of administrators', async () => {
    writeFileSync(file, `${config(second)}culll: {}\n`)
    const page = await eventually('it is told', async () => {
      const { text } = await ana.open('/hub/admin')
      return text.includes('id="reload-refused"') && text
    })
    assert.match(page, /There is no key &quot;culll&quot;|There is no key "culll"/)
    assert.match(hub.output(), /The changed configuration has errors; the one before stays in use/)
    assert.match((await ana.open('/hub/spawn')).text, /Geography/)
  })

  await t.test('what needs a restart is named, and the rest taken, when the file is replaced as a whole', async () => {
    writeFileSync(`${file}.new`, config({ ...second, profiles: ['History'], baseUrl: '/lab/' }))
    renameSync(`${file}.new`, file)
    const page = await eventually('it is told', async () => {
      const { text } = await ana.open('/hub/admin')
      return text.includes('id="reload-waiting"') && text
    })
    assert.match(page, /<code>hub\.baseUrl<\/code>/)
    assert.doesNotMatch(page, /id="reload-refused"/)
    assert.match((await ana.open('/hub/spawn')).text, /History/)
  })

  await t.test('SIGHUP reads it again at once', async () => {
    const before = timesTaken()
    hub.process.kill('SIGHUP')
    await eventually('it was read', async () => timesTaken() > before)
  })

  assert.equal((await server())?.state.pid, state.pid, 'the server went on')
})
