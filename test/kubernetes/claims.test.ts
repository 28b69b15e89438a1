/** Volumes that older hubs made are found again, by whose they are and by every name that was ever in use. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cluster, cluster, noCluster, until } from '../cluster/index.ts'
import { Visitor } from '../harness/visitor.ts'
import { imageOf, startClusterHub } from './hub.ts'

let kubernetes: Cluster
before(async () => {
  if (noCluster === false) kubernetes = await cluster()
})

interface Old {
  readonly user: string
  readonly server?: string
  /** The name that the hub of its time gave it. */
  readonly claim: string
  /** KubeSpawner writes whose it is since 0.9. */
  readonly annotated: boolean
}

const long = 'x'.repeat(64)
const olds: readonly Old[] = [
  { user: 'ana', claim: 'claim-ana', annotated: false },
  { user: 'ben', server: 'gpu', claim: 'claim-bengpu', annotated: true },
  { user: 'cem', server: 'gpu', claim: 'claim-cem-gpu', annotated: false },
  { user: 'dag', server: 'gpu', claim: 'claim-dag--gpu', annotated: false },
  { user: 'eva', server: 'gpu', claim: 'claim-eva-2dgpu', annotated: false },
  { user: 'josé@uni.de', claim: 'claim-jos-c3-a9-40uni-2ede', annotated: false },
  { user: 'user--name', claim: 'claim-user-2d-2dname', annotated: true },
  { user: '4711', claim: 'claim-4711', annotated: false },
  { user: long, claim: `claim-${long}`, annotated: true },
  { user: 'has-hyphen', claim: 'claim-has-2dhyphen', annotated: true },
  { user: 'moved', claim: 'home-of-somebody', annotated: true },
]

test('a claim of KubeSpawner 0.x to 7.x is used again, and no second one is made', { skip: noCluster }, async () => {
  await using here = await startClusterHub(kubernetes, {
    singleuser: { image: imageOf(kubernetes.image('busybox')), cmd: ['httpd', '-f', '-p', '8888'] },
  })
  await here.space.apply(...olds.map(claimOf))

  for (const { user, server = '' } of olds) await here.start(encodeURIComponent(user), {}, server)

  await until('all pods', async () => (await podsByUser()).size === olds.length)
  const used = await podsByUser()
  for (const { user, claim } of olds) assert.equal(used.get(user), claim, user)
  const claims = await here.space.kubectl(['get', 'pvc', '--output=name'])
  assert.equal(claims.trim().split('\n').length, olds.length)

  async function podsByUser(): Promise<Map<string, string | undefined>> {
    const { items } = JSON.parse(await here.space.kubectl(['get', 'pods', '--output=json'])) as { items: PodModel[] }
    return new Map(
      items.map(({ metadata, spec }) => [
        metadata.annotations['hub.jupyter.org/username'] ?? '',
        spec.volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim)?.persistentVolumeClaim?.claimName,
      ]),
    )
  }
})

test('a claim that says that it is somebody else’s is not used, whatever its name', { skip: noCluster }, async () => {
  await using here = await startClusterHub(kubernetes, {
    singleuser: { image: imageOf(kubernetes.image('busybox')), cmd: ['httpd', '-f', '-p', '8888'] },
  })
  await here.space.apply(claimOf({ user: 'other', claim: 'claim-ana', annotated: true }))
  await here.start('ana')

  const reason = await here.failed('ana')

  assert.equal(reason.code, 'NAME_TAKEN')
  assert.match(reason.message, /belongs to other/)
})

test('a claim grows when more is asked for', { skip: noCluster }, async () => {
  const size = (display_name: string, storage_capacity: string) => ({
    display_name,
    kubespawner_override: { storage_capacity },
  })
  await using here = await startClusterHub(kubernetes, {
    singleuser: {
      image: imageOf(kubernetes.image('busybox')),
      cmd: ['httpd', '-f', '-p', '8888'],
      storage: { dynamic: { storageClass: 'growing' } },
      profileList: [size('Small', '1Gi'), size('Large', '2Gi')],
    },
  })
  const claim = (field: string) => here.space.kubectl(['get', 'pvc', 'claim-ana', `--output=jsonpath={${field}}`])
  await here.start('ana', { profile: 'small' })
  await until('the claim is bound', async () => (await claim('.status.phase').catch(() => '')) === 'Bound')
  assert.equal(await claim('.spec.resources.requests.storage'), '1Gi')
  await here.stop('ana')

  await here.start('ana', { profile: 'large' })

  await until('the claim has grown', async () => (await claim('.spec.resources.requests.storage')) === '2Gi')
})

test('what the hub knows no server for is shown to administrators, and left alone', { skip: noCluster }, async () => {
  await using here = await startClusterHub(kubernetes, { singleuser: { storage: { type: 'none' } } })
  await here.space.apply(claimOf({ user: 'gone', claim: 'claim-gone', annotated: true }))
  const visitor = new Visitor(here.hub.url)
  await here.hub.api('/users/boss', { method: 'POST', body: '{"admin": true}' })
  await visitor.signIn('boss')

  await until('the page', async () => (await visitor.open('/hub/admin')).text.includes('claim-gone'))

  assert.match(await here.space.kubectl(['get', 'pvc', '--output=name']), /claim-gone/)
})

interface PodModel {
  readonly metadata: { readonly annotations: Record<string, string> }
  readonly spec: { readonly volumes: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[] }
}

function claimOf({ user, server, claim, annotated }: Old): object {
  const who = { 'hub.jupyter.org/username': user, ...(server ? { 'hub.jupyter.org/servername': server } : {}) }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claim,
      labels: { component: 'singleuser-storage' },
      ...(annotated ? { annotations: who } : {}),
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
}
