import { errors } from '../../errors.ts'
import type { Step } from '../../plan/model.ts'
import type { PlanOptions, PlanRequest } from '../contract.ts'
import { early, earlyPath } from '../parts/assets.ts'
import { serverPrefix } from '../parts/foundation.ts'
import { aptInstall } from '../parts/operating-system.ts'
import { rstudioConfig, rstudioSteps } from '../parts/rstudio.ts'

export const systemPackages = ['libapparmor1', 'libssl-dev', 'lsb-release', 'psmisc', 'sudo']
export const libraries = '/srv/rlibs'
const script = 'Rscript --no-save --no-restore --no-init-file --no-environ'

export interface RInstall {
  readonly version: string
  /** With `${VERSION_CODENAME}` of the system that it is read on. */
  readonly mirror: string | null
  readonly platform: PlanOptions['platform']
}

export function installSteps({ version, mirror, platform }: RInstall): Step[] {
  if (platform !== 'linux/amd64') throw errors.PLATFORM_UNSUPPORTED({ what: 'R of Posit', platform })
  const home = `/opt/R/${version}`
  return [
    {
      do: 'run',
      title: 'Libraries that R packages need',
      as: 'root',
      command: aptInstall(['libclang-dev', 'libzmq3-dev']),
    },
    {
      do: 'run',
      title: `R ${version}`,
      as: 'root',
      command: [
        '. /etc/os-release',
        'system="$ID-$(echo "$VERSION_ID" | tr -d .)"',
        `curl --fail --silent --show-error --location --output /tmp/r.deb "https://cdn.posit.co/r/$system/pkgs/r-${version}_1_amd64.deb"`,
        'apt-get update --quiet',
        'apt-get install --yes --quiet --no-install-recommends /tmp/r.deb',
        'rm -rf /tmp/r.deb /var/lib/apt/lists/*',
        `ln -s ${home}/bin/R ${home}/bin/Rscript /usr/local/bin/`,
      ].join(' && '),
    },
    ...rstudioSteps(),
    ...rstudioConfig(`${home}/bin/R`, `${home}/lib/R/lib`),
    {
      do: 'run',
      title: 'A library of the user',
      as: 'root',
      command: `install --directory --owner="$NB_UID" --group="$NB_UID" ${libraries}`,
    },
    {
      do: 'run',
      title: 'Where R finds that library',
      as: 'root',
      command: `sed -i -e 's/^R_LIBS_USER=/#R_LIBS_USER=/' ${home}/lib/R/etc/Renviron && echo 'R_LIBS_USER=${libraries}' >> ${home}/lib/R/etc/Renviron`,
    },
    ...(mirror ? [mirrorStep(home, mirror)] : []),
    {
      do: 'run',
      title: 'R in Jupyter',
      as: 'user',
      command: `${script} -e "install.packages(c('remotes', 'devtools', 'IRkernel', 'shiny'))" -e "IRkernel::installspec(prefix='${serverPrefix}')"`,
    },
  ]
}

function mirrorStep(home: string, mirror: string): Step {
  const profile = `options(repos = c(CRAN = '${mirror}'))`
  return {
    do: 'run',
    title: 'CRAN as it was on the day',
    as: 'root',
    command: [
      '. /etc/os-release',
      'export VERSION_CODENAME',
      `echo "${profile.replaceAll('$', '\\$')}" | envsubst '$\{VERSION_CODENAME}' >> ${home}/lib/R/etc/Rprofile.site`,
      'mkdir -p /etc/rstudio',
      `echo "r-cran-repos=${mirror.replaceAll('$', '\\$')}" | envsubst '$\{VERSION_CODENAME}' >> /etc/rstudio/rsession.conf`,
      `printf '[*]\\nlog-level=info\\nlogger-type=stderr\\n' > /etc/rstudio/logging.conf`,
      'chown -R "$NB_UID:$NB_UID" /etc/rstudio',
    ].join(' && '),
  }
}

/** What the repository's own files install. */
export function packageSteps({ repository, options }: PlanRequest): { environment: Step[]; assembly: Step[] } {
  const environment: Step[] = []
  const assembly: Step[] = []
  const lock = repository.config('renv.lock')
  if (lock)
    environment.push(
      { do: 'copy', title: `${lock} alone`, files: [early(repository, lock)] },
      {
        do: 'run',
        title: `R packages of ${lock}`,
        as: 'user',
        command: `${script} -e "install.packages('renv')" -e "renv::restore(lockfile='${earlyPath(lock)}', library='${libraries}', prompt=FALSE)"`,
      },
    )
  const install = repository.config('install.R')
  if (install) {
    // Most scripts only install packages and run alone; one that reads the repository runs again once it is there.
    environment.push(
      { do: 'copy', title: `${install} alone`, files: [early(repository, install)] },
      {
        do: 'run',
        title: `R packages of ${install}`,
        as: 'user',
        command: `(${script} '${earlyPath(install)}' && touch /tmp/.preassembled) || true; rm -rf /tmp/downloaded_packages`,
      },
    )
    assembly.push({
      do: 'run',
      title: `${install}, if it needs the repository`,
      as: 'user',
      command: `test -e /tmp/.preassembled || ${script} '${install}'; code=$?; rm -rf /tmp/downloaded_packages /tmp/.preassembled; exit $code`,
    })
  }
  if (repository.root('DESCRIPTION'))
    assembly.push({
      do: 'run',
      title: 'The repository’s own R package',
      as: 'user',
      command: `cd ${options.repoDir} && ${script} -e "remotes::install_local(getwd())"`,
    })
  return { environment, assembly }
}
