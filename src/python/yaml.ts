/** YAML for Python, by the hub's own reader: as PyYAML, which reads YAML 1.1. */
import { parse, stringify } from '#base/yaml.ts'

export function parseYaml(text: string): string {
  try {
    return JSON.stringify({ value: parse(text, { version: '1.1', merge: true }) ?? null })
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.message : String(error) })
  }
}

export function writeYaml(json: string): string {
  return stringify(JSON.parse(json), { version: '1.1' })
}
