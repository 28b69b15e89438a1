/** A namespace that enforces Kubernetes' strictest rules for pods admits every pod of ours, and servers as docs/kubernetes.md has them. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/index.ts'
import { planOf } from '../../src/spawners/kubernetes/plan.ts'
import { podManifest } from '../../src/spawners/kubernetes/pod/index.ts'
import { cluster, createWorkspace, noCluster } from '../cluster/index.ts'
import { root } from '../cluster/paths.ts'
import { rendered } from './helm.ts'

const everything = {
  proxy: { https: { enabled: true, hosts: ['a.test'], letsencrypt: { contactEmail: 'it@a.test' } } },
  scheduling: { podPriority: { enabled: false }, userPlaceholder: { replicas: 1 } },
}

test('the rules "restricted" of Pod Security', { skip: noCluster }, async (t) => {
  const kubernetes = await cluster()
  await using space = await createWorkspace(kubernetes)
  await kubernetes.kubectl(['label', 'namespace', space.name, 'pod-security.kubernetes.io/enforce=restricted'])
  /** Nothing is made: the API server only says whether it would be. */
  const admit = (name: string, spec: object) => {
    // Accounts are made with the release; who runs a pod is not what is asked here.
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { ...spec, serviceAccountName: 'default' } }
    return space.kubectl(['create', '--dry-run=server', '--filename=-'], JSON.stringify(pod))
  }
  const objects = await rendered(everything)
  const templates = [...objects.values()].filter(({ spec }) => spec?.template?.spec)
  assert.deepEqual(templates.map(({ metadata }) => metadata.name).toSorted(), [
    'continuous-image-puller',
    'hub',
    'proxy',
    'user-placeholder',
  ])

  for (const { metadata, spec } of templates) {
    await t.test(metadata.name, async () => void (await admit(metadata.name, spec.template.spec)))
  }

  await t.test('a server with what docs/kubernetes.md says, and none without', async () => {
    const page = await readFile(join(root, 'docs', 'kubernetes.md'), 'utf8')
    const [, text = ''] = /## Where nothing privileged is admitted[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page) ?? []

    await admit('server', await serverSpec(parse(text)))
    await assert.rejects(async () => admit('server', await serverSpec({})), /violates PodSecurity "restricted/)
  })
})

async function serverSpec(values: object): Promise<object> {
  const { settings } = await loadConfig({ text: JSON.stringify(values), mode: 'cluster' })
  assert.ok(settings)
  const server = { id: 1, userId: 1, userName: 'ana', serverName: '' }
  const plan = planOf({ server, settings: settings.kubernetes, overrides: [], namespace: 'class', release: null })
  return podManifest({ plan, environment: {}, attempt: 1 }).spec
}
