/** Filters and globals of Jinja2 that nunjucks lacks and that templates of deployments use. */
import nunjucks from 'nunjucks'
import { formatPercent } from './format.ts'

type Given = readonly unknown[]
type Item = Record<string, unknown>

/** JSON that may stand in HTML text, in a script element and in a quoted attribute, as Jinja2's `tojson`. */
export function htmlJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value ?? null, null, indent) ?? 'null'
  return text.replace(/[<>&'\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function at(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Item | null | undefined)?.[key], item)
}

const tests: Record<string, (value: unknown, other: unknown) => boolean> = {
  defined: (value) => value !== undefined,
  undefined: (value) => value === undefined,
  none: (value) => value === null || value === undefined,
  equalto: (value, other) => value === other,
  eq: (value, other) => value === other,
  '==': (value, other) => value === other,
  ne: (value, other) => value !== other,
  in: (value, other) => Array.isArray(other) && other.includes(value),
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
}

function passes(item: unknown, [attribute, test, other]: Given): boolean {
  const value = at(item, String(attribute))
  if (test === undefined) return Boolean(value)
  const check = tests[String(test)]
  if (check === undefined) throw new Error(`there is no test "${String(test)}"`)
  return check(value, other)
}

function map(this: { env: nunjucks.Environment }, items: readonly unknown[], how: unknown, ...rest: unknown[]) {
  if (typeof how === 'object' && how !== null && 'attribute' in how) {
    return items.map((item) => at(item, String(how.attribute)))
  }
  const filter = this.env.getFilter(String(how))
  return items.map((item) => filter.call(this, item, ...rest))
}

/** Orders as Python does: numbers by size, everything else by code point. */
function byValue(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : Number(String(a) > String(b))
}

export function addJinjaFilters(env: nunjucks.Environment): void {
  const safe = new nunjucks.Environment(null).getFilter('safe')
  env.addFilter('tojson', (value, indent) => safe(htmlJson(value, typeof indent === 'number' ? indent : undefined)))
  env.addFilter('map', map)
  env.addFilter('selectattr', (items: Given, ...given) => items.filter((item) => passes(item, given)))
  env.addFilter('rejectattr', (items: Given, ...given) => items.filter((item) => !passes(item, given)))
  env.addFilter('unique', (items: Given) => [...new Set(items)])
  env.addFilter('min', (items: Given) => [...items].sort(byValue)[0])
  env.addFilter('max', (items: Given) => [...items].sort(byValue).at(-1))
  env.addFilter('items', (dict: Item) => Object.entries(dict))
  env.addFilter('attr', (item, name) => at(item, String(name)))
  env.addFilter('format', (form, ...values) => formatPercent(String(form), values))
  env.addGlobal('namespace', (given?: Item) => Object.fromEntries(Object.entries(given ?? {}).filter(notKeywordMark)))
  env.addGlobal('__assign', (space: Item, name: string, value: unknown) => {
    space[name] = value
  })
}

function notKeywordMark([key]: [string, unknown]): boolean {
  return key !== '__keywords'
}
