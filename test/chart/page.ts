/** A page of docs/ as steps: each heading with its commands and what it adds to config.yaml, in their order. */
import { parse } from 'yaml'

export interface Step {
  readonly title: string
  readonly blocks: readonly { readonly kind: 'sh' | 'yaml'; readonly text: string }[]
}

export function stepsOf(page: string): readonly Step[] {
  const [, ...sections] = page.split(/^## /m)
  return sections.map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    blocks: [...section.matchAll(/^```(sh|yaml)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
      // Safe: the pattern has these two.
      kind: kind as 'sh' | 'yaml',
      text: text!.trim(),
    })),
  }))
}

type Values = Readonly<Record<string, unknown>>

/** As somebody edits the file who adds a part of it. */
export function withPart(values: Values, part: string | Values): Values {
  const more = typeof part === 'string' ? (parse(part) as Values) : part
  const merged: Record<string, unknown> = { ...values }
  for (const [key, value] of Object.entries(more)) {
    const before = merged[key]
    merged[key] = isMap(before) && isMap(value) ? withPart(before, value) : value
  }
  return merged
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
