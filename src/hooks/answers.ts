/** What comes out of the administrator's code is looked at before it is believed. */
import type { CustomIdentity, ServerChange } from './contract.ts'

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

export function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isMap(value) && Object.values(value).every((one) => typeof one === 'string')
}

export function isChange(value: unknown): value is ServerChange {
  if (!isMap(value)) return false
  const { environment = {}, override = {}, ...others } = value
  const isFit = isMap(environment) && Object.values(environment).every((one) => one === null || typeof one === 'string')
  return isFit && isMap(override) && Object.keys(others).length === 0
}

export function isIdentity(value: unknown): value is CustomIdentity {
  if (!isMap(value) || typeof value.userName !== 'string' || value.userName === '') return false
  const { groups, isAdmin, subject } = value
  const areGroups = groups === undefined || (isList(groups) && groups.every((one) => typeof one === 'string'))
  return (
    areGroups && ['boolean', 'undefined'].includes(typeof isAdmin) && ['string', 'undefined'].includes(typeof subject)
  )
}
