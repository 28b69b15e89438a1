import { errorCatalog, HimaliaError } from '#base/errors.ts'

/** `what` is the request in words: `create pods jupyter-ana`. */
type Refusal = { what: string; status: number; reason: string; said: string }

const refused = (d: Refusal) => `Kubernetes refused to ${d.what}: ${d.said || d.reason || `status ${d.status}`}`

export const errors = errorCatalog({
  KUBE_UNREACHABLE: {
    status: 503,
    message: (d: { what: string; problem: string }) => `Kubernetes did not answer to ${d.what}: ${d.problem}.`,
    hint: 'The API server is down or can not be reached from the hub. It is asked again.',
  },
  KUBE_BUSY: { status: 503, message: refused, hint: 'The API server has too much to do. It is asked again.' },
  KUBE_UNAUTHORIZED: {
    status: 503,
    message: refused,
    hint: "The hub's token is not valid (any more); its service account or kubeconfig must be looked at.",
  },
  KUBE_FORBIDDEN: { status: 403, message: refused },
  KUBE_CONFLICT: { status: 409, message: refused },
  KUBE_GONE: { status: 410, message: refused },
  KUBE_INVALID: { status: 422, message: refused },
  KUBE_FAILED: { status: 500, message: refused },
  KUBE_NO_ACCESS: {
    status: 500,
    message: (d: { problem: string }) => `There is no way to a Kubernetes: ${d.problem}.`,
    hint: 'Inside a cluster the hub needs its service account; outside set KUBECONFIG to a file of a user of the cluster.',
  },
})

/** The error that a status of the API server stands for. */
export function refusal(detail: Refusal): HimaliaError {
  const { status } = detail
  if (status === 401) return errors.KUBE_UNAUTHORIZED(detail)
  if (status === 403) return errors.KUBE_FORBIDDEN(detail)
  if (status === 409) return errors.KUBE_CONFLICT(detail)
  if (status === 410) return errors.KUBE_GONE(detail)
  if (status === 400 || status === 422) return errors.KUBE_INVALID(detail)
  if (status === 429 || (status >= 500 && !isWebhook(detail))) return errors.KUBE_BUSY(detail)
  return errors.KUBE_FAILED(detail)
}

/** An admission webhook that failed answers with 500, too; asking again may help, but its words are what counts. */
function isWebhook({ said }: Refusal): boolean {
  return /admission webhook/.test(said)
}

/** Faults that pass by themselves: the request may simply be repeated. */
export function isPassing(error: unknown): boolean {
  const passing = ['KUBE_UNREACHABLE', 'KUBE_BUSY', 'KUBE_UNAUTHORIZED']
  return error instanceof HimaliaError && passing.includes(error.code)
}

export function isKubeError(error: unknown, code: keyof typeof errors): error is HimaliaError {
  return error instanceof HimaliaError && error.code === code
}
