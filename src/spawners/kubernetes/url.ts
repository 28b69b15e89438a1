/** Where the proxy reaches a pod. */
import type { Pod } from '#kube'
import type { Plan } from './plan.ts'
import { portName } from './pod/index.ts'
import { filledIn } from './templates.ts'

/** `http://10.2.0.7:8888`; null: it has no address yet. `host`: as `connectHost` gives it. */
export function podUrl(pod: Pod, host: string | null): string | null {
  const ip = pod.status?.podIP
  if (!ip) return null
  return `http://${host ?? (ip.includes(':') ? `[${ip}]` : ip)}:${portOf(pod)}`
}

/** The host name that the proxy takes instead of the pod's address; null: the address. */
export function connectHost({ settings, names }: Plan): string | null {
  if (settings.podConnectIp) {
    // Part by part, as KubeSpawner does: an empty name leaves no hyphen at the end of its part.
    return settings.podConnectIp
      .split('.')
      .map((part) => (part.includes('{') ? filledIn(part, names.fields) : part))
      .join('.')
  }
  return settings.servicesEnabled ? names.dns : null
}

export function portOf(pod: Pod): number {
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? [])
  return ports.find(({ name }) => name === portName)?.containerPort ?? 8888
}
