/** Files of ours that go into images. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../plan/keys.ts'
import type { CopiedFile, Who } from '../../plan/model.ts'
import type { Repository } from '../../repository/tree.ts'

type Target = { to: string; owner?: Who; mode?: '644' | '755' }

export function readAsset(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, '..', '..', 'assets', name))
}

export function asset(name: string, { to, owner = 'root', mode = '644' }: Target): CopiedFile {
  return { from: { asset: name }, sha256: sha256(readAsset(name)), to, owner, mode }
}

export function textFile(text: string, { to, owner = 'root', mode = '644' }: Target): CopiedFile {
  return { from: { text }, sha256: sha256(text), to, owner, mode }
}

/** A file of the repository that the environment needs before the repository itself is there. */
export function early(repository: Repository, path: string): CopiedFile {
  const to = earlyPath(path)
  return { from: { repository: path }, sha256: sha256(repository.bytes(path)), to, owner: 'root', mode: '644' }
}

export const earlyPath = (path: string) => `/usr/local/share/himalia/repository/${path}`
