/** What the cluster said lately about pods that are coming up. */
import { type KubeEvent, keyOf } from '#kube'
import type { ProgressReport } from '../contract.ts'

/** Of one pod. */
const most = 50
/** Of pods; what is said of strangers in the namespace goes out with the oldest. */
const mostPods = 5_000

export class RecentEvents {
  readonly #byPod = new Map<string, KubeEvent[]>()

  add(event: KubeEvent): void {
    const { namespace = '', name = '' } = event.involvedObject
    const key = keyOf(namespace, name)
    const known = this.#byPod.get(key) ?? []
    // The same event, seen again, comes with a higher count.
    const others = known.filter(({ metadata }) => metadata.uid !== event.metadata.uid)
    this.#byPod.delete(key)
    this.#byPod.set(key, [...others, event].slice(-most))
    if (this.#byPod.size > mostPods) this.#byPod.delete(this.#byPod.keys().next().value as string)
  }

  /** The oldest first; with a uid only those of that very pod. */
  of(namespace: string, name: string, uid?: string): readonly KubeEvent[] {
    const all = this.#byPod.get(keyOf(namespace, name)) ?? []
    return uid === undefined ? all : all.filter(({ involvedObject }) => involvedObject.uid === uid)
  }

  forget(namespace: string, name: string): void {
    this.#byPod.delete(keyOf(namespace, name))
  }
}

/** A line as KubeSpawner writes it. */
export function reportOf(event: KubeEvent): ProgressReport & { readonly key: string } {
  const { metadata, count = 1, type = 'Normal', message = '' } = event
  const at = event.lastTimestamp ?? event.eventTime ?? metadata.creationTimestamp ?? ''
  const { managedFields: _, ...shown } = metadata as typeof metadata & { managedFields?: unknown }
  return {
    key: `${metadata.uid}/${count}`,
    progress: null,
    message: `${at} [${type}] ${message}`,
    rawEvent: { ...event, metadata: shown },
  }
}
