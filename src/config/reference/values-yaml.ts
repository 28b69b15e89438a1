/** The chart's values.yaml: every key with its default, and what it is for. */
import { stringify } from '#base/yaml.ts'
import { isSection, type Key, type Section, values } from '../schema/index.ts'

export function valuesYaml(): string {
  const head = '# Generated from src/config/schema. Every key, with its default and what it is for.\n'
  return `${head}\n${sectionYaml(values, '')}`
}

function sectionYaml(section: Section, indent: string): string {
  return Object.entries(section.keys)
    .map(([name, entry]) => entryYaml(name, entry, indent))
    .join(indent === '' ? '\n' : '')
}

function entryYaml(name: string, entry: Key | Section, indent: string): string {
  const comment = `${indent}# ${entry.description}\n`
  if (isSection(entry)) return `${comment}${indent}${name}:\n${sectionYaml(entry, `${indent}  `)}`
  if (entry.default === undefined) return `${comment}${indent}${name}:\n`
  const text = stringify({ [name]: entry.default }, { lineWidth: 0, version: '1.1' })
  return `${comment}${text.replace(/^(?=.)/gm, indent)}`
}
