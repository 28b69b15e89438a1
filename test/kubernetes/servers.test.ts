/** A person's servers on the real cluster: environments, files that stay, what is told when something is wrong. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cluster, cluster, noCluster, until } from '../cluster/index.ts'
import { runInKernel } from '../harness/kernel.ts'
import { type ClusterHub, imageOf, startClusterHub } from './hub.ts'

let kubernetes: Cluster
before(async () => {
  if (noCluster === false) kubernetes = await cluster()
})

const inHub = (name: string, body: () => Promise<void>) => test(name, { skip: noCluster }, body)

/** Those of the guide that z2jh's users follow, with the images that this cluster has. */
function fourProfiles() {
  const pull = 'mkdir -p ~/materials && echo pulled > ~/materials/note'
  const [today, old] = [kubernetes.image('user'), kubernetes.image('user-old')]
  return [
    { display_name: 'Minimal environment', description: 'Python.', default: true },
    { display_name: 'Datascience environment', description: 'More.', kubespawner_override: { image: old } },
    { display_name: 'Spark environment', description: 'Spark.', kubespawner_override: { image: today } },
    {
      display_name: 'Learning Data Science',
      description: 'With notebooks.',
      kubespawner_override: {
        image: today,
        lifecycle_hooks: { postStart: { exec: { command: ['sh', '-c', pull] } } },
      },
    },
  ]
}

inHub('a person picks each of four environments in turn and finds their files in all of them', async () => {
  await using here = await startClusterHub(kubernetes, {
    singleuser: {
      profileList: fourProfiles(),
      sharedMemory: '128Mi',
      memory: { limit: '1G', guarantee: null },
      uid: 1000,
      fsGid: 100,
    },
  })
  const images = [
    kubernetes.image('user'),
    kubernetes.image('user-old'),
    kubernetes.image('user'),
    kubernetes.image('user'),
  ]
  const slugs = ['minimal-environment', 'datascience-environment', 'spark-environment', 'learning-data-science']

  for (const [index, profile] of slugs.entries()) {
    await here.start('ana', { profile })
    await here.ready('ana')
    const pod = await here.pod('ana')
    assert.equal(pod.spec.containers[0]?.image, images[index], profile)
    if (index === 0) await lookInside(here)
    assert.equal(await here.inPod('ana', 'cat ~/kept'), 'mine', profile)
    if (profile === 'learning-data-science') {
      assert.equal(await here.inPod('ana', 'cat ~/materials/note'), 'pulled')
    }
    if (index === 1) {
      await here.hub.kill()
      await here.again()
      await here.ready('ana')
    }
    await here.stop('ana')
  }
})

async function lookInside(here: ClusterHub): Promise<void> {
  const url = `${here.hub.url}/user/ana/`
  assert.equal((await runInKernel(url, await here.token('ana'), 'print(6*7)')).trim(), '42')
  assert.match(await here.inPod('ana', 'df -m /dev/shm | tail -1'), /\b128\b/)
  assert.equal(await here.inPod('ana', 'echo "$MEM_LIMIT"'), '1073741824')
  await here.inPod('ana', 'echo mine > ~/kept')
}

inHub('what is wrong with a start is told in words, and the next start works', async () => {
  const profile = (display_name: string, kubespawner_override: object) => ({ display_name, kubespawner_override })
  const { name } = imageOf(kubernetes.image('user'))
  await using here = await startClusterHub(kubernetes, {
    singleuser: {
      storage: { type: 'none' },
      startTimeout: 40,
      profileList: [
        profile('Fine', {}),
        profile('Missing', { image: `${name}-that-is-not-there:1` }),
        profile('Misnamed', { image: 'No Image' }),
        profile('Broken', { image: kubernetes.image('user-broken') }),
        profile('Gpu', { extra_resource_limits: { 'nvidia.com/gpu': '1' } }),
        profile('Secretive', { environment: { KEY: { valueFrom: { secretKeyRef: { name: 'no-such', key: 'a' } } } } }),
        profile('Unprepared', {
          init_containers: [
            { name: 'prepare', image: kubernetes.image('busybox'), command: ['sh', '-c', 'echo no; exit 3'] },
          ],
        }),
        profile('Commandless', { cmd: ['no-such-program'] }),
      ],
    },
  })
  const ends: readonly [profile: string, code: string, message: RegExp][] = [
    ['missing', 'IMAGE_PULL', /that-is-not-there.* can't be fetched/],
    ['misnamed', 'INVALID|IMAGE_NAME', /No Image/],
    ['broken', 'EXITED', /ended with code/],
    ['secretive', 'CONTAINER_CONFIG', /no-such/],
    ['unprepared', 'INIT_FAILED', /"prepare" ended with code 3/],
    ['commandless', 'COMMAND_NOT_FOUND', /no-such-program/],
    ['gpu', 'NO_NODE', /nvidia\.com\/gpu/],
  ]
  await Promise.all(
    ends.map(async ([profile, code, message]) => {
      const user = `${profile}-user`
      await here.start(user, { profile })
      const reason = await here.failed(user)
      assert.match(reason.code, new RegExp(`^(${code})$`), JSON.stringify(reason))
      assert.match(reason.message, message)
      assert.ok(reason.hint)
      if (profile === 'broken') assert.match(reason.log_tail.join('\n'), /broken on purpose/)
    }),
  )

  await here.start('broken-user', { profile: 'fine' })
  await here.ready('broken-user')
})

inHub('a server that needs too much memory is ended, and that is said with the limit', async () => {
  await using here = await startClusterHub(kubernetes, {
    singleuser: {
      storage: { type: 'none' },
      uid: 0,
      memory: { limit: '100M', guarantee: null },
      image: imageOf(kubernetes.image('busybox')),
      cmd: [
        'sh',
        '-c',
        'mkdir -p /tmp/user/ana && echo "{\\"version\\": \\"1\\"}" > /tmp/user/ana/api && httpd -p 8888 -h /tmp && sleep 5 && exec tail /dev/zero',
      ],
    },
  })
  await here.start('ana')

  const reason = await here.failed('ana')

  assert.equal(reason.code, 'OUT_OF_MEMORY', JSON.stringify(reason))
  assert.match(reason.message, /100 MiB/)
})

inHub(
  'a pod that somebody deletes and a drained node are noticed at once, and the next start finds the files',
  async () => {
    await using here = await startClusterHub(kubernetes, { singleuser: { uid: 1000, fsGid: 100 } })
    await here.start('ana')
    await here.ready('ana')
    await here.inPod('ana', 'echo mine > ~/kept')
    await here.space.kubectl(['delete', 'pod', (await here.pod('ana')).metadata.name, '--wait=false'])
    assert.match((await here.failed('ana')).code, /DELETED/)

    await here.start('ana')
    await here.ready('ana')
    const { nodeName = '' } = (await here.pod('ana')).spec
    await kubernetes.kubectl(['cordon', nodeName])
    try {
      const words = ['--namespace', here.space.name, 'create', '--raw']
      const { name } = (await here.pod('ana')).metadata
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: here.space.name } }
      await kubernetes.kubectl([...words, `/api/v1/namespaces/${here.space.name}/pods/${name}/eviction`, '-f', '-'], {
        input: JSON.stringify(eviction),
      })
      assert.equal((await here.failed('ana')).code, 'EVICTED')
    } finally {
      await kubernetes.kubectl(['uncordon', nodeName])
    }
    await here.start('ana')
    await here.ready('ana')
    assert.equal(await here.inPod('ana', 'cat ~/kept'), 'mine')
  },
)

inHub('what is deleted with a named server is its own volume, and never another', async () => {
  await using here = await startClusterHub(kubernetes, {
    singleuser: { image: imageOf(kubernetes.image('busybox')), cmd: ['httpd', '-f', '-p', '8888'] },
  })
  for (const server of ['', 'gpu']) {
    await here.start('ana', {}, server)
    await until('the claim', async () =>
      (await here.space.kubectl(['get', 'pvc', '--output=name'])).includes(server ? 'claim-ana--gpu' : 'claim-ana'),
    )
  }
  const answer = await here.hub.api('/users/ana/servers/gpu', {
    method: 'DELETE',
    body: JSON.stringify({ remove: true }),
  })
  assert.ok([202, 204].includes(answer.status))

  await until('the claim of the named server is gone', async () => {
    const claims = await here.space.kubectl(['get', 'pvc', '--output=name'])
    return !claims.includes('claim-ana--gpu')
  })
  assert.match(await here.space.kubectl(['get', 'pvc', '--output=name']), /claim-ana$/m)
})
