/** What the doctor concludes from a release: every finding, from objects as an API server shows them. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Deployment } from '#kube'
import { examine } from '../../src/cli/doctor/checks/index.ts'
import { findings } from '../../src/cli/doctor/findings.ts'
import { asJson, asText, overviewOf } from '../../src/cli/doctor/report.ts'
import type { Sight } from '../../src/cli/doctor/sight.ts'
import { makeCertificate } from '../harness/certificate.ts'
import {
  claim,
  event,
  healthy,
  hubPod,
  ill,
  now,
  proxyPod,
  recently,
  revision,
  serverPod,
  waiting,
  withPods,
} from './sights.ts'

interface Case {
  readonly says: string
  readonly sight: () => Partial<Sight>
  readonly finds: readonly (keyof typeof findings)[]
  /** In the text of the first finding. */
  readonly with?: RegExp
}

const files = { cert: '', key: '', otherKey: '' }
let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'himalia-doctor-'))
  const own = await makeCertificate(folder, 'own', { name: 'hub.example.org' })
  const other = await makeCertificate(folder, 'other')
  files.cert = await readFile(own.cert, 'utf8')
  files.key = await readFile(own.key, 'utf8')
  files.otherKey = await readFile(other.key, 'utf8')
})
after(() => rm(folder, { recursive: true, force: true }))

const base64 = (text: string) => Buffer.from(text).toString('base64')
const secret = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data,
})
const proxyWith = (args: readonly string[], volumes: readonly object[] = []) =>
  withPods({ ...proxyPod, spec: { containers: [{ ...proxyPod.spec.containers[0], args }], volumes } })

/** The proxy serves with the pair of a Secret, looked at so many days from now. */
function tls(pair: { cert: string; key: string }, days = 0): Partial<Sight> {
  const args = ['--ssl-key=/etc/chp/tls/tls.key', '--ssl-cert=/etc/chp/tls/tls.crt']
  const data = { 'tls.crt': base64(pair.cert), 'tls.key': base64(pair.key) }
  return {
    ...proxyWith(args, [{ name: 'tls', secret: { secretName: 'pair' } }]),
    secrets: new Map([['pair', secret('pair', data)]]),
    now: Date.now() + days * 86_400_000,
  }
}

const ingress = (host: string) => [
  { apiVersion: 'v1', kind: 'Ingress', metadata: { name: 'jupyterhub' }, spec: { rules: [{ host }] } },
]
const changed = (name: string, change: (one: Deployment) => Deployment) =>
  healthy.deployments!.map((one) => (one.metadata.name === name ? change(one) : one))
const condition = (one: Deployment, type: string, status: 'True' | 'False', more: object) => ({
  ...one,
  status: { ...one.status, conditions: [{ type, status, ...more }] },
})
const crashed = (exitCode: number, reason = 'Error') =>
  ill(hubPod, {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'hub',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: { terminated: { exitCode, reason } },
      },
    ],
  })

const cases: readonly Case[] = [
  { says: 'a healthy release', sight: () => ({}), finds: [] },
  {
    says: 'a run of Helm that was interrupted an hour ago',
    sight: () => ({ revisions: [revision(2, 'deployed'), revision(10, 'pending-upgrade', '2026-11-26T11:00:00Z')] }),
    finds: ['HELM_STUCK'],
    with: /revision 10 .* 60 minutes[\s\S]*delete secret sh\.helm\.release\.v1\.hub\.v10/,
  },
  {
    says: 'a run of Helm just now',
    sight: () => ({ revisions: [revision(3, 'pending-install', recently)] }),
    finds: ['HELM_RUNNING'],
  },
  { says: 'a failed upgrade', sight: () => ({ revisions: [revision(3, 'failed')] }), finds: ['HELM_FAILED'] },
  {
    says: 'an old failure that was mended',
    sight: () => ({ revisions: [revision(3, 'failed'), revision(4, 'deployed')] }),
    finds: [],
  },
  {
    says: 'a Deployment and a Service that were deleted',
    sight: () => ({ deployments: healthy.deployments!.slice(1), services: healthy.services.slice(0, 2) }),
    finds: ['OBJECT_MISSING', 'OBJECT_MISSING'],
  },
  {
    says: 'a hub that was scaled down',
    sight: () => ({
      deployments: changed('hub', (one) => ({ ...one, spec: { ...one.spec, replicas: 0 } })),
      pods: [proxyPod, serverPod],
    }),
    finds: ['SCALED_TO_ZERO'],
  },
  {
    says: 'a quota that is used up',
    sight: () => ({
      deployments: changed('hub', (one) =>
        condition(one, 'ReplicaFailure', 'True', { message: 'pods "hub-1" is forbidden: exceeded quota: small' }),
      ),
      pods: [proxyPod, serverPod],
    }),
    finds: ['PODS_REFUSED'],
    with: /quota of the namespace is used up/,
  },
  {
    says: 'a new version that does not come up while the old one serves',
    sight: () => ({
      deployments: changed('proxy', (one) =>
        condition(one, 'Progressing', 'False', { reason: 'ProgressDeadlineExceeded', message: 'it timed out' }),
      ),
    }),
    finds: ['ROLLOUT_STUCK'],
  },
  {
    says: 'hub and proxy of two versions',
    sight: () => withPods({ ...hubPod, spec: { containers: [{ name: 'hub', image: 'x/himalia/hub:0.2.0' }] } }),
    finds: ['VERSIONS_DIFFER'],
    with: /0\.2\.0 and 0\.1\.0/,
  },
  {
    says: 'no place on any node',
    sight: () =>
      withPods(
        ill(hubPod, {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes: insufficient cpu' }],
        }),
      ),
    finds: ['NO_NODE'],
    with: /insufficient cpu/,
  },
  {
    says: 'an image that is not there',
    sight: () => withPods(waiting(hubPod, 'ImagePullBackOff', 'Back-off pulling image: not found')),
    finds: ['IMAGE_PULL'],
    with: /registry\.example\.org\/himalia\/hub:0\.1\.0[\s\S]*hub\.image\.tag/,
  },
  {
    says: 'a Secret that a variable names and that is not there',
    sight: () => withPods(waiting(proxyPod, 'CreateContainerConfigError', 'secret "oauth" not found')),
    finds: ['SECRET_MISSING'],
    with: /the Secret oauth/,
  },
  {
    says: 'a Secret that a volume names and that is not there',
    sight: () => ({
      ...withPods(ill(proxyPod, { phase: 'Pending' })),
      events: [
        event('proxy-7c4b', 'FailedMount', 'MountVolume.SetUp failed for volume "tls" : secret "tls" not found'),
      ],
    }),
    finds: ['SECRET_MISSING'],
  },
  {
    says: 'a container that names a key that is not there',
    sight: () => withPods(waiting(hubPod, 'CreateContainerConfigError', "couldn't find key a in Secret class/b")),
    finds: ['CONTAINER_CONFIG'],
  },
  {
    says: 'a volume that is held by another node',
    sight: () => ({
      ...withPods(ill(hubPod, { phase: 'Pending' })),
      events: [event('hub-5d9f', 'FailedAttachVolume', 'Multi-Attach error for volume "pvc-1"')],
    }),
    finds: ['VOLUME'],
  },
  {
    says: 'a hub that ends again and again, with its last words',
    sight: () => ({ ...withPods(crashed(2)), logs: new Map([['hub-5d9f/hub', ['config.yaml:3: no such key']]]) }),
    finds: ['CRASHING'],
    with: /code 2[\s\S]*config\.yaml:3/,
  },
  {
    says: 'a limit of memory that is too low',
    sight: () => withPods(crashed(137, 'OOMKilled')),
    finds: ['OUT_OF_MEMORY'],
  },
  {
    says: 'a proxy that does not become ready',
    sight: () => ({
      ...withPods(ill(proxyPod, { phase: 'Running' })),
      events: [event('proxy-7c4b', 'Unhealthy', 'Readiness probe failed: 503')],
    }),
    finds: ['NOT_READY'],
    with: /503/,
  },
  {
    says: 'values that the hub refused',
    sight: () => ({ reloads: new Map([['hub-5d9f', { refused: 'values.yaml:3:1: error\n  x', waiting: [] }]]) }),
    finds: ['VALUES_REFUSED'],
    with: /\| values\.yaml:3:1: error/,
  },
  {
    says: 'values that wait for a restart',
    sight: () => ({ reloads: new Map([['hub-5d9f', { refused: null, waiting: ['hub.db'] }]]) }),
    finds: ['VALUES_WAIT'],
    with: /anew: hub\.db\./,
  },
  {
    says: "two users' servers that wait for one reason",
    sight: () => {
      const one = waiting(serverPod, 'ImagePullBackOff', 'not found')
      return withPods(one, { ...one, metadata: { ...one.metadata, name: 'jupyter-ben' } })
    },
    finds: ['SERVERS_WAIT'],
    with: /^Warning SERVERS_WAIT: 2 users' servers/m,
  },
  {
    says: 'a load balancer without an address',
    sight: () => ({ services: healthy.services.map((one) => ({ ...one, status: {} })) }),
    finds: ['NO_ADDRESS'],
  },
  {
    says: 'a Service whose selector fits no pod',
    sight: () => ({ slices: healthy.slices!.slice(1) }),
    finds: ['SERVICE_EMPTY'],
  },
  {
    says: 'a claim in a cluster without a default class',
    sight: () => ({ claims: [{ ...claim, status: { phase: 'Pending' } }], storageClasses: [] }),
    finds: ['CLAIM_PENDING'],
    with: /none that is the default/,
  },
  {
    says: 'a claim of a class that is not there',
    sight: () => ({ claims: [{ ...claim, spec: { storageClassName: 'fast' }, status: { phase: 'Pending' } }] }),
    finds: ['CLAIM_PENDING'],
    with: /no storage class "fast"/,
  },
  {
    says: 'a claim that nobody uses yet',
    sight: () => ({
      claims: [{ ...claim, metadata: { ...claim.metadata, name: 'claim-ben' }, status: { phase: 'Pending' } }],
    }),
    finds: [],
  },
  {
    says: 'a volume that is nearly full',
    sight: () => ({ freeDisk: 0.02 }),
    finds: ['DISK_FULL'],
    with: /only 2 % are free/,
  },
  {
    says: 'a volume that is gone',
    sight: () => ({ claims: [{ ...claim, status: { phase: 'Lost' } }] }),
    finds: ['CLAIM_LOST'],
  },
  { says: 'a certificate in its prime', sight: () => tls(files), finds: [] },
  { says: 'a certificate that ends soon', sight: () => tls(files, 20), finds: ['CERTIFICATE_ENDS'] },
  { says: 'a certificate that has expired', sight: () => tls(files, 40), finds: ['CERTIFICATE_EXPIRED'] },
  {
    says: "a certificate with another's key",
    sight: () => tls({ cert: files.cert, key: files.otherKey }),
    finds: ['CERTIFICATE_UNUSABLE'],
    with: /its key is another/,
  },
  {
    says: 'a certificate that is none',
    sight: () => tls({ cert: 'x', key: files.key }),
    finds: ['CERTIFICATE_UNUSABLE'],
  },
  {
    says: 'a certificate of another host',
    sight: () => ({ ...tls(files), ingresses: ingress('other.example.org') }),
    finds: ['CERTIFICATE_HOST'],
  },
  {
    says: 'a host that ACME has no certificate for yet',
    sight: () => ({
      ...proxyWith(['--acme-host=a.example.org', '--acme-secret=acme']),
      secrets: new Map([['acme', null]]),
    }),
    finds: ['CERTIFICATE_WAITS'],
  },
  {
    says: 'a host that ACME has a certificate for',
    sight: () => {
      const state = JSON.stringify({ certificates: { 'hub.example.org': { cert: files.cert, key: files.key } } })
      return {
        ...proxyWith(['--acme-host=hub.example.org', '--acme-secret=acme']),
        secrets: new Map([['acme', secret('acme', { 'himalia.json': base64(state) })]]),
        now: Date.now(),
      }
    },
    finds: [],
  },
  {
    says: 'a host that DNS does not know',
    sight: () => ({ ingresses: ingress('a.example.org'), unresolved: new Map([['a.example.org', 'ENOTFOUND']]) }),
    finds: ['HOST_UNKNOWN'],
  },
  {
    says: 'names of the cluster that are not known',
    sight: () => ({ unresolved: new Map([['proxy-api', 'getaddrinfo EAI_AGAIN proxy-api']]) }),
    finds: ['DNS_DOWN'],
    with: /EAI_AGAIN/,
  },
  {
    says: 'a DNS without pods',
    sight: () => ({ dns: [{ ...healthy.dns![0]!, endpoints: null }] }),
    finds: ['DNS_DOWN'],
  },
  {
    says: 'servers without the label that lets them to the hub',
    sight: () =>
      withPods({ ...serverPod, metadata: { ...serverPod.metadata, labels: { component: 'singleuser-server' } } }),
    finds: ['SERVERS_CUT_OFF'],
  },
  {
    says: 'a hub that may reach nothing',
    sight: () => ({ policies: healthy.policies!.map((one) => ({ ...one, spec: { ...one.spec, egress: [] } })) }),
    finds: ['HUB_SHUT_IN'],
  },
  {
    says: 'a server without a route, and a route without a server',
    sight: () => ({ routes: [{ pod: 'p', why: '', routes: { '/user/ben/': { target: 'http://10.1.0.77:8888' } } }] }),
    finds: ['ROUTE_MISSING', 'ROUTE_DEAD'],
    with: /no route \/user\/ada\//,
  },
  {
    says: 'a route that leads to a name',
    sight: () => ({
      routes: [
        {
          pod: 'p',
          why: '',
          routes: { ...healthy.routes![0]!.routes, '/user/ben/': { target: 'http://jupyter-ben.class:8888' } },
        },
      ],
    }),
    finds: [],
  },
  {
    says: 'a proxy that does not answer',
    sight: () => ({ routes: [{ pod: 'proxy-7c4b', routes: null, why: 'it answers with status 403.' }] }),
    finds: ['PROXY_SILENT'],
  },
  {
    says: 'nothing but what an account with few rights may read',
    sight: () => ({
      deployments: null,
      policies: null,
      slices: null,
      ingresses: null,
      storageClasses: null,
      revisions: null,
      dns: null,
      routes: null,
    }),
    finds: [],
  },
]

describe('The doctor finds', () => {
  for (const { says, sight, finds, with: text } of cases) {
    test(says, () => {
      const seen = { ...healthy, ...sight() }

      const found = examine(seen)

      assert.deepEqual(
        found.map(({ code }) => code),
        finds,
      )
      if (text) assert.match(asText(seen, found), text)
    })
  }

  test('each of its findings in some case', () => {
    const tried = new Set<string>(cases.flatMap(({ finds }) => finds))

    assert.deepEqual(
      Object.keys(findings).filter((code) => !tried.has(code)),
      [],
    )
  })
})

test('what the guides look at by hand stands first: what runs, and the address', () => {
  const image = 'registry.example.org/himalia/hub:0.1.0'

  assert.equal(overviewOf(healthy).address, 'http://203.0.113.7')
  assert.deepEqual(overviewOf(healthy).hub, { ready: 1, pods: 1, images: [image] })
  assert.match(asText(healthy, []), /hub {6}1 of 1 ready {2}registry[\s\S]*Nothing is wrong\./)
})

test('programs read the same as JSON, with commands that name the namespace', () => {
  const seen = { ...healthy, revisions: [revision(3, 'failed')], now }

  const told = JSON.parse(asJson(seen, examine(seen)))

  assert.equal(told.findings[0].code, 'HELM_FAILED')
  assert.deepEqual(told.findings[0].commands[0], 'helm --namespace=class history hub')
})
