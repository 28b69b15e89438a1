/** The variables of the container, in an order in which `$(OTHER)` finds what it refers to. */
import type { Plan } from '../plan.ts'
import { allFilledIn, looselyFilledIn } from '../templates.ts'
import { byCodePoint, camelFields, type Fields } from './fields.ts'

interface Variable {
  /** What it is called in the configuration; its name, unless the entry has another. */
  readonly key: string
  readonly name: string
  readonly entry: Fields
  readonly needs: readonly string[]
}

/** Configured variables win over the hub's; a null leaves the hub's own. */
export function environment(plan: Plan, hubEnvironment: Readonly<Record<string, string>>): readonly Fields[] {
  const { settings, names } = plan
  const values: Record<string, unknown> = {
    ...hubEnvironment,
    JUPYTER_IMAGE_SPEC: settings.image,
    JUPYTER_IMAGE: settings.image,
  }
  for (const [key, value] of Object.entries(settings.environment)) {
    if (value !== null) values[key] = allFilledIn(value, names.fields, looselyFilledIn)
    else values[key] ??= null
  }
  const variables = new Map<string, Variable>()
  for (const [key, value] of Object.entries(values)) {
    const variable = variableOf(key, value)
    variables.set(variable.name, variable)
  }
  return ordered([...variables.values()]).map(({ entry }) => entry)
}

function variableOf(key: string, value: unknown): Variable {
  const isEntry = typeof value === 'object' && value !== null
  const entry = camelFields(
    isEntry ? { name: key, ...value } : { name: key, value: value === null ? null : text(value) },
  )
  const name = String(entry.name)
  return { key, name, entry, needs: typeof entry.value === 'string' ? references(entry.value, name) : [] }
}

/** Switches are written as Python writes them, like everywhere in `extraEnv`. */
function text(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)
}

function references(value: string, own: string): readonly string[] {
  return [...value.matchAll(/\$\(([^)]+)\)/g)].flatMap(([, name]) => (name && name !== own ? [name] : []))
}

/** Round by round those whose references are there already, each round by key; what refers to nothing known comes last. */
function ordered(variables: readonly Variable[]): readonly Variable[] {
  const sorted = variables.toSorted((a, b) => byCodePoint(a.key, b.key))
  const result: Variable[] = []
  for (let rest = sorted; rest.length > 0; ) {
    const there = new Set(result.map(({ name }) => name))
    const next = rest.filter(({ needs }) => needs.every((name) => there.has(name)))
    result.push(...(next.length > 0 ? next : rest))
    rest = next.length > 0 ? rest.filter((one) => !next.includes(one)) : []
  }
  return result
}
