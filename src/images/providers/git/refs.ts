import { errors } from '../../errors.ts'
import type { ProviderContext } from '../contract.ts'
import { runGit } from './run.ts'

/** What to ask the server for: a commit that it names, or words that it may understand. */
export interface Target {
  /** The commit's 40 digits, where the server's list of refs or the caller knows them. */
  readonly commit: string | null
  readonly ref: string | null
}

/**
 * Finds what a ref means, as repo2docker does: itself, and `origin/…` for a branch. The first that fits is taken (repo2docker
 * takes the last, so that its `feature/main` builds `main`).
 */
export async function resolveRef(source: string, context: ProviderContext): Promise<Target> {
  const { ref } = context
  if (ref !== null && /^[0-9a-f]{40}$/.test(ref)) return { commit: ref, ref: null }
  const { stdout } = await runGit(['ls-remote', '--', source], { source, context })
  const refs = new Map(
    stdout
      .split('\n')
      .filter((line) => line.includes('\t'))
      .map((line) => {
        const [commit = '', name = ''] = line.split('\t')
        return [name, commit] as const
      }),
  )
  if (ref === null) return { commit: refs.get('HEAD') ?? first(refs) ?? null, ref: null }
  const short = ref.replace(/^origin\//, '')
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`, `refs/heads/${short}`]) {
    const commit = refs.get(`${name}^{}`) ?? refs.get(name)
    if (commit && (name !== 'HEAD' || ref === 'HEAD')) return { commit, ref: name }
  }
  // `origin/<commit>` and abbreviated commits.
  if (/^[0-9a-f]{4,40}$/.test(short)) return { commit: short.length === 40 ? short : null, ref: short }
  throw errors.REPOSITORY_REF_NOT_FOUND({ ref, source })
}

/** A repository whose HEAD leads nowhere still has branches. */
function first(refs: ReadonlyMap<string, string>): string | undefined {
  return refs.get('refs/heads/main') ?? refs.get('refs/heads/master') ?? refs.values().next().value
}
