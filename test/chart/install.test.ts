/** A new user's hour on a real cluster: install, sign in, start a server, change things, upgrade, go back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cluster, createWorkspace, noCluster } from '../cluster/index.ts'
import { root } from '../cluster/paths.ts'
import { run, until } from '../cluster/run.ts'
import { Visitor } from '../harness/visitor.ts'
import { imagesOf, registryOf, releaseIn } from './release.ts'

test('a release is installed, used, upgraded by Helm 4 and rolled back; servers, claims and sessions stay', {
  skip: noCluster,
}, async (t) => {
  const kubernetes = await cluster()
  const registry = registryOf(kubernetes)
  assert.ok(registry, 'HIMALIA_TEST_REGISTRY names a registry to push to')
  const { hub, proxy } = await imagesOf(registry)
  await using space = await createWorkspace(kubernetes)
  // What is admitted there asks for no privileges.
  await kubernetes.kubectl(['label', 'namespace', space.name, 'pod-security.kubernetes.io/enforce=restricted'])
  const release = releaseIn(space, kubernetes.kubeconfig)
  const [name = '', tag = ''] = kubernetes.image('user').split(':')
  const values = (image: { name: string; tag: string }, announcement: string) => ({
    hub: {
      image: hub,
      config: {
        JupyterHub: { authenticator_class: 'dummy' },
        DummyAuthenticator: { password: 'sesame' },
        KubeSpawner: { container_security_context: { capabilities: { drop: ['ALL'] } } },
      },
      templateVars: { announcement },
    },
    proxy: { chp: { image: proxy }, service: { type: 'ClusterIP' } },
    singleuser: {
      image,
      cloudMetadata: { blockWithIptables: false },
      memory: { guarantee: '64M' },
      storage: { capacity: '1Gi' },
      extraPodConfig: { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
    },
    prePuller: { continuous: { enabled: false } },
  })

  await release.upgrade(values({ name, tag }, 'first'))
  const origin = `http://${await release.field('service/proxy-public', 'spec.clusterIP')}`
  const ana = new Visitor(origin)
  assert.match((await ana.signIn('ana', 'sesame')).url, /\/hub\//)
  await ana.open('/hub/spawn/ana')
  const status = async () => (await ana.request('/user/ana/api/status')).status
  await until("ana's server", async () => [200, 403].includes(await status()), { timeoutMs: 240_000 })
  const podsOf = (component: string) =>
    space.kubectl(['get', 'pods', `--selector=component=${component}`, '--output=jsonpath={.items[*].metadata.uid}'])
  const facts = async () => ({
    pod: await release.field('pod/jupyter-ana', 'metadata.uid'),
    home: await release.field('pvc/claim-ana', 'metadata.uid'),
    database: await release.field('pvc/hub-db-dir', 'metadata.uid'),
    secrets: await release.field('secret/hub-generated', 'metadata.uid'),
    hubs: await podsOf('hub'),
    proxies: await podsOf('proxy'),
  })
  const before = await facts()

  await t.test('the doctor finds nothing, from outside and from inside', async () => {
    const words = ['src/cli/main.ts', 'doctor', '--namespace', space.name]
    const outside = await run([process.execPath, ...words], { cwd: root, env: { KUBECONFIG: kubernetes.kubeconfig } })
    const inside = await space.kubectl(['exec', 'deployment/hub', '--', 'himalia', 'doctor', '--format=json'])

    assert.match(outside, /hub {6}1 of 1 ready[\s\S]*servers {2}1 of 1 ready[\s\S]*Nothing is wrong\./)
    assert.deepEqual(JSON.parse(inside).findings, [])
    assert.doesNotMatch(inside, /routes of the proxies/)
  })

  await t.test('an upgrade changes the image for the next start, and nothing that runs', async () => {
    await release.upgrade(values({ name: kubernetes.image('user-old').split(':')[0]!, tag: '2.3' }, 'second'), 'helm4')

    assert.deepEqual(await facts(), before)
    assert.match((await until('the hub', () => seen('/hub/home', /second/))).text, /A newer environment is ready\./)
    assert.ok([200, 403].includes(await status()))
  })

  await t.test('going back is as quiet', async () => {
    await release.rollback(1, 'helm4')

    assert.deepEqual(await facts(), before)
    assert.match((await until('the hub', () => seen('/hub/home', /first/))).text, /ana/)
  })

  async function seen(path: string, text: RegExp) {
    const page = await ana.open(path)
    return page.status === 200 && text.test(page.text) ? page : null
  }
})
