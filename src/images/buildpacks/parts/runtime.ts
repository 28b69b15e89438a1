import { errors } from '../../errors.ts'
import type { Repository } from '../../repository/tree.ts'

export interface Runtime {
  readonly file: string
  readonly name: string
  readonly version: string | null
  readonly date: string | null
}

/** `python-3.11`, `r-2025-06-22` or `r-4.4-2025-06-22` of a runtime.txt; null when there is none. */
export function readRuntime(repository: Repository): Runtime | null {
  const file = repository.config('runtime.txt')
  return file === null ? null : { file, ...parseRuntime(repository.text(file), file) }
}

export function parseRuntime(text: string, file = 'runtime.txt'): Omit<Runtime, 'file'> {
  const parts = text.trim().split('-')
  const invalid = () =>
    errors.FILE_INVALID({ file, why: `says "${text.trim()}"; write python-3.12, r-2026-01-31 or r-4.4-2026-01-31` })
  if (![2, 4, 5].includes(parts.length) || parts.some((part) => part === '')) throw invalid()
  const [name = '', ...rest] = parts
  if (rest.length === 1) return { name, version: rest[0]!, date: null }
  const date = rest.slice(-3).join('-')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) throw invalid()
  return { name, version: rest.length === 4 ? rest[0]! : null, date }
}
