import { errors } from '../../errors.ts'
import type { Step } from '../../plan/model.ts'
import type { Repository } from '../../repository/tree.ts'
import { aptInstall } from './operating-system.ts'

/** The packages of an `apt.txt`. Whole lines are checked: nothing else gets into the command. */
export function aptPackages(repository: Repository): string[] {
  const file = repository.config('apt.txt')
  if (!file) return []
  const names = repository
    .text(file)
    .split(/\r?\n/)
    .flatMap((line, index) => {
      const text = line.replace(/#.*/, '').trim()
      if (text === '') return []
      if (!/^[a-z0-9][a-z0-9.+-]*(:[a-z0-9]+)?(=[A-Za-z0-9.+~:-]+)?$/.test(text))
        throw errors.APT_NAME_REFUSED({ file, line: index + 1, text })
      return [text]
    })
  return [...new Set(names)].sort()
}

export function aptSteps(repository: Repository): Step[] {
  const packages = aptPackages(repository)
  if (packages.length === 0) return []
  return [{ do: 'run', title: 'Debian packages of apt.txt', as: 'root', command: aptInstall(packages) }]
}
