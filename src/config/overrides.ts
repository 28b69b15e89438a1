/** Values by path as a YAML text, so that they are read, merged and checked like a file. */
export function overridesText(overrides: Readonly<Record<string, unknown>>): string {
  const root: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(overrides)) assign(root, steps(path), value)
  return JSON.stringify(root, null, 1)
}

/** `a.b\.c` → `a`, `b.c` */
function steps(path: string): readonly string[] {
  return (path.match(/(?:\\.|[^.\\])+/g) ?? []).map((step) => step.replace(/\\(.)/g, '$1'))
}

function assign(target: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === undefined || name === '__proto__') return
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const inner = target[name]
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
  target[name] = next
  assign(next, rest, value)
}
