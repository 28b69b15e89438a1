/** Our manifests are KubeSpawner's, field for field, for each configuration of the tables. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadConfig } from '../../src/config/index.ts'
import { kubeSpawner } from '../../src/config/traits/kubespawner.ts'
import { resolveOptions } from '../../src/hub/servers/options.ts'
import type { Pod } from '../../src/kube/index.ts'
import { claimManifest } from '../../src/spawners/kubernetes/claim.ts'
import { namespaceManifest } from '../../src/spawners/kubernetes/namespace.ts'
import { planOf } from '../../src/spawners/kubernetes/plan.ts'
import { podManifest } from '../../src/spawners/kubernetes/pod/index.ts'
import { serviceManifest } from '../../src/spawners/kubernetes/service.ts'
import { connectHost, podUrl, portOf } from '../../src/spawners/kubernetes/url.ts'
import type { Case } from './case.ts'
import { chart } from './cases/chart.ts'
import { container, environment } from './cases/container.ts'
import { names } from './cases/names.ts'
import { pod, quiet, storage } from './cases/pod.ts'
import { profiles } from './cases/profiles.ts'
import { differences, everywhere, type Tree } from './differences.ts'
import { answersOf, userId } from './peer.ts'

const cases = [...names, ...container, ...environment, ...pod, ...storage, ...quiet, ...profiles, ...chart]

/** Takes the chart's own choices away, so that only traits speak. */
const bare = {
  singleuser: {
    image: { name: null },
    cmd: null,
    uid: null,
    fsGid: null,
    memory: { guarantee: null },
    extraLabels: null,
    storage: { type: 'none', capacity: null },
    cloudMetadata: { blockWithIptables: false },
  },
  scheduling: { userPods: { tolerations: [], nodeAffinity: { matchNodePurpose: 'ignore' } } },
}

async function ours(
  { traits = {}, values, user = 'ada', server = '', options = {}, ip = '10.1.2.3' }: Case,
  peer: Tree,
) {
  const text = JSON.stringify(values ?? { ...bare, hub: { config: { KubeSpawner: traits } } })
  const { settings, problems } = await loadConfig({ text, mode: 'cluster' })
  assert.ok(settings, problems.map(({ message }) => message).join('\n'))
  const plan = planOf({
    server: { id: 17, userId, userName: user, serverName: server },
    settings: settings.kubernetes,
    overrides: resolveOptions(options, { profiles: settings.profiles, groups: [] }).overrides,
    namespace: 'default',
    release: null,
  })
  const made = podManifest({ plan, environment: peer.environment, attempt: 1 })
  const seen: Pod = { ...made, metadata: { ...made.metadata, uid: 'uid' }, status: { podIP: ip } }
  const { pod: podName, claim, namespace, dns } = plan.names
  return {
    names: { pod: podName, claim, namespace, dns },
    pod: made,
    claim: claimManifest(plan),
    service: serviceManifest(plan, seen, portOf(seen)),
    namespace: namespaceManifest(plan),
    url: podUrl(seen, connectHost(plan)),
  }
}

describe('Manifests are the same as KubeSpawner makes', () => {
  const answers = answersOf(cases)
  for (const [index, one] of cases.entries()) {
    test(one.says, async () => {
      const answer = answers[index]
      if (one.differs === 'refused by both') {
        assert.ok(answer.error)
        await assert.rejects(ours(one, answer))
        return
      }
      const made = plain(await ours(one, answer))
      if (one.differs !== undefined) {
        const difference = differences[one.differs]
        assert.ok(difference, `differences.ts has no row "${one.differs}"`)
        difference.holds(made)
        return
      }
      assert.equal(answer.error, undefined)
      const { environment: _, ...expected } = everywhere.reduce((tree, { meant }) => meant(tree), answer)
      assert.deepEqual(made, expected)
    })
  }

  test('there are at least 120 configurations, and each trait is in one', () => {
    const named = new Set(cases.flatMap(({ traits }) => Object.keys(traits ?? {})))
    const traits = Object.entries(kubeSpawner).flatMap(([name, { state }]) => (state === 'cluster' ? [name] : []))
    assert.ok(cases.length >= 120, `${cases.length}`)
    assert.deepEqual(
      traits.filter((name) => !named.has(name) && !ownTraits.includes(name)),
      [],
    )
  })
})

/** Ours alone; the cases of the chart have their keys. */
const ownTraits = [
  'gpu',
  'shared_memory',
  'ephemeral_storage_limit',
  'ephemeral_storage_guarantee',
  'runtime_class_name',
]

const plain = (made: unknown): Tree => JSON.parse(JSON.stringify(made))
