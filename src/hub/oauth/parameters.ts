import type { HimaliaError } from '#base/errors.ts'

/** What a query or a form holds: a list stands for a parameter that was given more than once. */
export type Given = Readonly<Record<string, unknown>>

export const maxParameterLength = 4096

/** The parameter's value, undefined when it is absent or empty. Refuses one that is there twice, as the standard asks. */
export function parameter(given: Given, name: string, refuse: (name: string) => HimaliaError): string | undefined {
  const value = Object.hasOwn(given, name) ? given[name] : undefined
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || value.length > maxParameterLength) throw refuse(name)
  return value
}
