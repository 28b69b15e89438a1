/** Sizes and numbers as Kubernetes writes them: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** `10Gi` → 10737418240; null: it is none. */
export function parseQuantity(text: string): number | null {
  const [, digits, exponent, suffix] =
    /^(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+)|([a-zA-Z]{0,2}))$/.exec(text.trim()) ?? []
  if (digits === undefined) return null
  if (exponent !== undefined) return Number(digits) * 10 ** Number(exponent)
  const factor = factors[suffix ?? '']
  return factor === undefined ? null : Number(digits) * factor
}
