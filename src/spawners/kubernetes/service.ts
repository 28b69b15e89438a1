/** A name in DNS for a server, where the proxy reaches pods by name. It goes with its pod. */
import type { Pod, Service } from '#kube'
import { annotations, podLabels, serviceLabels } from './metadata.ts'
import type { Plan } from './plan.ts'

export function serviceManifest(plan: Plan, pod: Pod, port: number): Service {
  const { settings, names } = plan
  const owner = { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: names.pod,
      namespace: names.namespace,
      labels: serviceLabels(plan),
      annotations: annotations(plan, settings.extraAnnotations),
      ownerReferences: [{ ...owner, blockOwnerDeletion: true, controller: false }],
    },
    spec: { type: 'ClusterIP', ports: [{ name: 'http', port, targetPort: port }], selector: podLabels(plan) },
  }
}
