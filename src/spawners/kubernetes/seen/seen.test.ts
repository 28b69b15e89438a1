/** What the states of pods mean, as a table: pods as a real kubelet and scheduler report them, cut to what is read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeEvent, Pod, PodStatus } from '#kube'
import { observed } from './index.ts'

const scheduled = { type: 'PodScheduled', status: 'True' } as const
const server = { name: 'notebook', image: 'lab:1', ready: false, restartCount: 0 }

function podWith(status: PodStatus, more: { deleted?: boolean; init?: boolean } = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'jupyter-ana',
      namespace: 'jhub',
      uid: 'u1',
      ...(more.deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      containers: [
        {
          name: 'notebook',
          ports: [{ name: 'notebook-port', containerPort: 8888 }],
          resources: { limits: { memory: '1073741824' } },
        },
      ],
      ...(more.init ? { initContainers: [{ name: 'block' }] } : {}),
    },
    status,
  }
}

const event = (reason: string, message: string): KubeEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', uid: reason },
  involvedObject: { name: 'jupyter-ana', namespace: 'jhub', uid: 'u1' },
  reason,
  message,
})

const see = (pod: Pod, events: readonly KubeEvent[] = []) => observed({ pod, events, host: null })
const waiting = (reason: string, message = '') => ({ ...server, state: { waiting: { reason, message } } })
const ended = (terminated: { exitCode: number; reason?: string; message?: string; signal?: number }) => ({
  ...server,
  state: { terminated },
})
const pending = (status: PodStatus) => podWith({ phase: 'Pending', conditions: [scheduled], ...status })

const up: PodStatus = {
  conditions: [scheduled],
  phase: 'Running',
  podIP: '10.1.2.3',
  containerStatuses: [{ ...server, ready: true, state: { running: {} } }],
}

test('a pod whose containers are all ready runs at its address', () => {
  assert.deepEqual(see(podWith(up)), {
    phase: 'running',
    url: 'http://10.1.2.3:8888',
    handle: { pod_name: 'jupyter-ana', namespace: 'jhub', uid: 'u1' },
  })
  const sixth = see(podWith({ ...up, podIP: 'fd00::7' }))
  assert.equal(sixth.phase === 'running' && sixth.url, 'http://[fd00::7]:8888')
})

const starts: readonly [string, Pod, readonly KubeEvent[], RegExp, string | null][] = [
  ['nothing is known yet', podWith({ phase: 'Pending' }), [], /Waiting for a place/, null],
  [
    'no node has room',
    podWith({
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message:
            '0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found.',
        },
      ],
    }),
    [],
    /^No node has room for it yet: 0\/3 nodes are available: 3 Insufficient nvidia\.com\/gpu\.$/,
    'NO_NODE',
  ],
  [
    'the cluster grows',
    podWith({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }],
    }),
    [event('TriggeredScaleUp', 'pod triggered scale-up: [{pool 1->2}]')],
    /A new node is being added/,
    'NO_NODE',
  ],
  [
    'the image is fetched',
    pending({ containerStatuses: [waiting('ContainerCreating')] }),
    [event('Pulling', 'Pulling image "lab:1"')],
    /Fetching the image lab:1/,
    null,
  ],
  [
    'the registry does not answer',
    pending({
      containerStatuses: [
        waiting('ImagePullBackOff', 'Back-off pulling image "lab:1": ErrImagePull: dial tcp 10.0.0.9:443: i/o timeout'),
      ],
    }),
    [],
    /The image lab:1 can't be fetched: .*i\/o timeout/,
    'IMAGE_PULL',
  ],
  [
    'a volume does not come',
    pending({ containerStatuses: [waiting('ContainerCreating')] }),
    [event('FailedAttachVolume', 'Multi-Attach error for volume "pvc-1"')],
    /can't be connected yet: Multi-Attach error/,
    'VOLUME',
  ],
  [
    'a secret is missing',
    pending({ containerStatuses: [waiting('CreateContainerConfigError', 'secret "token" not found')] }),
    [],
    /notebook can't be made: secret "token" not found/,
    'CONTAINER_CONFIG',
  ],
  [
    'a preparation runs',
    podWith(
      {
        phase: 'Pending',
        conditions: [scheduled],
        initContainerStatuses: [{ name: 'block', ready: false, restartCount: 0, state: { running: {} } }],
        containerStatuses: [waiting('PodInitializing')],
      },
      { init: true },
    ),
    [],
    /Preparing it, step 1 of 1: block/,
    null,
  ],
  [
    'a container beside it is not ready',
    podWith({
      ...up,
      containerStatuses: [
        ...(up.containerStatuses ?? []),
        { name: 'sidecar', ready: false, restartCount: 0, state: { running: {} } },
      ],
    }),
    [],
    /Waiting until it is up: sidecar/,
    null,
  ],
]

for (const [name, pod, events, message, obstacle] of starts) {
  test(`a start, told: ${name}`, () => {
    const seen = see(pod, events)
    assert.ok(seen.phase === 'starting', JSON.stringify(seen))
    assert.match(seen.message ?? '', message)
    assert.equal(seen.obstacle?.code ?? null, obstacle)
  })
}

const disrupted = (reason: string) => ({
  ...up,
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason } as const],
})

const ends: readonly [string, Pod, string, RegExp][] = [
  [
    'an image that does not exist',
    pending({
      containerStatuses: [
        waiting(
          'ErrImagePull',
          'failed to pull and unpack image "x/lab:9": failed to resolve reference "x/lab:9": x/lab:9: not found',
        ),
      ],
    }),
    'IMAGE_PULL',
    /x\/lab:9: not found/,
  ],
  [
    'a registry that wants a password',
    pending({
      containerStatuses: [
        waiting('ImagePullBackOff', 'pull access denied, repository does not exist or may require authorization'),
      ],
    }),
    'IMAGE_PULL',
    /denied/,
  ],
  ['no name of an image', pending({ containerStatuses: [waiting('InvalidImageName', '')] }), 'IMAGE_NAME', /lab:1/],
  [
    'too much memory',
    podWith({ ...up, containerStatuses: [ended({ exitCode: 137, reason: 'OOMKilled' })] }),
    'OUT_OF_MEMORY',
    /limit of 1 GiB/,
  ],
  [
    'too much memory, and started anew by the kubelet',
    podWith({
      ...up,
      containerStatuses: [
        {
          ...server,
          ready: true,
          restartCount: 1,
          state: { running: {} },
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        },
      ],
    }),
    'OUT_OF_MEMORY',
    /limit of 1 GiB/,
  ],
  [
    'a crash',
    podWith({ ...up, containerStatuses: [ended({ exitCode: 1, reason: 'Error' })] }),
    'EXITED',
    /ended with code 1/,
  ],
  [
    'no such program',
    podWith({
      ...up,
      containerStatuses: [
        ended({
          exitCode: 128,
          reason: 'StartError',
          message: 'exec: "jupyterhub-singleuser": executable file not found in $PATH',
        }),
      ],
    }),
    'COMMAND_NOT_FOUND',
    /no program "jupyterhub-singleuser"/,
  ],
  [
    'a preparation that fails twice',
    podWith({
      phase: 'Pending',
      conditions: [scheduled],
      initContainerStatuses: [
        {
          name: 'chown',
          ready: false,
          restartCount: 1,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 3 } },
        },
      ],
    }),
    'INIT_FAILED',
    /"chown" ended with code 3/,
  ],
  [
    'an eviction',
    podWith({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    'EVICTED',
    /low on resource: memory/,
  ],
  ['a drain', podWith(disrupted('EvictionByEvictionAPI')), 'EVICTED', /being emptied/],
  ['a preemption', podWith(disrupted('PreemptionByScheduler')), 'PREEMPTED', /more important/],
  ['a node that is gone', podWith(disrupted('DeletionByPodGC')), 'NODE_LOST', /is gone/],
  ['somebody else', podWith(up, { deleted: true }), 'DELETED', /deleted by somebody else/],
]

for (const [name, pod, code, message] of ends) {
  test(`an end, told: ${name}`, () => {
    const seen = see(pod)
    assert.ok(seen.phase === 'exited', JSON.stringify(seen))
    assert.equal(seen.reason.code, code)
    assert.match(seen.reason.message, message)
    assert.ok(seen.reason.hint)
  })
}

test('a server that ended by itself ended without fault', () => {
  const seen = see(podWith({ phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }))
  assert.equal(seen.phase === 'exited' && seen.exitCode, 0)
})
