/** Bodies of requests: bytes to a value that the route's schema allows. */
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { errors } from './errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** undefined for an empty body. Errors: JSON_INVALID. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = decoder.decode(bytes).trim()
    if (text === '') return undefined
    // No name or note has use for it, and PostgreSQL can't store it.
    if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) throw new SyntaxError('NUL in a string')
    // Only a text with an escape or the word itself can name the key that would change an object's prototype.
    return /\\u|__proto__/.test(text) ? JSON.parse(text, withoutProto) : JSON.parse(text)
  } catch (cause) {
    throw errors.JSON_INVALID(undefined, cause)
  }
}

function withoutProto(this: unknown, key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

const validators = new WeakMap<TSchema, Validator>()

/** Throws for the first thing wrong with the value. Errors: JSON_KEYS_UNKNOWN, JSON_VALUE_INVALID. */
export function checkValue(schema: TSchema, value: unknown): void {
  const validator = validators.get(schema) ?? Compile(schema)
  validators.set(schema, validator)
  if (!validator.Check(value)) throw problem(validator.Errors(value) as readonly Finding[])
}

type Finding = {
  readonly keyword: string
  readonly instancePath: string
  readonly params: { readonly type?: string; additionalProperties?: string[]; requiredProperties?: string[] }
  readonly message: string
}

function problem(findings: readonly Finding[]) {
  const extra = findings.find(({ keyword }) => keyword === 'additionalProperties')
  if (extra) return errors.JSON_KEYS_UNKNOWN({ keys: extra.params.additionalProperties ?? [] })
  const [first] = findings
  const path = first?.instancePath.slice(1).replaceAll('/', '.') || 'The body'
  if (first?.keyword === 'required') {
    return errors.JSON_VALUE_INVALID({
      path,
      expected: `must have ${(first.params.requiredProperties ?? []).join(' and ')}`,
    })
  }
  // Of a union, every alternative that failed is told.
  const types = findings.filter((one) => one.keyword === 'type' && one.instancePath === first?.instancePath)
  const expected =
    types.length > 0
      ? `must be ${types.map(({ params }) => words[params.type ?? ''] ?? params.type).join(' or ')}`
      : (first?.message ?? 'is not valid')
  return errors.JSON_VALUE_INVALID({ path, expected })
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  null: 'null',
}
