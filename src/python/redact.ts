/** Takes secrets out of what code prints and throws: they would end in the hub's log. */

const isSecretName = (name: string) => /secret|token|passw|api_?key|credential|private_?key|crypt/i.test(name)
const leastLength = 6

/** Texts that stand anywhere under a name that sounds of a secret. */
export function secretsIn(value: unknown, isSecret = false): readonly string[] {
  if (typeof value === 'string') return isSecret && value.length >= leastLength ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    secretsIn(one, isSecretName(name) || (isSecret && Array.isArray(value))),
  )
}

export class Redaction {
  readonly #fixed: ReadonlySet<string>
  #passing: readonly string[] = []

  constructor(values: readonly unknown[]) {
    this.#fixed = new Set(values.flatMap((value) => secretsIn(value)))
  }

  /** Of the calls that came last, e.g. tokens of a sign-in. */
  alsoOf(args: readonly unknown[]): void {
    this.#passing = [...args.flatMap((one) => secretsIn(one)), ...this.#passing].slice(0, 500)
  }

  text(line: string): string {
    let shown = line
    for (const secret of [...this.#fixed, ...this.#passing]) shown = shown.replaceAll(secret, '[secret]')
    return shown
  }
}
