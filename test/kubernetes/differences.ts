/** What we do otherwise than KubeSpawner, on purpose: what its answer becomes before ours must equal it. */

import assert from 'node:assert/strict'

// Manifests are trees of anything.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Tree = any

export interface Difference {
  readonly why: string
  /** What must come of ours, given the peer's answer. */
  readonly meant: (peer: Tree) => Tree
}

/** Of every configuration. */
export const everywhere: readonly Difference[] = [
  {
    why: "We don't say that KubeSpawner made it. Instead a pod carries the server and the start that it is of.",
    meant: (peer) => {
      for (const made of [peer.pod, peer.claim, peer.service]) {
        delete made.metadata.annotations['hub.jupyter.org/kubespawner-version']
        delete made.metadata.annotations['hub.jupyter.org/jupyterhub-version']
      }
      peer.pod.metadata.annotations['hub.jupyter.org/himalia-server'] = '17'
      peer.pod.metadata.annotations['hub.jupyter.org/himalia-attempt'] = '1'
      return peer
    },
  },
  {
    why: 'A manifest of ours is whole: it names its kind, version and namespace, which KubeSpawner puts into the request.',
    meant: (peer) => {
      for (const made of [peer.pod, peer.claim, peer.service]) made.metadata.namespace = peer.names.namespace
      Object.assign(peer.service, { apiVersion: 'v1' })
      Object.assign(peer.namespace, { apiVersion: 'v1', kind: 'Namespace' })
      return peer
    },
  },
  {
    why: 'A claim without a size has no size, instead of a null.',
    meant: (peer) => {
      const { requests } = peer.claim.spec.resources
      if (requests.storage === null) delete requests.storage
      return peer
    },
  },
]

/** Of single configurations, by the name that a case has in `differs`: what must hold of ours instead. */
export const differences: Readonly<Record<string, { readonly why: string; readonly holds: (ours: Tree) => void }>> = {
  'scalar variables': {
    why: 'Numbers and switches in extraEnv are written as text, where KubeSpawner fails.',
    holds: ({ pod }) => {
      const { env } = pod.spec.containers[0]
      const own = env.filter(({ name }: Tree) => name === 'N' || name === 'YES')
      assert.deepEqual(own, [
        { name: 'N', value: '5' },
        { name: 'YES', value: 'True' },
      ])
    },
  },
  'unknown fields': {
    why: 'Fields that are newer than a client library are passed on, and judged by the API server.',
    holds: ({ pod }) => assert.equal(pod.spec.brandNew, 1),
  },
  'long names': {
    why: 'The name of a volume that is too long for Kubernetes is cut and hashed, where its API server refuses the pod.',
    holds: ({ pod }) => assert.match(pod.spec.volumes[0].name, /^volume-x{45}---[0-9a-f]{8}$/),
  },
  'unlisted value': {
    why: 'Only {value} is filled in there; another name in braces stays as it is, where KubeSpawner fails.',
    holds: ({ pod }) => {
      const [{ image, env }] = pod.spec.containers
      assert.equal(image, 'mine:2')
      assert.deepEqual(
        env.filter(({ name }: Tree) => name === 'PICKED' || name === 'LEFT'),
        [
          { name: 'LEFT', value: '{other}' },
          { name: 'PICKED', value: 'the mine:2' },
        ],
      )
    },
  },
  'late templates': {
    why: 'Templates are filled in after the choice of the profile, so that it may change them.',
    holds: ({ names, pod }) => {
      assert.deepEqual([names.pod, pod.spec.containers[0].workingDir], ['other-ada', '/home/ada'])
    },
  },
  'no profiles': {
    why: 'Where there are no profiles, a script that still asks for one gets the server.',
    holds: ({ pod }) => assert.equal(pod.metadata.name, 'jupyter-ada'),
  },
}
