/** What the chart tells its pods of the release: its names. */
import { readFile } from 'node:fs/promises'
import { messageOf } from '#base/errors.ts'
import { errors } from './errors.ts'

export interface Release {
  readonly name: string
  readonly namespace: string
  /** The names of its objects, which `fullnameOverride` changes. */
  readonly objects: Readonly<Record<'hub' | 'hub-generated' | 'proxy-each' | 'proxy-public' | 'priority', string>>
}

/** Errors: RELEASE_UNKNOWN. */
export async function readRelease(file: string): Promise<Release> {
  try {
    // Safe: the chart writes it; `helm template` in tests holds both sides together.
    return JSON.parse(await readFile(file, 'utf8')) as Release
  } catch (error) {
    throw errors.RELEASE_UNKNOWN({ file, why: messageOf(error) }, error)
  }
}
