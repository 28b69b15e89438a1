/**
 * The kinds of values that config.yaml and traits know: JSON Schema with our own notes. A kind's static type is what a
 * setting holds after conversion; that, and half of the time that a check takes from a cold start, is why these are
 * plain objects and not made by TypeBox.
 */

/** How the written form becomes the setting; see `convert.ts`. */
export type Conversion = 'bytes' | 'cpu' | 'command' | 'set' | 'words' | 'environment'

/** A JSON Schema node as the checker reads it. `T` is the type after conversion. */
export interface Kind<T = unknown> {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Kind>>
  readonly additionalProperties?: boolean | Kind
  readonly items?: Kind
  readonly anyOf?: readonly Kind[]
  readonly enum?: readonly (string | number | boolean)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly required?: readonly string[]
  /** What is expected, in words, when the JSON Schema alone reads badly. */
  readonly expected?: string
  /** A check by name that JSON Schema can't express; see `formats.ts`. */
  readonly format?: string
  readonly unit?: string
  readonly convert?: Conversion
  /** Its values never appear in messages. */
  readonly secret?: boolean
  /** Carries the type; never present. */
  readonly '~type'?: T
}

export type TypeOf<K> = K extends Kind<infer T> ? T : never

export interface Notes {
  readonly unit?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly expected?: string
  readonly format?: string
  readonly secret?: boolean
}

// Safe: `T` is a note for the compiler; nothing of it exists when the program runs.
const as = <T>(schema: object) => schema as Kind<T>

export const text = (notes: Notes = {}) => as<string>({ type: 'string', ...notes })
export const secret = (notes: Notes = {}) => as<string>({ type: 'string', ...notes, secret: true })
export const flag = (notes: Notes = {}) => as<boolean>({ type: 'boolean', ...notes })
export const integer = (notes: Notes = {}) => as<number>({ type: 'integer', ...notes })
export const number = (notes: Notes = {}) => as<number>({ type: 'number', ...notes })
export const anything = (notes: Notes = {}) => as<unknown>({ ...notes })
/** A map whose content is nobody's business here, e.g. a piece of a Kubernetes manifest. */
export const freeMap = (notes: Notes = {}) =>
  as<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true, ...notes })
export const freeList = (notes: Notes = {}) => as<readonly unknown[]>({ type: 'array', ...notes })

export const oneOf = <const V extends readonly string[]>(values: V, notes: Notes = {}) =>
  as<V[number]>({ type: 'string', enum: values, ...notes })

export const list = <T>(items: Kind<T>, notes: Notes = {}) => as<readonly T[]>({ type: 'array', items, ...notes })
export const map = <T>(values: Kind<T>, notes: Notes = {}) =>
  as<Readonly<Record<string, T>>>({ type: 'object', additionalProperties: values, ...notes })
export const either = <T, U>(first: Kind<T>, second: Kind<U>, notes: Notes = {}) =>
  as<T | U>({ anyOf: [first, second], ...notes })

type Fields<P> = { readonly [K in keyof P]?: TypeOf<P[K]> }
/** A map with known keys, all optional; others are errors unless `open`. */
export const record = <P extends Readonly<Record<string, Kind>>>(
  properties: P,
  notes: Notes & { open?: boolean; required?: readonly string[] } = {},
) => {
  const { open = false, ...rest } = notes
  return as<Fields<P>>({ type: 'object', properties, additionalProperties: open, ...rest })
}

/** A size as JupyterHub has it: a number of bytes, or a number with K, M, G or T (1024-based), or a Kubernetes quantity. */
export const bytes = (notes: Notes = {}) =>
  as<number>({
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', format: 'bytes' },
    ],
    expected: 'a memory size such as 512M, 1.5G or 2Gi',
    convert: 'bytes',
    ...notes,
  })
/** Cores: a number, or a Kubernetes quantity such as `500m`. */
export const cpu = (notes: Notes = {}) =>
  as<number>({
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', format: 'cpu' },
    ],
    expected: 'a number of cores such as 0.5, 2 or 500m',
    convert: 'cpu',
    ...notes,
  })
/** A command line: one word, or a list of words. */
export const command = (notes: Notes = {}) =>
  as<readonly string[]>({
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    expected: 'a command: one word, or a list of words',
    convert: 'command',
    ...notes,
  })
/** Names without order; a lone name is a list of one. */
export const names = (notes: Notes = {}) =>
  as<readonly string[]>({
    anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }],
    expected: 'a list of names',
    convert: 'set',
    ...notes,
  })
/** Words: a list, or one text with spaces or semicolons between them. */
export const words = (notes: Notes = {}) =>
  as<readonly string[]>({
    anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }],
    expected: 'a text, or a list of texts',
    convert: 'words',
    ...notes,
  })
export const texts = (notes: Notes = {}) => list(text(), { expected: 'a list of texts', ...notes })

/** Environment variables: a map of texts; `valueFrom` entries exist in a cluster only. */
export const environment = (notes: Notes = {}) =>
  as<Readonly<Record<string, string>>>({
    type: 'object',
    additionalProperties: {
      anyOf: [
        { type: 'string' },
        { type: 'number' },
        { type: 'boolean' },
        { type: 'object', additionalProperties: true },
      ],
    },
    convert: 'environment',
    ...notes,
  })
