/** Git: one commit, without its history, and with its submodules and large files. */
import type { Found, Provider, ProviderContext } from '../contract.ts'
import { refuseAddress } from './address.ts'
import { checkOut, fetchCommit } from './fetch.ts'
import { resolveRef } from './refs.ts'
import { runGit } from './run.ts'

export const git: Provider = {
  name: 'Git',
  async detect(source, context) {
    refuseAddress(source, context.ref)
    return found(source, context)
  },
}

function found(source: string, context: ProviderContext): Found {
  return {
    identity: context.ref && /^[0-9a-f]{40}$/.test(context.ref) ? context.ref : null,
    async fetch(folder) {
      const target = await resolveRef(source, context)
      await fetchCommit(source, { folder, target, context })
      await checkOut(source, { folder, target, context })
      const { stdout } = await runGit(['rev-parse', 'HEAD'], { source, folder, context })
      context.log(`HEAD is now at ${stdout.trim()}\n`, 'fetching')
      return { contentId: stdout.trim().slice(0, 7) }
    },
  }
}

/** Whether the address can only be a git repository. */
export function isPlainGit(source: string): boolean {
  if (/^(git|ssh|git\+ssh):\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source)) return true
  if (source.startsWith('file://')) return true
  const url = URL.parse(source)
  if (!url) return false
  return (
    ['github.com', 'gitlab.com', 'codeberg.org', 'gist.github.com', 'bitbucket.org'].includes(url.hostname) ||
    url.pathname.endsWith('.git')
  )
}
