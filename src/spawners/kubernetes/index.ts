/** Servers as pods of a cluster, each with its user's volume: what KubeSpawner does, with its names and manifests. */
import { readFileSync } from 'node:fs'
import { messageOf } from '#base/errors.ts'
import { createKube, type Kube, type KubeObject, type Pod } from '#kube'
import type {
  Belonging,
  Edition,
  Handle,
  Launched,
  LaunchRequest,
  Observation,
  ProgressReport,
  ServerRef,
  Spawner,
  Starting,
} from '../contract.ts'
import type { SpawnerDeps } from '../registry.ts'
import { editionOf, withEdition } from './edition.ts'
import { launchPod } from './launch.ts'
import { idAnnotation, isOfServer, serverAnnotation, storageComponent, userAnnotation } from './metadata.ts'
import { withHook } from './own-pod.ts'
import { type Plan, planOf, type Release } from './plan.ts'
import { podManifest } from './pod/index.ts'
import { reportOf } from './recent-events.ts'
import { endingOf, tellingContainer } from './seen/ending.ts'
import { handleOf, observed } from './seen/index.ts'
import { patience } from './seen/patience.ts'
import { endPod } from './stop.ts'
import { deleteClaims } from './storage.ts'
import { connectHost } from './url.ts'
import { World } from './world.ts'

export function createKubernetesSpawner(deps: SpawnerDeps): Spawner {
  return new KubernetesSpawner(deps)
}

class KubernetesSpawner implements Spawner {
  readonly name = 'kubernetes'
  readonly #deps: SpawnerDeps
  readonly #kube: Kube
  readonly #world: World
  readonly #release: Release | null
  #changed: (serverId: number) => void = () => {}

  constructor(deps: SpawnerDeps) {
    this.#deps = deps
    const { clock, log } = deps
    const settings = deps.settings().kubernetes
    this.#kube = createKube({
      clock,
      env: process.env,
      timeoutMs: settings.k8sApiRequestTimeout * 1000,
      patienceMs: settings.k8sApiRequestRetryTimeout * 1000,
      server: settings.k8sApiHost,
      ca: settings.k8sApiSslCaCert && readFileSync(settings.k8sApiSslCaCert, 'utf8'),
      verify: settings.k8sApiVerifySsl,
    })
    this.#release = releaseOf(process.env)
    this.#world = new World({
      kube: this.#kube,
      clock,
      log,
      namespace: settings.enableUserNamespaces ? null : this.#namespace(),
      componentLabel: settings.componentLabel,
      withEvents: settings.eventsEnabled,
      withClaims: true,
      onPod: (pod) => this.#podChanged(pod),
    })
  }

  async listenUrl(): Promise<string> {
    const { ip, port } = this.#deps.settings().kubernetes
    return listenUrl(ip, port)
  }

  async launch(
    request: LaunchRequest,
    report: (progress: ProgressReport) => void,
    signal: AbortSignal,
  ): Promise<Launched> {
    const plan = this.#plan(request.server, request.overrides)
    const { pod, plan: settled } = await launchPod(plan, {
      kube: this.#kube,
      world: this.#world,
      signal,
      report,
      podOf: (own) =>
        withHook(
          withEdition(
            podManifest({ plan: own, environment: environmentOf(request, own), attempt: request.attempt }),
            request.edition,
          ),
          request,
        ),
    })
    this.#world.learn(pod)
    const claim = settled.settings.storagePvcEnsure ? { pvc_name: settled.names.claim } : {}
    return { handle: { ...handleOf(pod, connectHost(settled)), ...claim, attempt: request.attempt } }
  }

  edition(server: ServerRef, overrides: LaunchRequest['overrides']): Edition {
    return editionOf(podManifest({ plan: this.#plan(server, overrides), environment: {}, attempt: 0 }))
  }

  async observe(server: ServerRef, handle: Handle | null): Promise<Observation> {
    await this.#world.pods.ready()
    const seen = await this.#find(server, handle)
    if (!seen) return { phase: 'absent' }
    const { pod, isGone } = seen
    if (isGone) {
      const ending = endingOf({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: 'gone' } })
      return ending ? { phase: 'exited', ...ending } : { phase: 'absent' }
    }
    const { namespace = '', name, uid } = pod.metadata
    const events = this.#world.events.of(namespace, name, uid)
    const host = typeof handle?.dns_name === 'string' ? handle.dns_name : null
    const observation = observed({ pod, events, host })
    return observation.phase === 'starting' ? this.#withNews(observation, pod) : observation
  }

  async stop(server: ServerRef, handle: Handle | null, { now }: { now: boolean }, signal: AbortSignal): Promise<void> {
    await this.#world.pods.ready(signal)
    const seen = await this.#find(server, handle)
    if (!seen || seen.isGone) return
    const { deleteStoppedPods, deleteGracePeriod } = this.#deps.settings().kubernetes
    if (!deleteStoppedPods && hasEnded(seen.pod)) return
    const graceSeconds = now ? 0 : deleteGracePeriod
    await endPod(seen.pod.metadata, { kube: this.#kube, world: this.#world, signal, graceSeconds })
  }

  async deleteStorage(server: ServerRef): Promise<void> {
    if (!this.#deps.settings().kubernetes.deletePvc) return
    const signal = AbortSignal.timeout(60_000)
    await deleteClaims(server, { kube: this.#kube, world: this.#world, signal })
  }

  watch(changed: (serverId: number) => void, signal: AbortSignal): void {
    this.#changed = changed
    this.#world
      .run(signal)
      .catch((error) => this.#deps.log.error({ problem: messageOf(error) }, 'The watch of the cluster ended'))
      .finally(() => this.#kube.close())
  }

  async belongings(): Promise<readonly Belonging[]> {
    const soon = AbortSignal.timeout(5_000)
    await Promise.all([this.#world.pods.ready(soon), this.#world.claims.ready(soon)])
    const claims = [...this.#world.claims.all()].filter(
      ({ metadata }) => metadata.labels?.component === storageComponent,
    )
    return [...belongingsOf('pod', this.#world.pods.all()), ...belongingsOf('volume', claims)]
  }

  async log(server: ServerRef, handle: Handle | null, lines: number): Promise<readonly string[]> {
    const seen = await this.#find(server, handle)
    if (!seen || seen.isGone) return []
    const { name, namespace = '' } = seen.pod.metadata
    const text = await this.#kube.log({ name, namespace }, { ...tellingContainer(seen.pod), lines })
    return text.split('\n').filter((line) => line !== '')
  }

  /** The pod of the handle; without one, that which says that it is this server's. */
  async #find(server: ServerRef, handle: Handle | null): Promise<{ pod: Pod; isGone: boolean } | null> {
    const { pod_name: name, namespace, uid } = handle ?? {}
    if (typeof name !== 'string' || typeof namespace !== 'string') return this.#findByLabels(server)
    const seen = this.#world.lastSeen(namespace, name)
    if (seen && (uid === undefined || seen.pod.metadata.uid === uid)) return seen
    // Not in the copy: it was made while the watch was down, or is gone for long.
    const there = await this.#kube.get('pods', { name, namespace })
    if (!there || !isOfServer(there.metadata, server)) return null
    this.#world.learn(there)
    return uid === undefined || there.metadata.uid === uid ? { pod: there, isGone: false } : null
  }

  #findByLabels(server: ServerRef): { pod: Pod; isGone: boolean } | null {
    for (const pod of this.#world.pods.all()) {
      if (isOfServer(pod.metadata, server)) return { pod, isGone: false }
    }
    return null
  }

  #withNews(start: Starting, pod: Pod): Starting {
    const { namespace = '', name, uid } = pod.metadata
    const news = this.#world.events.of(namespace, name, uid).map(reportOf)
    const slow = patience(pod, this.#deps.settings().kubernetes, this.#deps.clock.now())
    return { ...start, news: slow ? [...news, slow] : news }
  }

  #plan(server: ServerRef, overrides: LaunchRequest['overrides']): Plan {
    return planOf({
      server,
      settings: this.#deps.settings().kubernetes,
      overrides,
      namespace: this.#namespace(),
      release: this.#release,
    })
  }

  #namespace(): string {
    return this.#deps.settings().kubernetes.namespace ?? this.#kube.namespace
  }

  #podChanged({ metadata }: Pod): void {
    const id = Number(metadata.annotations?.[idAnnotation])
    if (Number.isInteger(id)) this.#changed(id)
  }
}

function belongingsOf(what: Belonging['what'], all: Iterable<KubeObject>): readonly Belonging[] {
  return [...all].flatMap(({ metadata: { name, annotations = {} } }) => {
    const userName = annotations[userAnnotation]
    return userName === undefined ? [] : [{ what, name, userName, serverName: annotations[serverAnnotation] ?? '' }]
  })
}

/** Nothing of it runs any more. */
function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** A profile may have another address or port. */
function environmentOf({ hubEnvironment }: LaunchRequest, { settings }: Plan): Readonly<Record<string, string>> {
  const path = new URL(hubEnvironment.JUPYTERHUB_SERVICE_URL ?? 'http://0.0.0.0/').pathname
  return { ...hubEnvironment, JUPYTERHUB_SERVICE_URL: `${listenUrl(settings.ip, settings.port)}${path}` }
}

function listenUrl(ip: string, port: number): string {
  return `http://${ip.includes(':') ? `[${ip}]` : ip}:${port || 8888}`
}

/** What the chart tells the hub of its release. */
function releaseOf(env: Readonly<Record<string, string | undefined>>): Release | null {
  const { HELM_RELEASE_NAME: name, HELM_CHART_NAME: chart = 'jupyterhub', HELM_CHART_VERSION: version = '0' } = env
  return name ? { name, chart, version } : null
}
