import { readFile, stat } from 'node:fs/promises'
import { unreadable } from './unreadable.ts'
import { fileProblem } from './yaml/problems.ts'
import { type ReadFile, readYaml, sizeProblem } from './yaml/read.ts'

/** One file. Never throws: what can't be read has no root, and a problem that says why. */
export async function readSource(file: string): Promise<ReadFile> {
  try {
    const large = sizeProblem(file, (await stat(file)).size)
    if (large) return { ...readYaml(file, ''), problems: [large] }
    return readYaml(file, await readFile(file))
  } catch (error) {
    const what = unreadable(error)
    return { ...readYaml(file, ''), problems: [fileProblem('FILE_UNREADABLE', file, { what })] }
  }
}
