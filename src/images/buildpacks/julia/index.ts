/** Julia of the version that Project.toml allows, with its packages. */
import type { Buildpack } from '../contract.ts'
import { chooseFoundation } from '../parts/choose-foundation.ts'
import { composePlan } from '../parts/compose.ts'
import { serverPrefix } from '../parts/foundation.ts'
import { pythonPackages } from '../python/packages.ts'
import { parseToml } from '../python/project.ts'
import { pythonVersion } from '../python/version.ts'
import { condaExtra } from '../r/conda-extra.ts'
import { newestFitting } from './versions.ts'

const folder = '/srv/julia'
const byDefault = '1.6'

export const julia: Buildpack = {
  name: 'JuliaProjectTomlBuildPack',
  detect: (repository) => repository.config('Project.toml') !== null || repository.config('JuliaProject.toml') !== null,
  async plan(request) {
    const { repository, options, facts } = request
    const file = (repository.config('JuliaProject.toml') ?? repository.config('Project.toml'))!
    const compat = parseToml(repository.text(file), file).compat as { julia?: unknown } | undefined
    const wanted = typeof compat?.julia === 'string' ? compat.julia : byDefault
    const version = newestFitting(wanted, await facts.juliaVersions(), file)
    const foundation = chooseFoundation(repository, options, pythonVersion(repository, options.python))
    const python = pythonPackages(request, null)
    const project = `${options.repoDir}/${repository.binder}`.replace(/\/$/, '')
    const arch =
      options.platform === 'linux/arm64' ? { long: 'aarch64', short: 'aarch64' } : { long: 'x86_64', short: 'x64' }
    const url = `https://julialang-s3.julialang.org/bin/linux/${arch.short}/${version.split('.').slice(0, 2).join('.')}/julia-${version}-linux-${arch.long}.tar.gz`
    return composePlan(request, {
      buildpack: julia.name,
      packages: foundation.packages,
      paths: [...foundation.paths, `${folder}/bin`],
      env: {
        ...foundation.env,
        JULIA_PATH: folder,
        JULIA_DEPOT_PATH: `${folder}/pkg`,
        JULIA_VERSION: version,
        JULIA_ARCH: arch.long,
        JULIA_ARCH_SHORT: arch.short,
        JUPYTER: `${serverPrefix}/bin/jupyter`,
        JUPYTER_DATA_DIR: `${serverPrefix}/share/jupyter`,
        JULIA_PROJECT: project,
      },
      profile: foundation.profile,
      base: [
        ...foundation.steps,
        {
          do: 'run',
          title: `Julia ${version}`,
          as: 'root',
          command: `mkdir -p ${folder} && curl --fail --silent --show-error --location ${url} | tar --extract --gzip --directory=${folder} --strip-components=1`,
        },
        {
          do: 'run',
          title: 'A depot of the user',
          as: 'root',
          command: `mkdir -p ${folder}/pkg && chown "$NB_UID:$NB_UID" ${folder}/pkg`,
        },
      ],
      environment: [...condaExtra(request, foundation.kind), ...python.environment],
      assembly: [
        ...python.assembly,
        {
          do: 'run',
          title: 'Julia in Jupyter',
          as: 'user',
          command: `JULIA_PROJECT="" julia -e 'using Pkg; Pkg.add("IJulia"); using IJulia; installkernel("Julia", "--project=${project}")'`,
        },
        {
          do: 'run',
          title: `Julia packages of ${file}`,
          as: 'user',
          command: `JULIA_PROJECT=${project} julia -e 'using Pkg; Pkg.instantiate(); Pkg.resolve(); Pkg.instantiate()'`,
        },
      ],
    })
  },
}
