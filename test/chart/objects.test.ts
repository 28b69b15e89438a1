/** Which objects the chart makes, and that an upgrade from z2jh finds its own: names, selectors, labels, claims. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { helms, helmTemplate, noHelm, type Rendered, rendered } from './helm.ts'

const own = { app: 'jupyterhub', release: 'hub' }

/** z2jh 4's, without what has no part here: its scheduler, its hook, its ConfigMap. */
const defaultObjects = [
  'DaemonSet continuous-image-puller',
  'Deployment hub',
  'Deployment proxy',
  'NetworkPolicy hub',
  'NetworkPolicy proxy',
  'NetworkPolicy singleuser',
  'PersistentVolumeClaim hub-db-dir',
  'PodDisruptionBudget user-placeholder',
  'Role hub',
  'Role proxy',
  'RoleBinding hub',
  'RoleBinding proxy',
  'Secret hub',
  'Service hub',
  'Service proxy-api',
  'Service proxy-each',
  'Service proxy-public',
  'ServiceAccount continuous-image-puller',
  'ServiceAccount hub',
  'ServiceAccount proxy',
  'StatefulSet user-placeholder',
]

describe('The objects of an installation without values', { skip: noHelm }, () => {
  for (const helm of helms) {
    test(`${helm} renders them, the same each time`, async () => {
      const [first, second] = await Promise.all([helmTemplate({}, { helm }), helmTemplate({}, { helm })])

      assert.equal(first, second)
      assert.deepEqual([...(await rendered({}, { helm })).keys()].sort(), defaultObjects)
    })
  }

  test('selectors are those that can not be changed any more', async () => {
    const objects = await rendered()
    const selectorOf = (key: string) => objects.get(key)?.spec.selector

    for (const component of ['hub', 'proxy'])
      assert.deepEqual(selectorOf(`Deployment ${component}`), { matchLabels: { component, ...own } })
    for (const [kind, component] of [
      ['StatefulSet', 'user-placeholder'],
      ['DaemonSet', 'continuous-image-puller'],
    ])
      assert.deepEqual(selectorOf(`${kind} ${component}`), { matchLabels: { component, ...own } })
    assert.deepEqual(selectorOf('Service hub'), { component: 'hub', ...own })
    for (const name of ['proxy-api', 'proxy-public', 'proxy-each'])
      assert.deepEqual(selectorOf(`Service ${name}`), { component: 'proxy', ...own })
    assert.deepEqual(objects.get('NetworkPolicy singleuser')?.spec.podSelector, {
      matchLabels: { component: 'singleuser-server', ...own },
    })
  })

  test('ports are those that running servers and users know', async () => {
    const objects = await rendered()
    const ports = (name: string) =>
      objects
        .get(`Service ${name}`)
        ?.spec.ports.map(({ name, port, targetPort }: Record<string, unknown>) => [name, port, targetPort])

    assert.deepEqual(ports('hub'), [['hub', 8081, 'http']])
    assert.deepEqual(ports('proxy-api'), [[undefined, 8001, 'api']])
    assert.deepEqual(ports('proxy-public'), [['http', 80, 'http']])
    assert.equal(objects.get('Service proxy-public')?.spec.type, 'LoadBalancer')
  })

  test('every object has both sets of labels, and pods have nothing that changes with the version', async () => {
    for (const object of (await rendered()).values()) {
      const { labels = {} } = object.metadata
      assert.equal(labels.app, 'jupyterhub')
      assert.equal(labels['app.kubernetes.io/component'], labels.component, object.metadata.name)
      assert.equal(labels['helm.sh/chart'], labels.chart)
      const pod = object.spec?.template?.metadata
      if (pod) assert.doesNotMatch(JSON.stringify([pod.labels, object.spec.selector]), /chart|heritage/)
    }
  })

  test('pods carry the labels by which the policies know them', async () => {
    const objects = await rendered()
    const access = (name: string) =>
      Object.keys(podOf(objects, `Deployment ${name}`).metadata.labels ?? {})
        .filter((label) => label.startsWith('hub.jupyter.org/network-access-'))
        .map((label) => label.replace('hub.jupyter.org/network-access-', ''))

    assert.deepEqual(access('hub'), ['proxy-api', 'proxy-http', 'singleuser'])
    assert.deepEqual(access('proxy'), ['hub', 'singleuser'])
  })

  test('the claim of the database is as it was', async () => {
    assert.deepEqual((await rendered()).get('PersistentVolumeClaim hub-db-dir')?.spec, {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    })
  })
})

describe('Names of objects', { skip: noHelm }, () => {
  const names = [
    { values: {}, release: 'hub', hub: 'hub', priority: 'hub-default-priority' },
    { values: { fullnameOverride: 'x' }, release: 'hub', hub: 'x-hub', priority: 'x-default-priority' },
    {
      values: { fullnameOverride: null },
      release: 'r',
      hub: 'r-jupyterhub-hub',
      priority: 'r-jupyterhub-default-priority',
    },
    {
      values: { fullnameOverride: null },
      release: 'my-jupyterhub',
      hub: 'my-jupyterhub-hub',
      priority: 'my-jupyterhub-default-priority',
    },
    { values: { nameOverride: 'lab' }, release: 'hub', hub: 'hub', priority: 'hub-default-priority' },
  ]
  for (const { values, release, hub, priority } of names) {
    test(`${JSON.stringify(values)} of release ${release}: ${hub}`, async () => {
      const objects = await rendered({ ...values, scheduling: { podPriority: { enabled: true } } }, { release })

      assert.ok(objects.has(`Deployment ${hub}`))
      assert.ok(objects.has(`PersistentVolumeClaim ${hub}-db-dir`))
      assert.ok(objects.has(`PriorityClass ${priority}`))
    })
  }
})

function podOf(objects: ReadonlyMap<string, Rendered>, key: string): Rendered {
  return objects.get(key)?.spec.template as Rendered
}
