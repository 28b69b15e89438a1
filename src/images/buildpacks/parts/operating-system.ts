/** What each image has of Debian or Ubuntu, and the user that it runs as. */
import type { Step } from '../../plan/model.ts'
import type { PlanOptions } from '../contract.ts'

/** Small programs that terminals, notebooks and installers expect; compilers come only where something is compiled. */
const programs = [
  'bzip2',
  'ca-certificates',
  'curl',
  'gettext-base',
  'git',
  'less',
  'locales',
  'openssh-client',
  'procps',
  'unzip',
  'wget',
]

export function aptInstall(packages: readonly string[], words = '--no-install-recommends'): string {
  const install = ['apt-get install --yes --quiet', words, ...packages].filter((word) => word !== '').join(' ')
  return `apt-get update --quiet && ${install} && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log`
}

export function operatingSystem({ user, base }: PlanOptions, packages: readonly string[]): Step[] {
  const { name, uid } = user
  return [
    { do: 'env', values: { DEBIAN_FRONTEND: 'noninteractive' } },
    {
      do: 'run',
      title: `Programs and locale (on ${base})`,
      as: 'root',
      command: `${aptInstall([...programs, ...packages].sort())} && echo 'en_US.UTF-8 UTF-8' > /etc/locale.gen && locale-gen`,
    },
    {
      do: 'env',
      values: {
        LC_ALL: 'en_US.UTF-8',
        LANG: 'en_US.UTF-8',
        LANGUAGE: 'en_US.UTF-8',
        SHELL: '/bin/bash',
        NB_USER: name,
        NB_UID: String(uid),
        USER: name,
        HOME: `/home/${name}`,
      },
    },
    {
      do: 'run',
      title: `The user ${name} (${uid})`,
      as: 'root',
      command: `${group(name, uid)} && ${account(name, uid)}`,
    },
  ]
}

/** Ubuntu's images have a user 1000 already: it is renamed. */
function group(name: string, uid: number): string {
  const old = `old=$(getent group ${uid} | cut -d: -f1)`
  return `${old} && if [ -z "$old" ]; then groupadd --gid ${uid} ${name}; elif [ "$old" != ${name} ]; then groupmod --new-name ${name} "$old"; fi`
}

function account(name: string, uid: number): string {
  const old = `old=$(getent passwd ${uid} | cut -d: -f1)`
  const make = `useradd --create-home --gid ${uid} --no-log-init --shell /bin/bash --uid ${uid} ${name}`
  const rename = `usermod --home /home/${name} --login ${name} --move-home --gid ${uid} --shell /bin/bash "$old"`
  return `${old} && if [ -z "$old" ]; then ${make}; elif [ "$old" != ${name} ]; then ${rename}; fi`
}
