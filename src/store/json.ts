import type { Json } from './tables.ts'

export function toJson<T>(value: T): Json<T> {
  return JSON.stringify(value)
}

/** Safe: the text was written by `toJson` in this folder. */
export function fromJson<T>(text: Json<T>): T {
  return JSON.parse(text) as T
}
