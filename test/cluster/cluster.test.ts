/** What tests may expect of the cluster, seen on the real one. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Cluster, cluster, createWorkspace, noCluster, until, type Workspace } from './index.ts'
import { programs } from './paths.ts'

let kubernetes: Cluster
before(async () => {
  if (noCluster === false) kubernetes = await cluster()
})

function check(name: string, body: (space: Workspace) => Promise<void>): void {
  test(name, { skip: noCluster }, async () => {
    await using space = await createWorkspace(kubernetes)
    await body(space)
  })
}

interface PodOptions {
  readonly name: string
  readonly labels?: object
  readonly command?: string
  readonly spec?: object
  readonly container?: object
}

/** A pod that runs a shell command; with nothing said it serves its own name over HTTP on port 8000. */
function pod({ name, labels = {}, command, spec, container }: PodOptions): object {
  const serve = `mkdir /www && echo ${name} > /www/index.html && exec httpd -f -p 8000 -h /www`
  const main = { name: 'main', image: kubernetes.image('busybox'), command: ['sh', '-c', command ?? serve] }
  const containers = [{ ...main, ports: [{ name: 'web', containerPort: 8000 }], ...container }]
  const metadata = { name, labels: { app: name, ...labels } }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { terminationGracePeriodSeconds: 0, containers, ...spec } }
}

function service(name: string): object {
  const spec = { selector: { app: name }, ports: [{ port: 80, targetPort: 'web' }] }
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec }
}

const fetchText = async (url: string) => (await (await fetch(url)).text()).trim()

check('a pod has an address of its own, which this machine reaches', async (space) => {
  await space.apply(pod({ name: 'web' }))
  const address = await space.running('web')
  assert.equal(await fetchText(`http://${address}:8000/`), 'web')
})

check('a Service is found by its name from a pod, and by its address from this machine', async (space) => {
  await space.apply(pod({ name: 'web' }), pod({ name: 'visitor' }), service('web'))
  await space.running('web')
  await space.running('visitor')
  const address = await space.kubectl(['get', 'service', 'web', '--output=jsonpath={.spec.clusterIP}'])

  assert.equal(await space.inPod('visitor', `wget -qO- http://web.${space.name}.svc.cluster.local/`), 'web')
  assert.equal(await fetchText(`http://${address}/`), 'web')
})

check('a pod reaches what listens on this machine, and nothing beyond', async (space) => {
  await space.apply(pod({ name: 'visitor' }))
  await space.running('visitor')
  const seen = await space.inPod('visitor', `ping -c 1 -W 5 ${kubernetes.host}`)
  assert.match(seen, /1 packets received/)
  await assert.rejects(space.inPod('visitor', 'nc -w 5 1.1.1.1 443 </dev/null'))
  await assert.rejects(kubernetes.exec(['ip', 'route', 'get', '1.1.1.1']), /unreachable/)
})

check('a claim is bound and keeps its data when the pod goes', async (space) => {
  const volumes = [{ name: 'home', persistentVolumeClaim: { claimName: 'home' } }]
  const container = { volumeMounts: [{ name: 'home', mountPath: '/home' }] }
  const user = (name: string, command: string) => pod({ name, command, container, spec: { volumes } })
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  await space.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'home' }, spec })
  await space.apply(user('first', 'echo kept > /home/file && sleep 600'))
  await space.running('first')
  await space.kubectl(['delete', 'pod', 'first'])

  await space.apply(user('second', 'sleep 600'))
  await space.running('second')
  assert.equal(await space.inPod('second', 'cat /home/file'), 'kept')
})

check(
  'a claim of the class that grows gets what it asks for later, and is told when that is too much',
  async (space) => {
    const claim = (storage: string) => {
      const spec = { storageClassName: 'growing', accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } }
      return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'home' }, spec }
    }
    const has = (field: string, wanted: string) =>
      space.kubectl(['wait', 'pvc/home', `--for=jsonpath={.status.${field}}=${wanted}`, '--timeout=240s'])
    const volumes = [{ name: 'home', persistentVolumeClaim: { claimName: 'home' } }]
    await space.apply(claim('1Gi'), pod({ name: 'user', spec: { volumes } }))
    await space.running('user')

    await space.apply(claim('2Gi'))
    await has('capacity.storage', '2Gi')
    await space.apply(claim('2Ti'))
    await has('conditions[0].type', 'ControllerResizeError')
  },
)

check('an image that does not exist is missed at once, whatever its registry', async (space) => {
  await space.apply(pod({ name: 'missing', container: { image: 'quay.io/nobody/nothing:1' } }))
  const waiting = '--output=jsonpath={.status.containerStatuses[0].state.waiting.reason}'
  await until('the reason', async () =>
    /ErrImagePull|ImagePullBackOff/.test(await space.kubectl(['get', 'pod', 'missing', waiting])),
  )
  const { message } = JSON.parse(
    await space.kubectl(['get', 'pod', 'missing', '--output=jsonpath={.status.containerStatuses[0].state.waiting}']),
  ) as { message: string }
  assert.match(message, /not found|Back-off/)
})

check('an image of a user starts: today’s, an old one, and a broken one that says why', async (space) => {
  const server = (name: 'user' | 'user-old' | 'user-broken', command: string) =>
    pod({ name, command, container: { image: kubernetes.image(name) }, spec: { restartPolicy: 'Never' } })
  await space.apply(
    server('user', 'jupyterhub-singleuser --version && id -un'),
    server('user-old', 'jupyterhub-singleuser --version && id -un'),
    server('user-broken', 'jupyterhub-singleuser'),
  )
  const ended = (name: string, phase: string) =>
    space.kubectl(['wait', `--for=jsonpath={.status.phase}=${phase}`, `pod/${name}`, '--timeout=240s'])
  await ended('user', 'Succeeded')
  await ended('user-old', 'Succeeded')
  await ended('user-broken', 'Failed')
  assert.match(await space.kubectl(['logs', 'user']), /^5\.4\.\d+\njovyan$/m)
  assert.match(await space.kubectl(['logs', 'user-old']), /^2\.3\.\d+\njovyan$/m)
  assert.match(await space.kubectl(['logs', 'user-broken']), /broken on purpose/)
})

check('a NetworkPolicy refuses what it does not allow, coming in and going out', async (space) => {
  const [near, far] = [pod({ name: 'near', labels: { role: 'friend' } }), pod({ name: 'far' })]
  await space.apply(near, far, pod({ name: 'web' }))
  const web = await space.running('web')
  const [nearAddress] = [await space.running('near'), await space.running('far')]
  const hears = (from: string, address: string) =>
    space.inPod(from, `timeout 2 wget -qO- http://${address}:8000/`).then(
      () => true,
      () => false,
    )
  const becomes = (wanted: boolean, from: string, address: string) =>
    until(
      `${from} ${wanted ? 'reaches' : 'does not reach'} ${address}`,
      async () => (await hears(from, address)) === wanted,
    )
  const policy = (name: string, spec: object) =>
    space.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec })
  const friends = [{ podSelector: { matchLabels: { role: 'friend' } } }]
  assert.deepEqual([await hears('near', web), await hears('far', web)], [true, true])

  const podSelector = { matchLabels: { app: 'web' } }
  await policy('web', { podSelector, ingress: [{ from: friends, ports: [{ port: 'web' }] }] })
  await becomes(false, 'far', web)
  assert.equal(await hears('near', web), true)

  await policy('web', { podSelector, ingress: [{ from: friends, ports: [{ port: 9000, endPort: 9001 }] }] })
  await becomes(false, 'near', web)

  await policy('web', { podSelector, ingress: [{ from: [{ namespaceSelector: {} }] }] })
  await becomes(true, 'far', web)

  const egress = [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [`${web}/32`] } }] }]
  await policy('far', { podSelector: { matchLabels: { app: 'far' } }, policyTypes: ['Egress'], egress })
  await becomes(false, 'far', web)
  assert.equal(await hears('far', nearAddress), true)
})

check('a hundred pods run on nodes that only seem to be', async (space) => {
  const spec = {
    nodeSelector: { type: 'kwok' },
    tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
  }
  const pods = Array.from({ length: 100 }, (_, index) => pod({ name: `fake-${index}`, spec }))
  await space.apply(...pods)
  // Not by `kubectl wait`, which watches pod after pod.
  await until('a hundred pods that run', async () => {
    const phases = await space.kubectl(['get', 'pods', '--output=jsonpath={.items[*].status.phase}'])
    return phases.split(' ').filter((phase) => phase === 'Running').length === 100
  })
  const nodes = await space.kubectl(['get', 'pods', '--output=jsonpath={.items[*].spec.nodeName}'])
  assert.deepEqual([...new Set(nodes.split(' '))].sort(), ['kwok1', 'kwok2'])
})

check('exec, logs and port-forward work', async (space) => {
  await space.apply(pod({ name: 'web', command: 'echo hello; sleep 600' }), pod({ name: 'page' }))
  await space.running('web')
  await space.running('page')
  assert.equal(await space.inPod('web', 'echo "$HOSTNAME"'), 'web')
  assert.equal(await space.kubectl(['logs', 'web']), 'hello\n')

  const words = [`--kubeconfig=${kubernetes.kubeconfig}`, `--namespace=${space.name}`, 'port-forward', 'page', ':8000']
  const forward = spawn(join(programs, 'kubectl'), words)
  try {
    const said = await new Promise<string>((resolve) => forward.stdout.once('data', (chunk) => resolve(`${chunk}`)))
    assert.equal(await fetchText(`http://127.0.0.1:${/127\.0\.0\.1:(\d+)/.exec(said)?.[1]}/`), 'page')
  } finally {
    forward.kill()
  }
})

check('a GPU that the node claims to have is given to one pod, and the next one is told', async (space) => {
  const gpus = async (count: string | null) => {
    const patch = { status: { capacity: { 'nvidia.com/gpu': count } } }
    const words = ['patch', 'node', 'node1', '--subresource=status', '--type=merge', `--patch=${JSON.stringify(patch)}`]
    await kubernetes.kubectl(words)
  }
  const wants = { resources: { limits: { 'nvidia.com/gpu': '1' } } }
  await gpus('1')
  try {
    await space.apply(pod({ name: 'first', container: wants }))
    await space.running('first')
    await space.apply(pod({ name: 'second', container: wants }))
    const reason = '--output=jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}'
    await until('the reason', async () =>
      (await space.kubectl(['get', 'pod', 'second', reason])).includes('Insufficient nvidia.com/gpu'),
    )
  } finally {
    await gpus(null)
  }
})

check('an API server that was killed comes back with what it had', async (space) => {
  await space.apply(service('kept'))
  await kubernetes.stop('kube-apiserver')
  await assert.rejects(space.kubectl(['get', 'service', 'kept']))
  await kubernetes.start('kube-apiserver')
  await until('the API server', () =>
    space.kubectl(['get', 'service', 'kept']).then(
      () => true,
      () => false,
    ),
  )
})
