import type { Repository } from '../../repository/tree.ts'

/** Whether a script of the repository that runs in the image names one of these programs. */
export function mentions(repository: Repository, programs: readonly string[]): boolean {
  const words = new RegExp(`(^|[^\\w-])(${programs.join('|')})([^\\w-]|$)`, 'm')
  return ['postBuild', 'start', 'install.R'].some((name) => {
    const path = repository.config(name)
    return path !== null && words.test(repository.text(path))
  })
}
