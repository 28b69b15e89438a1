import { errors } from '../../errors.ts'
import type { Repository } from '../../repository/tree.ts'
import { choosePython, fittingPython, type PythonChoice } from '../parts/python-versions.ts'
import { readRuntime } from '../parts/runtime.ts'
import { readProject } from './project.ts'

/** runtime.txt, held against `requires-python`; else the default, or the newest that fits. */
export function pythonVersion(repository: Repository, fallback: string): PythonChoice {
  const runtime = readRuntime(repository)
  const isGiven = runtime?.name === 'python' && runtime.version !== null
  const chosen = isGiven
    ? choosePython(runtime.version!, runtime.file, fallback)
    : choosePython(fallback, 'the default', fallback)
  const project = readProject(repository)
  if (!project?.requiresPython) return chosen
  const fitting = fittingPython(project.requiresPython, chosen.version)
  if (fitting === chosen.version) return chosen
  if (isGiven || fitting === null) {
    const why = isGiven ? `and ${runtime.file} for ${runtime.version}` : 'which none of the known versions is'
    throw errors.FILE_INVALID({ file: project.file, why: `asks for Python ${project.requiresPython}, ${why}` })
  }
  return { version: fitting, isKernelOnly: false }
}
