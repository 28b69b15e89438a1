/** R of a version, with CRAN as it was on a day: runtime.txt, install.R, DESCRIPTION, and the lock of renv. */
import type { Repository } from '../../repository/tree.ts'
import { environmentFile } from '../conda/index.ts'
import type { Buildpack } from '../contract.ts'
import { chooseFoundation } from '../parts/choose-foundation.ts'
import { composePlan } from '../parts/compose.ts'
import { readRuntime } from '../parts/runtime.ts'
import { pythonPackages } from '../python/packages.ts'
import { pythonVersion } from '../python/version.ts'
import { condaExtra } from './conda-extra.ts'
import { installSteps, libraries, packageSteps, systemPackages } from './steps.ts'
import { rVersion, snapshotDate } from './version.ts'

export const r: Buildpack = {
  name: 'RBuildPack',
  detect(repository) {
    const runtime = readRuntime(repository)
    if (runtime?.name === 'r' && runtime.date !== null) return true
    if (repository.root('DESCRIPTION')) return true
    return isLocked(repository)
  },
  async plan(request) {
    const { repository, options, facts } = request
    const version = rVersion(repository)
    const date = snapshotDate(repository, facts.today())
    const mirror = date ? await facts.cranSnapshot(date) : null
    const foundation = chooseFoundation(repository, options, pythonVersion(repository, options.python))
    const python = pythonPackages(request, null)
    const packages = packageSteps(request)
    return composePlan(request, {
      buildpack: r.name,
      packages: [...foundation.packages, ...systemPackages],
      paths: [...foundation.paths, '/usr/lib/rstudio-server/bin'],
      env: {
        ...foundation.env,
        R_LIBS_USER: libraries,
        R_HOME: `/opt/R/${version}/lib/R`,
        R_DOC_DIR: `/opt/R/${version}/lib/R/doc`,
        LD_LIBRARY_PATH: `/opt/R/${version}/lib/R/lib`,
      },
      profile: foundation.profile,
      base: [...foundation.steps, ...installSteps({ version, mirror, platform: options.platform })],
      environment: [...condaExtra(request, foundation.kind), ...python.environment, ...packages.environment],
      assembly: [...python.assembly, ...packages.assembly],
    })
  },
}

/** Ours: a lock of renv is enough where repo2docker has no reason of its own. */
function isLocked(repository: Repository): boolean {
  const others = ['requirements.txt', 'Pipfile', 'Pipfile.lock'].some((name) => repository.config(name) !== null)
  const isPackage = repository.root('setup.py') !== null || repository.root('pyproject.toml') !== null
  return repository.config('renv.lock') !== null && !others && !isPackage && environmentFile(repository) === null
}
