/** The page of the documentation that lists every key and every trait. */
import { authenticatorClasses } from '../authenticator-classes.ts'
import { expected } from '../check/kind.ts'
import { isSection, type Key, type Section, values } from '../schema/index.ts'
import { classes } from '../traits/index.ts'
import type { TraitRow } from '../traits/table.ts'

export function referencePage(): string {
  return [
    '<!-- Generated from src/config/schema and src/config/traits. -->',
    '# Keys of config.yaml',
    'Keys, names and defaults are those of the JupyterHub chart for Kubernetes. A key set to `null` loses its default.',
    '"Cluster" marks what has an effect only where servers are pods.',
    ...Object.entries(values.keys).map(([name, entry]) => part(name, entry)),
    '# Traits below hub.config',
    'A trait stands below its class: `hub.config.Spawner.http_timeout`. It wins over the key of the chart that sets the same.',
    ...Object.entries(classes).flatMap(([name, { parents, table }]) => classPart(name, parents, Object.entries(table))),
    '# Ways of signing in',
    'Values of `hub.config.JupyterHub.authenticator_class`.',
    table(
      ['Name', 'What it is', 'Class', 'There'],
      authenticatorClasses.map(({ name, title, className, isBuilt }) => [
        `\`${name}\``,
        title,
        `\`${className}\``,
        isBuilt ? 'yes' : 'not yet',
      ]),
    ),
    '',
  ].join('\n\n')
}

function part(name: string, entry: Key | Section): string {
  const rows = isSection(entry) ? [...rowsOf(entry, name)] : [row(name, entry)]
  const intro = isSection(entry) ? `\n\n${entry.description}` : ''
  return `## ${name}${intro}\n\n${table(['Key', 'Type', 'Default', 'Where', 'Meaning'], rows)}`
}

function* rowsOf(section: Section, path: string): Iterable<string[]> {
  for (const [name, entry] of Object.entries(section.keys)) {
    const here = `${path}.${name}`
    if (isSection(entry)) yield* rowsOf(entry, here)
    else yield row(here, entry)
  }
}

function row(path: string, { kind, default: fallback, where, description }: Key): string[] {
  return [`\`${path}\``, expected(kind), shown(fallback), where === 'cluster' ? 'cluster' : '', description]
}

const states: Readonly<Record<TraitRow['state'], string>> = {
  works: '',
  cluster: 'cluster',
  later: 'not yet',
  idle: 'no effect',
  refused: 'not possible',
  hook: 'code',
}

function classPart(name: string, parents: readonly string[], rows: readonly [string, TraitRow][]): string[] {
  if (rows.length === 0) return []
  const more = parents.length > 0 ? `\n\nAlso everything of ${parents.join(' and ')}.` : ''
  const cells = rows.map(([trait, one]) =>
    'kind' in one
      ? [`\`${trait}\``, expected(one.kind), shown(one.default), states[one.state], one.description]
      : [`\`${trait}\``, '', '', states[one.state], one.note],
  )
  return [`## ${name}${more}\n\n${table(['Trait', 'Type', 'Default', '', 'Meaning'], cells)}`]
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = JSON.stringify(value)
  return text.length > 60 ? '(see values.yaml)' : `\`${text}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
