import type { Kube, Pod } from '#kube'
import type { World } from './world.ts'

export interface StopTools {
  readonly kube: Kube
  readonly world: World
  readonly signal: AbortSignal
  readonly graceSeconds: number
}

/** The watch tells at once; a look of our own now and then makes up for a watch that is down. */
const lookEveryMs = 5_000

/** Deletes a pod and returns when it is gone, so that its volume is free for the next. */
export async function endPod(pod: Pod['metadata'], { kube, world, signal, graceSeconds }: StopTools): Promise<void> {
  const { name, namespace = '', uid } = pod
  await kube.delete('pods', { name, namespace }, { signal, graceSeconds, uid, patienceMs: Number.POSITIVE_INFINITY })
  while (!(await isGone())) {
    const nap = AbortSignal.any([signal, AbortSignal.timeout(lookEveryMs)])
    await world.podChange(namespace, name, nap).catch(() => signal.throwIfAborted())
  }

  async function isGone(): Promise<boolean> {
    const seen = world.lastSeen(namespace, name)
    if (seen && seen.pod.metadata.uid !== uid) return true
    if (seen?.isGone) return true
    if (seen && world.pods.staleMs() === 0) return false
    const there = await kube.get('pods', { name, namespace }, { signal, patienceMs: Number.POSITIVE_INFINITY })
    return there === null || there.metadata.uid !== uid
  }
}
