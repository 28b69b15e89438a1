import { errors } from '../../errors.ts'
import type { Step } from '../../plan/model.ts'
import { environmentFile } from '../conda/index.ts'
import { readEnvironment } from '../conda/read.ts'
import type { PlanRequest } from '../contract.ts'
import { early, earlyPath } from '../parts/assets.ts'
import { condaSettings, condaUses } from '../parts/conda-foundation.ts'
import { serverPrefix } from '../parts/foundation.ts'
import { pipInstall } from '../parts/pip.ts'

/** An environment.yml beside R or Julia is installed, too. */
export function condaExtra({ repository }: PlanRequest, foundation: 'uv' | 'conda'): Step[] {
  const file = environmentFile(repository)
  if (!file) return []
  const copy: Step = { do: 'copy', title: `${file} alone`, files: [early(repository, file)] }
  if (foundation === 'conda')
    return [
      copy,
      {
        do: 'run',
        title: `Packages of ${file}`,
        as: 'user',
        command: `${condaSettings} && micromamba env update --yes --prefix ${serverPrefix} --file '${earlyPath(file)}'`,
        uses: condaUses,
      },
    ]
  const { isPipOnly, pip, readsRepository } = readEnvironment(repository.text(file), file)
  if (!isPipOnly || readsRepository)
    throw errors.FILE_INVALID({
      file,
      why: 'asks for packages of conda beside R or Julia, which needs conda itself; mention conda in postBuild',
    })
  return pip.length > 0 ? [pipInstall(`Python packages of ${file}`, pip.map((name) => `'${name}'`).join(' '))] : []
}
