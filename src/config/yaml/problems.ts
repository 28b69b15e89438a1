import { excerptOf } from '../excerpt.ts'
import type { Problem } from '../problem.ts'
import { type Place, positionOf } from './tree.ts'

interface Row {
  /** An error unless it says otherwise. */
  readonly severity?: Problem['severity']
  readonly message: (detail: never) => string
  readonly hint: string | null
}

/** What can be wrong with a file before its keys are looked at. */
const rows = {
  YAML_SYNTAX: { message: (d: { what: string }) => `This is not valid YAML: ${d.what}`, hint: null },
  YAML_TAB: {
    message: () => 'A tab stands where YAML wants spaces.',
    hint: 'Indent with spaces only, two for each level.',
  },
  YAML_INDENTATION: {
    message: (d: { what: string }) => `The indentation does not fit: ${d.what}`,
    hint: 'Keys of one map begin in the same column; what belongs to a key is indented below it.',
  },
  // Helm takes such files, without a word.
  YAML_DUPLICATE_KEY: {
    severity: 'warning',
    message: (d: { key: string; line: number }) =>
      `The key "${d.key}" is there already, in line ${d.line}: what stands there does not count, as with Helm.`,
    hint: 'Keep one of them. Merge their content if both matter.',
  },
  YAML_KEY_REPEATED: {
    severity: 'warning',
    message: (d: { key: string; line: number }) =>
      `The key "${d.key}" stands in line ${d.line} already; this one holds all of that.`,
    hint: 'Remove one of them.',
  },
  YAML_TEMPLATE: {
    message: () => 'This is a template that has not been filled in yet, and no YAML.',
    hint: 'Check the file that Terraform, Helm or your own tool makes of this one.',
  },
  FILE_ENCRYPTED: {
    message: () => 'The values of this file are encrypted with SOPS.',
    hint: 'Check what `sops --decrypt` makes of it; never leave that lying about.',
  },
  YAML_TOO_DEEP: {
    message: (d: { depth: number }) => `The file is nested more than ${d.depth} levels deep.`,
    hint: null,
  },
  YAML_TOO_LARGE: {
    message: (d: { size: string; most: string }) => `The file has ${d.size}; a configuration may have ${d.most}.`,
    hint: 'Is it the right file?',
  },
  YAML_TOO_MANY_VALUES: {
    message: () => 'The aliases of this file unfold to more than 200,000 values.',
    hint: 'Write the repeated parts less often.',
  },
  YAML_ALIAS: {
    message: (d: { name: string }) => `There is no anchor "&${d.name}" before this alias.`,
    hint: 'Anchors are known only below the place where they stand, in the same file. A text that begins with * needs quotes.',
  },
  YAML_ALIAS_LOOP: {
    message: (d: { name: string }) => `The alias "*${d.name}" stands inside what it stands for.`,
    hint: null,
  },
  YAML_MERGE: {
    message: () => 'Only a map, or a list of maps, can be merged with "<<".',
    hint: 'Give an alias of a map: `<<: *name`.',
  },
  YAML_KEY: {
    message: () => 'A key must be a simple text.',
    hint: 'Braces at the beginning of a value need quotes: "{username}".',
  },
  YAML_TAG: {
    message: (d: { tag: string }) => `The tag ${d.tag} means nothing here.`,
    hint: 'Write the value without a tag; put a text in quotes.',
  },
  YAML_DOCUMENTS: {
    message: () => 'A second document begins here; a configuration is a single one.',
    hint: 'Remove the line with ---, or put the documents into files of their own.',
  },
  YAML_NOT_A_MAP: {
    message: (d: { what: string }) => `The file should hold keys with values, but it holds ${d.what}.`,
    hint: 'It begins with a key such as `hub:` or `singleuser:`.',
  },
  FILE_NOT_TEXT: {
    message: (d: { what: string }) => `The file is not a text: ${d.what}.`,
    hint: 'It must be YAML in UTF-8.',
  },
  FILE_UNREADABLE: { message: (d: { what: string }) => `The file can't be read: ${d.what}.`, hint: null },
} as const satisfies Record<string, Row>

export type YamlCode = keyof typeof rows
type Detail<C extends YamlCode> = Parameters<(typeof rows)[C]['message']> extends [infer D] ? D : undefined

/** A problem of the YAML at a place. */
export function yamlProblem<C extends YamlCode>(code: C, place: Place, detail: Detail<C>): Problem {
  return {
    ...fileProblem(code, place.source.name, detail),
    ...positionOf(place.source, place.start),
    excerpt: excerptOf(place, { masked: false }),
  }
}

/** A problem of a file as a whole. */
export function fileProblem<C extends YamlCode>(code: C, file: string, detail: Detail<C>): Problem {
  const row: Row = rows[code]
  // Safe: `Detail` ties the detail to the row's message.
  const message = row.message(detail as never)
  return {
    severity: row.severity ?? 'error',
    code,
    file,
    line: 0,
    column: 0,
    path: '',
    message,
    hint: row.hint,
    excerpt: null,
  }
}
