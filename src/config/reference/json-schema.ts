/** The JSON Schema of config.yaml: for editors, and for Helm. */
import { chartRules } from '../legacy/rules.ts'
import { isSection, type Key, type Kind, type Section, values } from '../schema/index.ts'
import { classes, lineage } from '../traits/index.ts'
import type { TraitTable } from '../traits/table.ts'

type Json = Record<string, unknown>

/** Draft 7. A null takes a key's default away, so every key may be null. */
export function valuesSchema(): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'config.yaml of Himalia',
    ...withOldKeys(sectionSchema(values)),
    type: 'object',
    definitions: {
      reference: elsewhere,
      ...Object.fromEntries(Object.entries(classes).map(([name, { table }]) => [name, traitsSchema(table)])),
    },
  }
}

/**
 * Helm looks at the schema before anything else, in few words. Keys of older charts pass it: the hub understands most,
 * and the chart's templates refuse the others in a sentence. So does `https` without `proxy:` before it.
 */
function withOldKeys(schema: Json): Json {
  for (const from of [['auth'], ['https'], ...chartRules.map((rule) => rule.from)]) allowOld(schema, from)
  return schema
}

/** The first name of the path that the schema doesn't know, with all below it; a known one may be a text, too. */
function allowOld(schema: Json, [name, ...below]: readonly string[]): void {
  if (name === undefined) return
  // Safe: a schema's properties are schemas.
  const properties = schema.properties as Record<string, Json>
  const known = properties[name]
  if (!known) properties[name] = { description: 'Of older charts.' }
  else if (below.length > 0) allowOld(known, below)
  else properties[name] = { anyOf: [known, { type: 'string' }] }
}

function sectionSchema(section: Section): Json {
  const properties = Object.entries(section.keys).map(([name, entry]) => [
    name,
    isSection(entry) ? sectionSchema(entry) : name === 'config' ? hubConfigSchema(entry) : keySchema(entry),
  ])
  return {
    description: section.description,
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  }
}

function keySchema({ kind, description, default: fallback }: Key): Json {
  return { description, ...orNull(kindSchema(kind)), ...(fallback === undefined ? {} : { default: fallback }) }
}

/** Known classes with their traits; others are allowed, as a class of one's own may be meant. */
function hubConfigSchema(entry: Key): Json {
  const known = Object.keys(classes).map((name) => [
    name,
    { type: ['object', 'null'], allOf: lineage(name).map(reference) },
  ])
  return {
    description: entry.description,
    type: ['object', 'null'],
    properties: Object.fromEntries(known),
    patternProperties: { '^[A-Z]': { type: ['object', 'null'] } },
    additionalProperties: false,
  }
}

const reference = (className: string): Json => ({ $ref: `#/definitions/${className}` })

/** The traits of a class without its parents'. */
function traitsSchema(table: TraitTable): Json {
  const traits = Object.entries(table).flatMap(([trait, row]) =>
    'kind' in row ? [[trait, { description: row.description, ...orNull(kindSchema(row.kind)) }]] : [],
  )
  return { properties: Object.fromEntries(traits) }
}

/** A kind without our own notes. */
function kindSchema(kind: Kind): Json {
  const schema: Json = {}
  for (const name of ['type', 'enum', 'minimum', 'maximum', 'pattern', 'required'] as const) {
    if (kind[name] !== undefined) schema[name] = kind[name]
  }
  if (kind.items) schema.items = kindSchema(kind.items)
  if (kind.anyOf) schema.anyOf = kind.anyOf.map(kindSchema)
  if (kind.properties) {
    const properties = Object.entries(kind.properties).map(([name, one]) => [name, orNull(kindSchema(one))])
    schema.properties = Object.fromEntries(properties)
  }
  if (kind.type === 'object') {
    const more = kind.additionalProperties
    schema.additionalProperties = typeof more === 'object' ? orNull(kindSchema(more)) : (more ?? true)
  }
  return schema
}

/** A value that stands in a file or a Secret. */
const elsewhere: Json = {
  anyOf: [
    {
      properties: { file: { type: 'string', minLength: 1 } },
      required: ['file'],
      additionalProperties: false,
    },
    {
      properties: {
        valueFrom: {
          type: 'object',
          properties: {
            secretKeyRef: {
              type: 'object',
              properties: { name: { type: 'string' }, key: { type: 'string' }, optional: { type: 'boolean' } },
              required: ['name', 'key'],
              additionalProperties: false,
            },
          },
          required: ['secretKeyRef'],
          additionalProperties: false,
        },
      },
      required: ['valueFrom'],
      additionalProperties: false,
    },
  ],
}
const scalars = new Set(['string', 'integer', 'number', 'boolean'])

/** Any value may be null, and any text, number or switch may stand elsewhere. */
function orNull(schema: Json): Json {
  if (schema.enum) return { ...schema, type: [schema.type, 'null'], enum: [...(schema.enum as unknown[]), null] }
  if (scalars.has(String(schema.type))) {
    // What is wrong with a plain value is told by the type: `anyOf` alone would tell nothing.
    const orElsewhere = { anyOf: [{ not: { type: 'object' } }, { $ref: '#/definitions/reference' }] }
    return { ...schema, type: [schema.type, 'null', 'object'], ...orElsewhere }
  }
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] }
  if (!schema.anyOf) return schema
  const forms = schema.anyOf as Json[]
  const isScalar = forms.some((one) => scalars.has(String(one.type)) && !one.enum)
  const more = isScalar && !forms.some((one) => one.type === 'object') ? [elsewhereAsObject] : []
  return { anyOf: [...forms, ...more, { type: 'null' }] }
}

const elsewhereAsObject: Json = { type: 'object', allOf: [{ $ref: '#/definitions/reference' }] }
