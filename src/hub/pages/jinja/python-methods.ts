/**
 * Templates of deployments are written for Jinja2 and call Python's methods. nunjucks brings those of lists and
 * dicts; this adds the ones of strings and times, and what iterating over a dict means in Python.
 */
import nunjucks from 'nunjucks'
import { formatPython } from './format.ts'

type Method = (this: string, ...given: never[]) => unknown

const stringMethods: Record<string, Method> = {
  lower() {
    return this.toLowerCase()
  },
  upper() {
    return this.toUpperCase()
  },
  title() {
    return this.replace(/\p{L}+/gu, (word) => (word[0] ?? '').toUpperCase() + word.slice(1).toLowerCase())
  },
  capitalize() {
    return (this[0] ?? '').toUpperCase() + this.slice(1).toLowerCase()
  },
  strip() {
    return this.trim()
  },
  lstrip() {
    return this.trimStart()
  },
  rstrip() {
    return this.trimEnd()
  },
  startswith(start: string) {
    return this.startsWith(start)
  },
  endswith(end: string) {
    return this.endsWith(end)
  },
  replace(old: string, by: string) {
    return this.replaceAll(old, by)
  },
  join(parts: readonly unknown[]) {
    return parts.join(String(this))
  },
  format(...values: unknown[]) {
    return formatPython(String(this), values)
  },
}

/** Python's `isoformat()` of a naive UTC time: no offset at the end, so that templates may append `Z`. */
function isoformat(at: Date): string {
  return at.toISOString().replace('Z', '000')
}

const strftimeFields: Record<string, (at: Date) => string> = {
  Y: (at) => String(at.getUTCFullYear()),
  m: (at) => String(at.getUTCMonth() + 1).padStart(2, '0'),
  d: (at) => String(at.getUTCDate()).padStart(2, '0'),
  H: (at) => String(at.getUTCHours()).padStart(2, '0'),
  M: (at) => String(at.getUTCMinutes()).padStart(2, '0'),
  S: (at) => String(at.getUTCSeconds()).padStart(2, '0'),
  '%': () => '%',
}

function strftime(at: Date, form: string): string {
  return form.replace(/%(.)/g, (whole, field: string) => strftimeFields[field]?.(at) ?? whole)
}

function methodOf(value: unknown, name: unknown): unknown {
  if (typeof value === 'string' && typeof name === 'string' && Object.hasOwn(stringMethods, name)) {
    return stringMethods[name]?.bind(value as never)
  }
  if (value instanceof Date && name === 'isoformat') return () => isoformat(value)
  if (value instanceof Date && name === 'strftime') return (form: string) => strftime(value, form)
  return undefined
}

/** nunjucks' untyped inside, as far as it is touched here. */
interface Runtime {
  memberLookup(this: unknown, ...given: unknown[]): unknown
  fromIterator(value: unknown): unknown
}

export function installPythonMethods(): void {
  // The types of nunjucks leave its runtime out; it is part of its documented face for precompiled templates.
  const runtime = (nunjucks as unknown as { runtime: Runtime }).runtime
  const lookup = runtime.memberLookup
  runtime.memberLookup = function memberLookup(...given) {
    const found = methodOf(given[0], given[1])
    if (found !== undefined) return found
    const value = lookup.apply(this, given)
    const isSliceOfText = given.length === 4 && typeof given[0] === 'string'
    return isSliceOfText ? (value as string[]).join('') : value
  }
  const iterate = runtime.fromIterator
  runtime.fromIterator = (value) => {
    const isDict = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    return isDict ? Object.keys(value) : iterate(value)
  }
}
