/**
 * The pod of a server, field for field as KubeSpawner 7 makes it: labels, mounts and variables are what policies, images
 * and users' files rely on. Empty lists stay, as there.
 */
import type { Pod } from '#kube'
import { annotations, attemptAnnotation, idAnnotation, podLabels } from '../metadata.ts'
import type { Plan } from '../plan.ts'
import { allFilledIn, filledIn } from '../templates.ts'
import { environment } from './environment.ts'
import { camelFields, type Fields, itemsOf, replaced, withoutNulls } from './fields.ts'
import { resources } from './resources.ts'
import { scheduling } from './scheduling.ts'
import { account, containerSecurity, podSecurity } from './security.ts'
import { volumeMounts, volumes } from './volumes.ts'

export const serverContainer = 'notebook'
export const portName = 'notebook-port'
const usualPort = 8888

export interface PodFacts {
  readonly plan: Plan
  /** The variables that the hub decides. */
  readonly environment: Readonly<Record<string, string>>
  readonly attempt: number
}

/** Errors: TEMPLATE_INVALID, FIELD_NAME. */
export function podManifest({ plan, environment: hubEnvironment, attempt }: PodFacts): Pod {
  const { server, settings, names } = plan
  const initContainers = allFilledIn(itemsOf(settings.initContainers), names.fields).map(camelFields)
  const beside = allFilledIn(itemsOf(settings.extraContainers), names.fields).map(camelFields)
  const made = withoutNulls({
    restartPolicy: 'OnFailure',
    ...account(settings),
    imagePullSecrets: pullSecrets(settings.imagePullSecrets),
    securityContext: podSecurity(settings),
    serviceAccountName: settings.serviceAccount === null ? null : filledIn(settings.serviceAccount, names.fields),
    ...scheduling(settings),
    initContainers: initContainers.length > 0 ? initContainers : null,
    containers: [notebook(plan, hubEnvironment), ...beside],
    volumes: volumes(plan),
  })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: names.pod,
      namespace: names.namespace,
      labels: podLabels(plan),
      annotations: {
        ...annotations(plan, settings.extraAnnotations),
        [idAnnotation]: `${server.id}`,
        [attemptAnnotation]: `${attempt}`,
      },
    },
    // Safe: `containers` is above, and what replaces it is the API server's to judge.
    spec: replaced(made, allFilledIn(settings.extraPodConfig, names.fields)) as Pod['spec'],
  }
}

function notebook(plan: Plan, hubEnvironment: Readonly<Record<string, string>>): Fields {
  const { settings, names } = plan
  const made = withoutNulls({
    name: serverContainer,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    // Never `command`: the image's entry point stays in charge.
    args: settings.cmd && settings.cmd.length > 0 ? [...settings.cmd, ...settings.args] : null,
    workingDir: settings.workingDir ? filledIn(settings.workingDir, names.fields) : settings.workingDir,
    ports: [{ name: portName, containerPort: settings.port || usualPort }],
    env: environment(plan, hubEnvironment),
    lifecycle: camelFields(settings.lifecycleHooks),
    resources: resources(settings),
    securityContext: containerSecurity(settings),
    volumeMounts: volumeMounts(plan),
  })
  return replaced(made, settings.extraContainerConfig)
}

function pullSecrets(written: string | readonly unknown[]): readonly unknown[] {
  const all = typeof written === 'string' ? [written] : written
  return all.map((one) => (typeof one === 'string' ? { name: one } : one))
}
