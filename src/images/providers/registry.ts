import { archive } from './archive/index.ts'
import { ckan } from './ckan/index.ts'
import type { Found, Provider, ProviderContext } from './contract.ts'
import { dataverse } from './dataverse/index.ts'
import { figshare } from './figshare/index.ts'
import { git, isPlainGit } from './git/index.ts'
import { hydroshare } from './hydroshare/index.ts'
import { local } from './local/index.ts'
import { mercurial } from './mercurial/index.ts'
import { softwareHeritage } from './software-heritage/index.ts'
import { zenodo } from './zenodo/index.ts'

/** In repo2docker's order; the first that knows the address has it. Archives are ours and stand before Git, which takes all. */
export const providers: readonly Provider[] = [
  local,
  zenodo,
  figshare,
  dataverse,
  hydroshare,
  softwareHeritage,
  ckan,
  archive,
  mercurial,
  git,
]

export interface Picked extends Found {
  readonly provider: string
}

export async function pickProvider(source: string, context: ProviderContext): Promise<Picked> {
  // The address of a git server says all: nothing else is asked, and nobody learns of it.
  const candidates = isPlainGit(source) ? [local, git] : providers
  for (const provider of candidates) {
    const found = await provider.detect(source, context)
    if (found) return { ...found, provider: provider.name }
  }
  throw new Error('Git takes every address.')
}
