/** The same Python, here and in JupyterHub with KubeSpawner: the same pods, profiles and people. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { normaliseUserName } from '../../src/hub/sign-in/user-name.ts'
import { type Hub, openHub, worldOf } from './ours.ts'
import { askPeer, type Start, type Tree } from './peer.ts'
import { enters } from './visit.ts'

/** Takes the chart's own choices away, so that only the code speaks. */
const bare = {
  singleuser: {
    image: { name: 'jupyter/base', tag: '1' },
    cmd: ['jupyterhub-singleuser'],
    uid: null,
    fsGid: null,
    memory: { guarantee: null },
    extraLabels: null,
    storage: { type: 'none', capacity: null },
    cloudMetadata: { blockWithIptables: false },
  },
  scheduling: { userPods: { tolerations: [], nodeAffinity: { matchNodePurpose: 'ignore' } } },
  custom: {
    gateway: { name: 'dask', label: true },
    org: 'Example',
    blocked: ['mallory@example.org'],
    singleuserAdmin: { extraEnv: { ROLE: 'admin' }, memory: '9G' },
  },
}

const people = {
  ana: { name: 'ana', id: 1, admin: false, groups: ['course-a'] },
  bob: { name: 'bob', id: 2, admin: true, groups: [] },
  ida: { name: 'ida', id: 3, admin: false, groups: [] },
  eve: { name: 'eve', id: 4, admin: false, groups: [] },
}
const signedIn = { access_token: 'abc', user: { email: 'ana@example.org' } }

test('functions in traits do what they do in JupyterHub', async (t) => {
  const starts: readonly Start[] = [
    { user: people.ana, options: { profile: 'large' }, authState: signedIn },
    { user: people.bob, options: { profile: 'large' }, authState: null },
    { user: people.ida, options: { profile: 'small' }, authState: { access_token: 'x' } },
    { user: people.eve, options: {}, authState: null },
  ]
  const visits = ['ana@example.org', 'bob@example.org', 'guest@guests.example.org', 'mallory@example.org', 'ida']
  await compare(t, { folder: 'hooks', starts, visits })
})

test('classes that extend the spawner and the authenticator do what they do in JupyterHub', async (t) => {
  const starts: readonly Start[] = [
    {
      user: people.ana,
      options: { image: 'mine:2', repo_url: 'https://example.org/r' },
      authState: { from: 'campus' },
    },
    { user: people.bob, options: {}, authState: null },
  ]
  await compare(t, { folder: 'classes', starts, visits: ['ana-x', 'Mary.Ann', '_ana', 'root', 'ida'] })
})

interface Comparison {
  readonly folder: string
  readonly starts: readonly Start[]
  readonly visits: readonly string[]
}

async function compare(t: TestContext, { folder, starts, visits }: Comparison): Promise<void> {
  const snippets = snippetsIn(folder)
  const values = {
    ...bare,
    hub: {
      config: {
        JupyterHub: { authenticator_class: 'dummy' },
        Authenticator: { enable_auth_state: true },
        KubeSpawner: { namespace: 'default' },
      },
      extraEnv: { POD_NAMESPACE: 'default', PROXY_PUBLIC_SERVICE_HOST: '10.0.0.1' },
      extraConfig: Object.fromEntries(snippets),
    },
  }
  const { traits, values: chart, environment } = worldOf(values)
  const forms = visits.map((username) => ({ username, password: '' }))
  const job = { snippets, traits: withLists(traits), values: chart, environment, starts, visits: forms }
  const [answers, hub] = await Promise.all([askPeer(job), openHub(t, values)])

  for (const [index, start] of starts.entries()) {
    const { pod, error, profiles } = answers.starts[index] ?? { profiles: [] }
    if (error) await assert.rejects(hub.podOf(start), { message: error })
    else assert.deepEqual(comparable(await hub.podOf(start)), comparable(pod), start.user.name)
    assert.deepEqual(await profilesOf(hub, start), profiles)
  }
  for (const [index, username] of visits.entries()) {
    assert.deepEqual(await enters(hub, username, normaliseUserName), answers.visits[index], username)
  }
  assert.deepEqual(hub.settings.hub.templateVars, answers.hub.template_vars ?? {})
}

function snippetsIn(folder: string): readonly (readonly [string, string])[] {
  const path = join(import.meta.dirname, 'snippets', folder)
  return readdirSync(path)
    .sort()
    .map((name) => [name, readFileSync(join(path, name), 'utf8')])
}

/** Where the chart has no volumes, its map is empty; the peer takes the list that code of old expects. */
function withLists({ KubeSpawner, ...others }: ReturnType<typeof worldOf>['traits']) {
  const { volumes, volume_mounts, ...traits } = KubeSpawner ?? {}
  assert.deepEqual([volumes, volume_mounts], [{}, {}])
  return { ...others, KubeSpawner: { ...traits, volumes: [], volume_mounts: [] } }
}

async function profilesOf({ hooks }: Hub, { user, authState }: Start): Promise<unknown> {
  const profiles = await hooks.profileList({ ...user, userId: user.id, authState }).catch(() => null)
  if (profiles === null) return hooks.has('profileList') ? 'HTTPError' : []
  return profiles.map((profile) => profile.display_name)
}

/** The hub's own addresses, and who made it, are compared elsewhere. */
function comparable(pod: Tree): Tree {
  const { metadata, spec, ...others } = pod
  const annotations = Object.entries(metadata.annotations).filter(([name]) => !/himalia|-version$/.test(name))
  const containers = spec.containers.map((container: Tree) => ({
    ...container,
    env: container.env?.filter(({ name }: Tree) => !/^(JUPYTERHUB|JPY|JUPYTER_IMAGE)/.test(name)),
  }))
  const { namespace: _, ...named } = metadata
  return JSON.parse(
    JSON.stringify({
      ...others,
      metadata: { ...named, annotations: Object.fromEntries(annotations) },
      spec: { ...spec, containers },
    }),
  )
}
