/** Starts that fail: the API and the page say why, and the next start works. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, type RunningHub, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

interface Failing {
  readonly slug: string
  /** `kubespawner_override`, as YAML. */
  readonly override: string
  readonly code: string
  readonly sentence: RegExp
}

const shell = (script: string) => `cmd: ["/bin/sh", "-c", ${JSON.stringify(script)}]`

const failing: readonly Failing[] = [
  { slug: 'dies', override: shell('echo the dog ate it; exit 3'), code: 'EXITED', sentence: /exit code 3/ },
  { slug: 'missing', override: 'cmd: ["jupyterhub-nosuch"]', code: 'COMMAND_NOT_FOUND', sentence: /jupyterhub-nosuch/ },
  {
    slug: 'taken',
    override: shell('echo "the port 8888 is already in use"; exit 1'),
    code: 'PORT_TAKEN',
    sentence: /port/,
  },
  {
    slug: 'full',
    override: shell('echo "OSError: [Errno 28] No space left on device"; exit 1'),
    code: 'DISK_FULL',
    sentence: /space/,
  },
  {
    slug: 'mute',
    override: `${shell('exec sleep 600')}\n      http_timeout: 3\n      start_timeout: 3`,
    code: 'TIMEOUT',
    sentence: /3 s/,
  },
]

const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
    Authenticator:
      allow_all: true
singleuser:
  profileList:
    - display_name: good
      slug: good
      default: true
${failing.map(({ slug, override }) => `    - display_name: ${slug}\n      slug: ${slug}\n      kubespawner_override:\n        ${override.replaceAll('\n      ', '\n        ')}`).join('\n')}
`

async function start(hub: RunningHub, user: string, profile: string): Promise<void> {
  const answer = await hub.api(`/users/${user}/server`, { method: 'POST', body: JSON.stringify({ profile }) })
  assert.ok([201, 202].includes(answer.status), `${answer.status} ${await answer.text()}`)
}

/** The events of the start, to their end. */
async function events(hub: RunningHub, user: string): Promise<Record<string, unknown>[]> {
  const answer = await hub.api(`/users/${user}/server/progress`)
  const text = await answer.text()
  if (answer.status !== 200) return []
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '{}']) => JSON.parse(json) as Record<string, unknown>)
}

test('a start that fails says why, and the next start works', async (t) => {
  await using hub = await startHub({ config })

  for (const { slug, code, sentence } of failing) {
    await t.test(`${slug}: ${code}`, async () => {
      const visitor = new Visitor(hub.url)
      await visitor.signIn(slug)

      await start(hub, slug, slug)

      const last = await eventually('the start has failed', async () => {
        const final = (await events(hub, slug)).at(-1)
        return final?.failed ? final : null
      })
      const reason = last.reason as { code: string; message: string; log_tail: string[] }
      assert.equal(reason.code, code)
      assert.match(reason.message, sentence)
      const page = await visitor.open(`/hub/spawn-pending/${slug}`)
      assert.match(page.text, sentence)
      if (slug === 'dies') assert.match(page.text, /the dog ate it/, 'with the last lines of its log')
    })
  }

  await t.test('after all that, a good start is ready', async () => {
    await start(hub, 'dies', 'good')
    await eventually(
      'the server is ready',
      async () => ((await events(hub, 'dies')).at(-1)?.ready ? true : null),
      180_000,
    )
  })
})
