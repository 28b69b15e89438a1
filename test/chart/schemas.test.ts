/** What the chart renders, and the pods that the hub makes, fit the schemas of all versions of Kubernetes that we are for. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { loadConfig } from '../../src/config/index.ts'
import { resolveOptions } from '../../src/hub/servers/options.ts'
import { claimManifest } from '../../src/spawners/kubernetes/claim.ts'
import { planOf } from '../../src/spawners/kubernetes/plan.ts'
import { podManifest } from '../../src/spawners/kubernetes/pod/index.ts'
import { serviceManifest } from '../../src/spawners/kubernetes/service.ts'
import { root } from '../cluster/paths.ts'
import { run } from '../cluster/run.ts'
import { noHelm, rendered } from './helm.ts'

const versions = ['1.30.0', '1.31.0', '1.32.0', '1.33.0', '1.34.0']
/** Kinds that clusters have from elsewhere. */
const others = ['ServiceMonitor', 'HTTPRoute']

/** What does not fit, in words. */
async function misfits(objects: readonly object[], held = versions): Promise<readonly string[]> {
  const python = join(root, '.himalia', 'python', 'kubernetes-validate', 'bin', 'python')
  const input = JSON.stringify({ versions: held, objects })
  return JSON.parse(await run([python, join(import.meta.dirname, 'validate.py')], { input })) as string[]
}

const profiles = [
  { display_name: 'Small' },
  {
    display_name: 'Large',
    kubespawner_override: { image: 'lab:2', mem_limit: '8G', extra_resource_limits: { 'nvidia.com/gpu': '1' } },
  },
]
const users = {
  profileList: profiles,
  image: { name: 'lab', tag: '1', pullPolicy: 'Always', pullSecrets: ['a'] },
  cpu: { limit: 2, guarantee: 0.5 },
  memory: { limit: '2G', guarantee: '1G' },
  extraEnv: { A: 'b', SECRET: { valueFrom: { secretKeyRef: { name: 's', key: 'k' } } } },
  extraFiles: { note: { mountPath: '/etc/note', stringData: 'x', mode: 0o440 } },
  initContainers: [{ name: 'first', image: 'busybox:1', command: ['true'] }],
  extraContainers: [{ name: 'beside', image: 'busybox:1' }],
  lifecycleHooks: { postStart: { exec: { command: ['true'] } } },
  extraNodeAffinity: { required: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] },
  extraTolerations: [{ key: 'a', operator: 'Exists' }],
  nodeSelector: { a: 'b' },
  sharedMemory: '1Gi',
  storage: {
    extraVolumes: [{ name: 'shared', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'shared', mountPath: '/shared' }],
  },
}
const policy = {
  interNamespaceAccessLabels: 'accept',
  ingress: [{ ports: [{ port: 9 }] }],
  egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
}
const probe = { enabled: true, initialDelaySeconds: 1, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 4 }

const releases: Readonly<Record<string, object>> = {
  'an empty config.yaml': {},
  'all that a release can have': {
    hub: {
      replicas: 2,
      db: { type: 'postgres', url: 'postgresql://hub@db/hub' },
      pdb: { enabled: true, minAvailable: 1 },
      extraEnv: { A: 'b' },
      extraFiles: { a: { mountPath: '/etc/a.yaml', data: { b: 1 } }, c: { mountPath: '/c', binaryData: 'eA==' } },
      extraVolumes: [{ name: 'v', emptyDir: {} }],
      extraVolumeMounts: [{ name: 'v', mountPath: '/v' }],
      initContainers: [{ name: 'i', image: 'busybox:1' }],
      extraContainers: [{ name: 'e', image: 'busybox:1' }],
      lifecycle: { preStop: { exec: { command: ['true'] } } },
      livenessProbe: probe,
      resources: { limits: { cpu: 1, memory: '1Gi' } },
      networkPolicy: policy,
      services: { announce: {} },
      existingSecret: 'mine',
      service: {
        type: 'NodePort',
        ports: { nodePort: 30081, appProtocol: 'http' },
        extraPorts: [{ name: 'x', port: 9 }],
      },
    },
    proxy: {
      replicas: 2,
      https: { enabled: true, type: 'letsencrypt', hosts: ['a.test'], letsencrypt: { contactEmail: 'a@a.test' } },
      chp: {
        pdb: { enabled: true },
        networkPolicy: policy,
        resources: { requests: { cpu: '100m' } },
        readinessProbe: probe,
      },
      service: { loadBalancerSourceRanges: ['10.0.0.0/8'], externalIPs: ['203.0.113.7'], nodePorts: { http: 30080 } },
    },
    singleuser: { ...users, networkPolicy: policy },
    imagePullSecret: { create: true, username: 'u', password: 'p' },
    scheduling: {
      podPriority: { enabled: true },
      userPlaceholder: { replicas: 2 },
      userPods: { nodeAffinity: { matchNodePurpose: 'require' } },
    },
    prePuller: { extraImages: { a: { name: 'b', tag: 'c' } } },
  },
  'a file on a volume, an Ingress and a certificate of a Secret': {
    hub: { db: { pvc: { storageClassName: '', selector: { matchLabels: { a: 'b' } }, subPath: 'hub' } } },
    proxy: { https: { enabled: true, type: 'offload' } },
    ingress: {
      enabled: true,
      hosts: ['a.test'],
      tls: [{ hosts: ['a.test'], secretName: 't' }],
      ingressClassName: 'nginx',
    },
  },
  'users in namespaces of their own': { hub: { config: { KubeSpawner: { enable_user_namespaces: true } } } },
}

describe('Objects of a release fit Kubernetes 1.30 to 1.34', { skip: noHelm }, () => {
  for (const [what, values] of Object.entries(releases)) {
    test(what, async () => {
      const objects = [...(await rendered(values)).values()].filter(({ kind }) => !others.includes(kind))

      assert.deepEqual(await misfits(objects), [])
    })
  }
})

test('pods, claims and Services of servers fit them, too', async () => {
  const { settings, problems } = await loadConfig({ text: JSON.stringify({ singleuser: users }), mode: 'cluster' })
  assert.ok(settings, JSON.stringify(problems))
  const objects = ['small', 'large'].flatMap((profile) => {
    const picker = { profiles: settings.profiles, groups: [] }
    const { overrides } = resolveOptions({ profile }, picker)
    const server = { id: 1, userId: 1, userName: 'ana', serverName: profile }
    const plan = planOf({ server, settings: settings.kubernetes, overrides, namespace: 'class', release: null })
    const pod = podManifest({ plan, environment: { A: 'b' }, attempt: 1 })
    const seen = { ...pod, metadata: { ...pod.metadata, uid: 'u' } }
    return [pod, claimManifest(plan), serviceManifest(plan, seen, 8888)]
  })

  assert.deepEqual(await misfits(objects), [])
})

test('a field that no version has is found, and a value of another type', async () => {
  const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec })

  const wrong = await misfits([service({ selectors: {} }), service({ ports: [{ port: 'x' }] })], ['1.34.0'])

  assert.equal(wrong.length, 2, wrong.join('\n'))
})
