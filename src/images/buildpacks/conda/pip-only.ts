import type { Step } from '../../plan/model.ts'
import type { PlanRequest } from '../contract.ts'
import { textFile } from '../parts/assets.ts'
import { pipInstall } from '../parts/pip.ts'
import type { CondaEnvironment } from './read.ts'

export function pipOnlySteps(
  { options }: PlanRequest,
  { file, pip, readsRepository }: CondaEnvironment,
): { environment: Step[]; assembly: Step[] } {
  if (pip.length === 0) return { environment: [], assembly: [] }
  const to = '/usr/local/share/himalia/environment.txt'
  const list: Step = { do: 'copy', title: `What ${file} asks of pip`, files: [textFile(`${pip.join('\n')}\n`, { to })] }
  const title = `Python packages of ${file}`
  if (!readsRepository) return { environment: [list, pipInstall(title, `--requirement=${to}`)], assembly: [] }
  // A path in the list is relative to the file's own folder, so the list is laid beside it for the command.
  const folder = `${options.repoDir}/${file}`.replace(/\/[^/]*$/, '')
  const beside = `${folder}/.himalia-environment.txt`
  const step = pipInstall(title, `--requirement=${beside}`, { folder })
  const command = step.do === 'run' ? `cp ${to} ${beside} && ( ${step.command} ) && rm ${beside}` : ''
  return { environment: [list], assembly: [{ ...step, command } as Step] }
}
