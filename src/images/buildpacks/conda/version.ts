import { choosePython, fittingPython, type PythonChoice } from '../parts/python-versions.ts'
import type { CondaEnvironment } from './read.ts'

/** The first `python=…`, cut to x.y; an open range starts from the default and conda's solver goes on from there. */
export function condaPython(environment: CondaEnvironment, fallback: string): PythonChoice {
  const [, version = ''] =
    environment.packages.map((spec) => /python\s*=+\s*([\d.]*)/.exec(spec)).find((match) => match) ?? []
  return choosePython(version.replace(/\.$/, '') || fallback, environment.file, fallback)
}

/** Without a solver behind, a range is answered here. */
export function pipOnlyPython(environment: CondaEnvironment, fallback: string): PythonChoice {
  const range = environment.packages
    .map((spec) => /(?:^|::)python\s*([<>!~][^;]*)$/.exec(spec)?.[1])
    .find((text) => text)
  const fitting = range ? fittingPython(range, fallback) : null
  return fitting ? { version: fitting, isKernelOnly: false } : condaPython(environment, fallback)
}
