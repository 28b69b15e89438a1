/**
 * Grows volumes when their claims ask for more. The volumes are folders, so there is nothing to do but to say so, in the
 * volume and in the status of the claim; a size beyond `most` is refused, as a full store does.
 */
import { follow, readSource } from './follow.ts'
import { kubectl } from './kubectl.ts'

const most = '1Ti'

interface Claim {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string }
  readonly spec: {
    readonly volumeName?: string
    readonly resources: { readonly requests: { readonly storage: string } }
  }
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } }
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }
const binary: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 }

/** Of a quantity such as `10Gi`. */
function bytes(quantity = '0'): number {
  const [, number, unit = ''] = /^([\d.]+)(\w*)$/.exec(quantity) ?? []
  return Number(number) * (units[unit] ?? binary[unit] ?? Number.NaN)
}

const [file = ''] = process.argv.slice(2)
/** What was done last, for each claim: an answer of the API server may be older than that. */
const answered = new Map<string, string>()

function look(claims: readonly Claim[]): void {
  for (const claim of claims) {
    const wanted = claim.spec.resources.requests.storage
    const isNew = answered.get(claim.metadata.uid) !== wanted
    if (claim.status?.phase !== 'Bound' || !isNew || bytes(wanted) <= bytes(claim.status.capacity?.storage)) continue
    answered.set(claim.metadata.uid, wanted)
    answer(claim, wanted).catch((error) => {
      answered.delete(claim.metadata.uid)
      console.error(error.message)
    })
  }
}

async function answer(claim: Claim, wanted: string): Promise<void> {
  const { name, namespace } = claim.metadata
  const patch = (words: string[], body: object) =>
    kubectl(['patch', '--type=merge', `--patch=${JSON.stringify(body)}`, ...words], { kubeconfig: file })
  const status = [`--namespace=${namespace}`, 'persistentvolumeclaim', name, '--subresource=status']
  if (bytes(wanted) > bytes(most)) {
    const message = `the store has no room for ${wanted}; a volume may have ${most}`
    const condition = { type: 'ControllerResizeError', status: 'True', reason: 'OutOfRange', message }
    await patch(status, { status: { conditions: [condition] } })
    return
  }
  const capacity = { storage: wanted }
  await patch(['persistentvolume', claim.spec.volumeName ?? ''], { spec: { capacity } })
  await patch(status, { status: { capacity, conditions: [] } })
}

await follow<Claim>(readSource(file), '/api/v1/persistentvolumeclaims', look)
