/** Who the server runs as; what is written as a whole securityContext wins over the single settings, key by key. */
import type { KubernetesSettings } from '#config'
import { checkedContext, type Fields } from './fields.ts'

export function podSecurity(settings: KubernetesSettings): Fields | null {
  const { fsGid, supplementalGids, podSecurityContext } = settings
  return orNull({
    ...(fsGid === null ? {} : { fsGroup: fsGid }),
    ...(supplementalGids.length === 0 ? {} : { supplementalGroups: supplementalGids }),
    ...checkedContext('pod_security_context', podSecurityContext),
  })
}

/** Of the server's own container; those beside it have only the pod's. */
export function containerSecurity(settings: KubernetesSettings): Fields | null {
  const { uid, gid, privileged, allowPrivilegeEscalation, containerSecurityContext } = settings
  return orNull({
    ...(uid === null ? {} : { runAsUser: uid }),
    ...(gid === null ? {} : { runAsGroup: gid }),
    ...(privileged ? { privileged } : {}),
    ...(allowPrivilegeEscalation === null ? {} : { allowPrivilegeEscalation }),
    ...checkedContext('container_security_context', containerSecurityContext),
  })
}

/** Without an account of its own a pod gets no token: it must not reach the API server by accident. */
export function account({ serviceAccount, automountServiceAccountToken }: KubernetesSettings): Fields {
  const mounts = automountServiceAccountToken ?? (serviceAccount === null ? false : null)
  return mounts === null ? {} : { automountServiceAccountToken: mounts }
}

function orNull(context: Fields): Fields | null {
  return Object.keys(context).length === 0 ? null : context
}
