/** What we do otherwise than KubeSpawner, on purpose: what its answer becomes before ours must equal it. */

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

/** Of single configurations, by the name that a case has in `differs`. */
export const differences: Readonly<Record<string, Difference>> = {
  'scalar variables': {
    why: 'Numbers and switches in extraEnv are written as text, where KubeSpawner fails.',
    meant: (peer) => {
      for (const [name, value] of [
        ['N', '5'],
        ['YES', 'True'],
      ] as const) {
        const entry = { name, value }
        const { env } = peer.pod.spec.containers[0]
        env.push(entry)
      }
      peer.pod.spec.containers[0].env.sort((a: Tree, b: Tree) => (a.name < b.name ? -1 : 1))
      return peer
    },
  },
  'refused by both': { why: 'It is wrong; ours says which key, at once.', meant: (peer) => peer },
}
