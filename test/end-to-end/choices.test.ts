/** No way in starts what the profile's rules or the user's groups don't allow: not the form, not a link, not the API, not what was saved. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, type RunningHub, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
      load_groups:
        staff: {users: [teacher]}
    Authenticator: {allow_all: true}
singleuser:
  cmd: [sleep, "3600"]
  startTimeout: 3600
  profileList:
    - display_name: Plain
      default: true
      profile_options: &options
        size:
          choices:
            small: {kubespawner_override: {mem_limit: 1G}}
            big: {allowed_groups: [staff], kubespawner_override: {mem_limit: 900G}}
        image:
          choices:
            one: {kubespawner_override: {environment: {IMAGE: one}}}
          unlisted_choice:
            enabled: true
            validation_regex: '^good/[a-z]+:[0-9]+'
            kubespawner_override: {environment: {IMAGE: '{value}'}}
        closed:
          choices:
            a: {kubespawner_override: {environment: {A: a}}}
    - display_name: Gpu
      allowed_groups: [staff]
      kubespawner_override: {extra_resource_limits: {nvidia.com/gpu: 8}}
      profile_options: *options
`

type Options = Readonly<Record<string, unknown>>

/** What a student may not have, and some that is nonsense. */
const attempts: readonly (readonly [what: string, options: Options])[] = [
  ["another group's profile", { profile: 'gpu' }],
  ['the same in capitals', { profile: 'GPU' }],
  ['the same with a space', { profile: ' gpu' }],
  ['its name for its slug', { profile: 'Gpu' }],
  ['the same with a NUL', { profile: 'gpu\0' }],
  ['a property that each object has', { profile: '__proto__' }],
  ['a profile that does not exist', { profile: 'none' }],
  ["another group's choice", { profile: 'plain', size: 'big' }],
  ["another group's choice, the profile left out", { size: 'big' }],
  ['a choice that each object has', { profile: 'plain', size: 'constructor' }],
  ['a choice that does not exist', { profile: 'plain', size: 'huge' }],
  ['an image that does not fit', { profile: 'plain', 'image--unlisted-choice': 'evil/image:1' }],
  ['an image that does not fit, the profile left out', { 'image--unlisted-choice': 'evil/image:1' }],
  ['an image that only begins well', { profile: 'plain', 'image--unlisted-choice': 'good/image:1@evil' }],
  ['an image with a second line', { profile: 'plain', 'image--unlisted-choice': 'good/image:1\nevil' }],
  ['an image of no end', { profile: 'plain', 'image--unlisted-choice': `good/${'a'.repeat(2_000)}:1` }],
  ['a text where only choices are', { profile: 'plain', 'closed--unlisted-choice': 'b' }],
]

/** Only JSON can say these. */
const jsonOnly: readonly (readonly [what: string, options: Options])[] = [
  ['a list for a profile', { profile: ['gpu'] }],
  ['an object for a profile', { profile: { toString: 'gpu' } }],
  ['a number for a profile', { profile: 1 }],
  ['a list for a choice', { profile: 'plain', size: ['big'] }],
  ['a list for a text', { profile: 'plain', 'image--unlisted-choice': ['evil/image:1'] }],
  ['a true for a choice', { profile: 'plain', size: true }],
]

/** Keys that mean nothing here; the server that starts is the plain one. */
const harmless: readonly (readonly [what: string, options: Options])[] = [
  ['an override', { kubespawner_override: { image: 'evil' } }],
  ['a trait', { mem_limit: '900G', image: 'one' }],
  ['an override below a choice', { profile: 'plain', 'size--kubespawner_override': { mem_limit: '900G' } }],
]

const asForm = (options: Options) => {
  const { profile, ...rest } = options as Record<string, string>
  const fields = Object.entries(rest).map(([name, value]) => [`profile-option-${profile ?? 'plain'}--${name}`, value])
  return { ...(profile === undefined ? {} : { profile }), ...Object.fromEntries(fields) } as Record<string, string>
}

async function serverOf(hub: RunningHub, user: string) {
  const model = (await (await hub.api(`/users/${user}?include_stopped_servers=1`)).json()) as {
    servers: Record<string, { pending: string | null; ready: boolean; user_options: Options }>
  }
  return model.servers[''] ?? null
}

test('no request starts what its sender may not have', async (t) => {
  await using hub = await startHub({ config })
  const student = new Visitor(hub.url)
  await student.signIn('student')
  const made = await hub.api('/users/student/tokens', { method: 'POST', body: '{}' })
  const { token } = (await made.json()) as { token: string }
  const post = (body: unknown) =>
    hub.api('/users/student/server', { method: 'POST', body: JSON.stringify(body), token })

  const refused = async (what: string, status: number) => {
    assert.ok(status >= 400 && status < 500, `${what} is answered with ${status}`)
    const server = await serverOf(hub, 'student')
    assert.ok(server === null || (!server.ready && server.pending === null), what)
  }

  await t.test('by the API', async () => {
    for (const [what, options] of [...attempts, ...jsonOnly]) {
      await refused(what, (await post(options)).status)
      await refused(`${what}, wrapped`, (await post({ user_options: options })).status)
    }
  })

  /** Nothing runs, or only what everybody may have. */
  const isPlain = async (what: string) => {
    const server = await serverOf(hub, 'student')
    if (server === null || (!server.ready && server.pending === null)) return
    const { profile, size, image, ...rest } = server.user_options
    assert.deepEqual([profile, size, image, rest], ['plain', 'small', 'one', { closed: 'a' }], what)
    await hub.api('/users/student/server', { method: 'DELETE' })
    await eventually('it has stopped', async () => (await serverOf(hub, 'student'))?.pending === null)
  }

  await t.test('by the form', async () => {
    for (const [what, options] of attempts) {
      await student.open('/hub/spawn')
      await student.post('/hub/spawn', { ...asForm(options), _xsrf: student.cookie('_xsrf') ?? '' })
      await isPlain(what)
    }
  })

  await t.test('by a link', async () => {
    for (const [what, options] of attempts) {
      await student.open(`/hub/spawn?${new URLSearchParams(asForm(options))}`)
      await isPlain(what)
    }
  })

  await t.test('by keys that mean nothing', async () => {
    for (const [what, options] of harmless) {
      const answer = await post(options)
      assert.ok([201, 202, 400].includes(answer.status), what)
      if (answer.status === 400) continue
      const { user_options: picked } = (await serverOf(hub, 'student'))!
      assert.deepEqual([picked.profile, picked.size, picked.image], ['plain', 'small', 'one'], what)
      await hub.api('/users/student/server', { method: 'DELETE' })
      await eventually('it has stopped', async () => (await serverOf(hub, 'student'))?.pending === null)
    }
  })

  await t.test('by what was saved while it was allowed', async () => {
    const { status } = await hub.api('/users/teacher', { method: 'POST' })
    assert.ok([201, 409].includes(status))
    const began = await hub.api('/users/teacher/server', { method: 'POST', body: '{"profile": "gpu", "size": "big"}' })
    assert.ok([201, 202].includes(began.status), await began.text())
    assert.equal((await serverOf(hub, 'teacher'))?.user_options.size, 'big')
    await hub.api('/users/teacher/server', { method: 'DELETE' })
    await eventually('it has stopped', async () => (await serverOf(hub, 'teacher'))?.pending === null)
    await hub.api('/groups/staff/users', { method: 'DELETE', body: '{"users": ["teacher"]}' })

    const again = await hub.api('/users/teacher/server', { method: 'POST' })

    assert.ok([201, 202].includes(again.status))
    const { user_options: picked } = (await serverOf(hub, 'teacher'))!
    assert.deepEqual([picked.profile, picked.size], ['plain', 'small'])
  })
})
