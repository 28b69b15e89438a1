import { errors } from '../../errors.ts'
import type { Step } from '../../plan/model.ts'
import type { PlanRequest } from '../contract.ts'
import { condaSettings, condaUses } from '../parts/conda-foundation.ts'
import { serverPrefix } from '../parts/foundation.ts'
import { rstudioConfig, rstudioSteps } from '../parts/rstudio.ts'
import type { CondaEnvironment } from './read.ts'

/** R of conda: its kernel, and RStudio and Shiny beside Jupyter. */
export function condaR(
  { options }: PlanRequest,
  environment: CondaEnvironment,
): { root: Step[]; user: Step[]; packages: string[] } {
  if (options.platform !== 'linux/amd64')
    throw errors.PLATFORM_UNSUPPORTED({ what: 'RStudio', platform: options.platform })
  const base = environment.packages
    .map((spec) => /(?:^|::)r-base\s*=+\s*([\d.]+)/.exec(spec)?.[1])
    .find((version) => version)
  const spec = base ? `r-base=${base}` : 'r-base'
  return {
    packages: ['libapparmor1', 'libssl-dev', 'lsb-release', 'psmisc', 'sudo'],
    root: [
      {
        do: 'run',
        title: 'R and its kernel',
        as: 'user',
        command: `${condaSettings} && micromamba install --yes --prefix ${serverPrefix} '${spec}' r-irkernel r-devtools`,
        uses: condaUses,
      },
      ...rstudioSteps(),
      ...rstudioConfig(`${serverPrefix}/bin/R`, `${serverPrefix}/lib/R/lib`),
    ],
    user: [
      {
        do: 'run',
        title: 'The entry of R in Jupyter',
        as: 'user',
        command: `${serverPrefix}/bin/R --quiet -e "IRkernel::installspec(prefix='${serverPrefix}')"`,
      },
    ],
  }
}
