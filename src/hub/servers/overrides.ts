/** What the configuration changes for some people: by their names, groups, or because they are administrators. */
import type { ServerOverride } from '#config'
import type { Override } from './options.ts'

interface Person {
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
}

/** In the order of the list; one that names groups by a pattern counts once for each group of the person that fits. */
export function overridesFor(all: readonly ServerOverride[], person: Person): readonly Override[] {
  return all.flatMap(({ users, groups, admins, override }) => {
    const isMeant = (admins && person.admin) || users.includes(person.name)
    const fitting = person.groups.filter((group) => groups.some((pattern) => fits(pattern, group))).toSorted()
    if (fitting.length > 0) return fitting.map((group) => filledIn(override, group) as Override)
    return isMeant ? [override] : []
  })
}

/** `*` stands for anything; letters in any case, as with the groups of profiles. */
function fits(pattern: string, group: string): boolean {
  const parts = pattern.toLowerCase().split('*').map(RegExp.escape)
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(group.toLowerCase())
}

/** `{group}` in keys and texts; what no path may hold becomes a dash. */
function filledIn(template: unknown, group: string): unknown {
  const safe = group.replace(/[^\w.-]/g, '-').replace(/^\.+/, '-')
  const fill = (text: string) => text.replaceAll('{group}', safe)
  if (typeof template === 'string') return fill(template)
  if (Array.isArray(template)) return template.map((item) => filledIn(item, group))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [fill(key), filledIn(item, group)]))
}

/** Variables from what the sign-in gave: each names a path in it, `user.email`; what is not there is left out. */
export function variablesOf(
  wanted: Readonly<Record<string, string>>,
  authState: Readonly<Record<string, unknown>> | null,
): Readonly<Record<string, string>> {
  const found = Object.entries(wanted).map(([name, path]) => [name, valueAt(authState, path)] as const)
  return Object.fromEntries(found.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

function valueAt(state: unknown, path: string): string | null {
  const value = path.split('.').reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null) return undefined
    return Object.hasOwn(inner, step) ? (inner as Readonly<Record<string, unknown>>)[step] : undefined
  }, state)
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
