/** What the API server's refusal of an object of ours means for the person who waits. */
import { HimaliaError } from '#base/errors.ts'
import { isKubeError } from '#kube'
import { failure, reason } from './reasons.ts'

const quota = /exceeded quota: ([^,]+), requested: (.*?), used: (.*?), limited: (.*)$/
const webhook = /admission webhook "([^"]+)" denied the request:? ?(.*)$/s
const policy = /violates PodSecurity "([^"]+)": (.*)$/s

/** Anything but a refusal is given back as it is. `what`: `the pod` or `the volume`. */
export function explained(error: unknown, what: 'pod' | 'volume'): unknown {
  if (!(error instanceof HimaliaError) || !error.code.startsWith('KUBE_')) return error
  const said = String(error.detail.said ?? error.message)
  const [, , requested, used, limited] = quota.exec(said) ?? []
  if (requested) {
    const facts = `it asks for ${requested}; ${used} of ${limited} are used`
    if (what === 'volume')
      return failure(reason('STORAGE_QUOTA', `There is no room for another volume: ${facts}.`), error)
    return failure(reason('QUOTA', `The quota of the namespace is used up: ${facts}.`), error)
  }
  const [, name, words] = webhook.exec(said) ?? policy.exec(said) ?? []
  if (name) return failure(reason('REFUSED', `The cluster does not allow this server (${name}): ${words}`), error)
  if (isKubeError(error, 'KUBE_FORBIDDEN')) {
    return failure(reason('FORBIDDEN', `The hub may not make the ${what}: ${said}`), error)
  }
  if (isKubeError(error, 'KUBE_INVALID')) {
    return failure(reason('INVALID', `Kubernetes does not accept the ${what}: ${said}`), error)
  }
  return error
}
