/** Installing Python packages into the kernel's environment. */
import type { Step } from '../../plan/model.ts'
import type { PlanRequest } from '../contract.ts'
import { early, earlyPath } from './assets.ts'
import { uvSettings, uvUses } from './uv-foundation.ts'

/** `words` are those of `uv pip install`; `date` limits what is seen of the index to what there was then. */
export function pipInstall(
  title: string,
  words: string,
  { date = null, folder }: { date?: string | null; folder?: string } = {},
): Step {
  const before = [
    uvSettings,
    ...(date ? [`export UV_EXCLUDE_NEWER=${date}T00:00:00Z`] : []),
    ...(folder ? [`cd ${folder}`] : []),
  ]
  return {
    do: 'run',
    title,
    as: 'root',
    command: `${before.join(' && ')} && install-python-packages ${words}`,
    uses: uvUses,
  }
}

/** Before the repository is there: only the named files of it are. */
export function pipInstallFiles({ repository }: PlanRequest, files: readonly string[], date: string | null): Step[] {
  if (files.length === 0) return []
  return [
    { do: 'copy', title: `${files.join(', ')} alone`, files: files.map((file) => early(repository, file)) },
    pipInstall(
      `Python packages of ${files.join(', ')}`,
      files.map((file) => `--requirement='${earlyPath(file)}'`).join(' '),
      { date },
    ),
  ]
}

export function hasContent(text: string): boolean {
  return text.split(/\r?\n/).some((line) => line.replace(/(^|\s)#.*/, '').trim() !== '')
}
