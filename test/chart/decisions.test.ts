/** What the chart decides: secrets, TLS, strategies; and what it refuses, in a sentence. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { inCluster } from '../../src/cli/cluster/settings.ts'
import { loadConfig } from '../../src/config/index.ts'
import { chart, helmTemplate, hubValues, noHelm, type Rendered, rendered } from './helm.ts'

const postgres = { type: 'postgres', url: 'postgresql://hub@db/hub' }

describe('How a new version replaces the old one', { skip: noHelm }, () => {
  const cases = [
    { values: {}, hub: 'Recreate', proxy: 'RollingUpdate' },
    { values: { hub: { db: postgres } }, hub: 'RollingUpdate', proxy: 'RollingUpdate' },
    { values: { proxy: { deploymentStrategy: { type: 'Recreate' } } }, hub: 'Recreate', proxy: 'Recreate' },
    {
      values: { hub: { deploymentStrategy: { type: 'RollingUpdate' } } },
      hub: 'RollingUpdate',
      proxy: 'RollingUpdate',
    },
  ]
  for (const { values, ...expected } of cases) {
    test(`${JSON.stringify(values)}: ${JSON.stringify(expected)}`, async () => {
      const objects = await rendered(values)
      const strategies = ['hub', 'proxy'].map((name) => objects.get(`Deployment ${name}`)?.spec.strategy)

      assert.deepEqual(
        strategies.map(({ type }) => type),
        [expected.hub, expected.proxy],
      )
      // Else what Kubernetes filled in before would be refused.
      for (const { type, rollingUpdate } of strategies) assert.equal(rollingUpdate === null, type === 'Recreate')
    })
  }
})

describe('Secrets', { skip: noHelm }, () => {
  test('those that are given are handed on under the names of z2jh', async () => {
    const objects = await rendered({
      proxy: { secretToken: 'a' },
      hub: {
        cookieSecret: 'b',
        config: { CryptKeeper: { keys: ['c', 'd'] } },
        services: { x: { apiToken: 'e' }, y: {} },
      },
    })
    const data = Object.entries(objects.get('Secret hub')?.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(String(value), 'base64').toString(),
    ])

    assert.deepEqual(Object.fromEntries(data), {
      'hub.config.ConfigurableHTTPProxy.auth_token': 'a',
      'hub.config.JupyterHub.cookie_secret': 'b',
      'hub.config.CryptKeeper.keys': 'c;d',
      'hub.services.x.apiToken': 'e',
    })
  })

  test('Secrets that values name are mounted, so that the hub reads no others', async () => {
    const ref = (name: string) => ({ valueFrom: { secretKeyRef: { name, key: 'k' } } })
    const objects = await rendered({
      hub: {
        existingSecret: 'mine',
        config: {
          GitHubOAuthenticator: { client_secret: ref('oauth') },
          KubeSpawner: { environment: { A: ref('users') } },
        },
        extraEnv: { B: ref('env') },
      },
    })
    const { volumes, containers } = objects.get('Deployment hub')?.spec.template.spec ?? {}
    const mounts = containers[0].volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)

    assert.deepEqual(
      volumes.flatMap(({ secret }: Rendered) => secret?.secretName ?? []),
      ['hub', 'mine', 'oauth'],
    )
    assert.ok(mounts.includes('/usr/local/etc/jupyterhub/secrets/oauth'))
  })
})

describe('TLS', { skip: noHelm }, () => {
  const https = (more: object) => ({ proxy: { https: { enabled: true, ...more } } })
  const cases = [
    { name: 'none', values: {}, ports: ['http>http'], flags: /--port=8000/ },
    { name: 'offload', values: https({ type: 'offload' }), ports: ['https>http', 'http>http'], flags: /--port=8000/ },
    {
      name: 'manual',
      values: https({ type: 'manual', manual: { key: 'k', cert: 'c' } }),
      ports: ['https>https', 'http>http'],
      flags: /--port=8443.*--redirect-port=8000.*--redirect-to=443.*--ssl-key=\/etc\/chp\/tls\/tls.key/,
    },
    {
      name: 'secret',
      values: https({ type: 'secret', secret: { name: 'example-tls', crt: 'a.crt' } }),
      ports: ['https>https', 'http>http'],
      flags: /--ssl-cert=\/etc\/chp\/tls\/a.crt/,
    },
    {
      name: 'letsencrypt',
      values: https({ hosts: ['a.test'], letsencrypt: { contactEmail: 'it@a.test' } }),
      ports: ['https>https', 'http>http'],
      flags: /--acme-host=a.test.*--acme-secret=proxy-public-tls-acme.*--hsts=max-age=15724800/,
    },
    { name: 'letsencrypt without hosts', values: https({}), ports: ['http>http'], flags: /--port=8000/ },
  ]
  for (const { name, values, ports, flags } of cases) {
    test(name, async () => {
      const objects = await rendered(values)
      const container = objects.get('Deployment proxy')?.spec.template.spec.containers[0]

      assert.deepEqual(
        objects.get('Service proxy-public')?.spec.ports.map((port: Rendered) => `${port.name}>${port.targetPort}`),
        ports,
      )
      assert.match(container.args.join(' '), flags)
      assert.equal(container.readinessProbe.httpGet.port, 'http')
    })
  }
})

describe('What can not work is refused before anything changes', { skip: noHelm }, () => {
  const cases = [
    { values: { hub: { replicas: 2 } }, says: /hub\.replicas is 2.*one file for one hub/ },
    {
      values: { hub: { db: { type: 'mysql', url: 'mysql://a' } } },
      says: /MySQL or MariaDB, which is not supported yet/,
    },
    {
      values: { hub: { config: { JupyterHub: { db_url: 'mysql+pymysql://hub@db/hub' } } } },
      says: /MySQL or MariaDB, which is not supported yet/,
    },
    { values: { hub: { db: { type: 'other', url: 'oracle://a' } } }, says: /there are no other databases yet/ },
    { values: { hub: { db: { type: 'postgres' } } }, says: /hub\.db\.url does not say where it is/ },
    {
      values: { proxy: { https: { enabled: true, type: 'manual' } } },
      says: /manual\.key and .*manual\.cert are needed/,
    },
    { values: { proxy: { https: { enabled: true, type: 'secret' } } }, says: /https\.secret\.name must name a Secret/ },
    { values: { proxy: { https: { enabled: true, hosts: ['a'] } } }, says: /contactEmail is needed/ },
    { values: { https: { enabled: true } }, says: /https does not belong at the top level, but below proxy/ },
    { values: { imagePullSecret: { create: true } }, says: /imagePullSecret\.username and .*password are needed/ },
    {
      values: { singleuser: { networkPolicy: { egressAllowRules: { cloudMetadataServer: true } } } },
      says: /opens what singleuser\.cloudMetadata\.blockWithIptables closes/,
    },
    {
      values: {
        ingress: { enabled: true },
        proxy: { https: { enabled: true, type: 'secret', secret: { name: 'a' } } },
      },
      says: /would both end TLS/,
    },
    { values: { hub: { extraFiles: { a: { mountPath: '/a', data: {} } } } }, says: /must end in \.yaml/ },
    { values: { hub: { extraFiles: { a: { mountPath: '/a' } } } }, says: /exactly one of data, stringData/ },
  ]
  for (const { values, says } of cases) test(`${says}`, () => assert.rejects(helmTemplate(values), { message: says }))
})

describe('Names that fullnameOverride changes are the same for the chart and for the hub', { skip: noHelm }, () => {
  const values = {
    imagePullSecret: { create: true, username: 'u', password: 'p' },
    scheduling: { podPriority: { enabled: true } },
    singleuser: { extraFiles: { a: { mountPath: '/a', stringData: 'b' } } },
  }
  for (const [given, prefix] of [
    ['', ''],
    ['lab', 'lab-'],
    [null, 'hub-jupyterhub-'],
  ] as const) {
    test(`${JSON.stringify(given)}: ${prefix || 'no prefix'}`, async () => {
      const objects = await rendered({ ...values, fullnameOverride: given })
      const secret = objects.get(`Secret ${prefix}hub`)
      const release = JSON.parse(secret?.stringData['release.json'])
      const text = secret?.stringData['values.yaml']
      const { settings } = await loadConfig({ text, mode: 'cluster', isComplete: true })
      assert.ok(settings)
      const { imagePullSecrets, volumes, priorityClassName } = inCluster(settings, release).kubernetes

      assert.ok(objects.has(`Secret ${JSON.parse(JSON.stringify(imagePullSecrets))[0]}`), `${imagePullSecrets}`)
      assert.match(JSON.stringify(volumes), new RegExp(`"secretName":"${prefix}singleuser"`))
      assert.ok(objects.has(`Secret ${prefix}singleuser`))
      assert.ok(objects.has(`PriorityClass ${priorityClassName}`), priorityClassName)
    })
  }
})

describe('Files of older charts and of parent charts', { skip: noHelm }, () => {
  test('old keys go where they belong today', async () => {
    const objects = await rendered({
      hub: {
        uid: 1234,
        fsGid: 5,
        extraConfig: 'c.A.b = 1',
        imagePullSecret: { enabled: true, username: 'u', password: 'p' },
      },
      proxy: { nodeSelector: { a: 'b' } },
      singleuser: { cloudMetadata: { enabled: true } },
      rbac: { enabled: false },
      token: { proxy: 'old' },
      auth: { type: 'dummy' },
      httpRoute: { enabled: true, gateway: { name: 'g' } },
    })
    const pod = (name: string) => objects.get(`Deployment ${name}`)?.spec.template.spec

    assert.equal(pod('hub').containers[0].securityContext.runAsUser, 1234)
    assert.equal(pod('hub').securityContext.fsGroup, 5)
    assert.deepEqual(pod('proxy').nodeSelector, { a: 'b' })
    assert.equal(objects.has('Role hub'), false)
    assert.ok(objects.has('Secret image-pull-secret'))
    assert.deepEqual(objects.get('HTTPRoute jupyterhub')?.spec.parentRefs, [{ kind: 'Gateway', name: 'g' }])
    const { hub, singleuser, auth } = hubValues(objects) as Record<string, Rendered>
    assert.deepEqual([hub?.extraConfig, hub?.uid, auth], ['c.A.b = 1', undefined, { type: 'dummy' }])
    assert.equal((singleuser as Rendered).cloudMetadata.blockWithIptables, false)
  })

  test('a parent chart has it as jupyterhub, and finds its names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'himalia-parent-'))
    await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: parent\nversion: 1.0.0\n')
    await cp(chart, join(folder, 'charts', 'jupyterhub'), { recursive: true })
    await cp(join(chart, '.helmignore'), join(folder, '.helmignore'))
    await writeFile(join(folder, 'values.yaml'), 'jupyterhub: { fullnameOverride: lab }\n')
    const { mkdir } = await import('node:fs/promises')
    await mkdir(join(folder, 'templates'))
    const own = '{ kind: Note, apiVersion: v1, metadata: { name: {{ include "jupyterhub.hub.fullname" . }} } }\n'
    await writeFile(join(folder, 'templates', 'note.yaml'), own)

    const objects = await rendered({ jupyterhub: { hub: { baseUrl: '/x/' } } }, { path: folder })

    assert.ok(objects.has('Note lab-hub'))
    assert.ok(objects.has('Deployment lab-hub'))
  })
})
