/** A real hub on this machine whose servers are pods of the cluster. */
import { type Cluster, createWorkspace, type Workspace } from '../cluster/index.ts'
import { eventually, type HubOptions, type RunningHub, startHub } from '../harness/hub.ts'

export interface ClusterHub extends AsyncDisposable {
  readonly space: Workspace
  readonly hub: RunningHub
  /** Starts another hub on the same data after this one was killed. */
  again(): Promise<void>
  start(user: string, options?: Record<string, unknown>, server?: string): Promise<void>
  stop(user: string, server?: string): Promise<void>
  /** Waits for a server; throws what the hub says when it fails. */
  ready(user: string, server?: string): Promise<void>
  /** Waits until it has failed, and gives the reason. */
  failed(user: string, server?: string): Promise<Reason>
  /** The only pod of a user, as the API server has it. */
  pod(user: string): Promise<PodModel>
  /** What a command printed in the user's pod. */
  inPod(user: string, command: string): Promise<string>
  token(user: string): Promise<string>
}

export interface Reason {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  readonly log_tail: readonly string[]
}

export interface PodModel {
  readonly metadata: { readonly name: string; readonly annotations: Record<string, string> }
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] }
}

interface ServerModel {
  readonly ready: boolean
  readonly pending: string | null
  readonly failure?: Reason | null
}

export interface ClusterHubOptions extends Omit<HubOptions, 'config'> {
  /** Of `singleuser`. */
  readonly singleuser?: object
  readonly traits?: object
  readonly hub?: object
}

const seconds = 240_000

export async function startClusterHub(
  kubernetes: Cluster,
  { singleuser = {}, traits = {}, hub: hubKeys = {}, ...rest }: ClusterHubOptions = {},
): Promise<ClusterHub> {
  const space = await createWorkspace(kubernetes)
  const config = JSON.stringify({
    hub: {
      ...hubKeys,
      config: {
        JupyterHub: { authenticator_class: 'dummy', allow_named_servers: true },
        Authenticator: { allow_all: true },
        KubeSpawner: { namespace: space.name, ...traits },
      },
    },
    singleuser: {
      image: imageOf(kubernetes.image('user')),
      storage: { capacity: '1Gi' },
      memory: { guarantee: null },
      cloudMetadata: { blockWithIptables: false },
      ...singleuser,
    },
    scheduling: { userScheduler: { enabled: false } },
  })
  const options: HubOptions = {
    ...rest,
    config,
    env: { KUBECONFIG: kubernetes.kubeconfig, ...rest.env },
    flags: ['--kubernetes', '--host', kubernetes.host ?? '0.0.0.0', ...(rest.flags ?? [])],
  }
  let hub = await startHub(options)
  const server = async (user: string, name: string) => {
    const answer = await hub.api(`/users/${user}?include_stopped_servers=1`)
    if (answer.status !== 200) return null
    return ((await answer.json()) as { servers: Record<string, ServerModel> }).servers[name] ?? null
  }
  const path = (user: string, name: string) => (name ? `/users/${user}/servers/${name}` : `/users/${user}/server`)
  const pod = async (user: string) => {
    const found = JSON.parse(await space.kubectl(['get', 'pods', '--output=json'])) as { items: PodModel[] }
    const own = found.items.filter(({ metadata }) => metadata.annotations['hub.jupyter.org/username'] === user)
    if (own.length !== 1) throw new Error(`${user} has ${own.length} pods`)
    return own[0] as PodModel
  }
  return {
    space,
    get hub() {
      return hub
    },
    async again() {
      hub = await startHub({ ...options, dataDir: hub.dataDir, port: Number(new URL(hub.url).port) })
    },
    async start(user, picked = {}, name = '') {
      await hub.api(`/users/${user}`, { method: 'POST' })
      const answer = await hub.api(path(user, name), { method: 'POST', body: JSON.stringify(picked) })
      if (answer.status !== 201 && answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`)
    },
    async stop(user, name = '') {
      await hub.api(path(user, name), { method: 'DELETE' })
      await eventually(`${user} has stopped`, async () => (await server(user, name))?.pending === null, seconds)
    },
    async ready(user, name = '') {
      await eventually(
        `${user} is ready`,
        async () => {
          const model = await server(user, name)
          if (model?.failure) throw new Error(JSON.stringify(model.failure))
          return model?.ready ?? false
        },
        seconds,
      )
    },
    failed: (user, name = '') =>
      eventually(`${user} has failed`, async () => (await server(user, name))?.failure ?? null, seconds),
    pod,
    inPod: async (user, command) => space.inPod((await pod(user)).metadata.name, command),
    async token(user) {
      const made = await hub.api(`/users/${user}/tokens`, { method: 'POST', body: JSON.stringify({ note: 'test' }) })
      return ((await made.json()) as { token: string }).token
    },
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]()
      await space[Symbol.asyncDispose]()
    },
  }
}

export function imageOf(name: string): { name: string; tag: string } {
  const at = name.lastIndexOf(':')
  return { name: name.slice(0, at), tag: name.slice(at + 1) }
}
