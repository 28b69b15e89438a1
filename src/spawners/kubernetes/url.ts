/** Where the proxy reaches a pod. */
import type { Pod } from '#kube'
import type { Plan } from './plan.ts'
import { portName } from './pod/index.ts'
import { filledIn } from './templates.ts'

/** `http://10.2.0.7:8888`; null: it has no address yet. */
export function podUrl(plan: Plan, pod: Pod): string | null {
  const ip = pod.status?.podIP
  if (!ip) return null
  return `http://${hostOf(plan, ip)}:${portOf(pod)}`
}

function hostOf({ settings, names }: Plan, ip: string): string {
  if (settings.podConnectIp) {
    // Part by part, as KubeSpawner does: an empty name leaves no hyphen at the end of its part.
    return settings.podConnectIp
      .split('.')
      .map((part) => (part.includes('{') ? filledIn(part, names.fields) : part))
      .join('.')
  }
  if (settings.servicesEnabled) return names.dns
  return ip.includes(':') ? `[${ip}]` : ip
}

export function portOf(pod: Pod): number {
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? [])
  return ports.find(({ name }) => name === portName)?.containerPort ?? 8888
}
