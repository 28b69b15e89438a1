/** Programs that tests and benchmarks use, from Debian's packages where we may install them. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { runCommand } from './command.js'
import { SetupError } from './failure.js'

/** Each program and the package that has it. */
const programs = {
  '/usr/lib/apache2/modules/mod_shib.so': 'libapache2-mod-shib',
  chromium: 'chromium',
  openssl: 'openssl',
  postgres: 'postgresql',
  shibd: 'shibboleth-sp-utils',
  slapd: 'slapd',
  xmlsec1: 'xmlsec1',
}
const benchPrograms = { nginx: 'nginx-light', wrk: 'wrk' }
const clusterPrograms = {
  '/usr/lib/cni/ptp': 'containernetworking-plugins',
  buildah: 'buildah',
  busybox: 'busybox-static',
  conntrack: 'conntrack',
  containerd: 'containerd',
  etcd: 'etcd-server',
  ip: 'iproute2',
  iptables: 'iptables',
  mmdebstrap: 'mmdebstrap',
  openssl: 'openssl',
  runc: 'runc',
  tini: 'tini',
}
const imagePrograms = { buildah: 'buildah', 'git-lfs': 'git-lfs', hg: 'mercurial', mmdebstrap: 'mmdebstrap' }
const containerPrograms = { buildah: 'buildah' }
const groups = {
  containers: containerPrograms,
  test: programs,
  bench: { ...programs, ...benchPrograms },
  cluster: clusterPrograms,
  images: imagePrograms,
}

/** @param {keyof groups} group @returns {import('./steps.js').Step[]} */
export function debianPrograms(group) {
  const wanted = groups[group]
  const missing = () => Object.entries(wanted).filter(([program]) => !find(program))
  if (missing().length === 0) return []
  const packages = missing().map(([, name]) => name)
  return [
    {
      title: `Debian packages ${packages.join(', ')}`,
      stamp: `debian-${group}`,
      inputs: () => packages.join(' '),
      isWhole: () => missing().length === 0,
      work: (say) => install(packages, say),
    },
  ]
}

async function install(packages, say) {
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !find('apt-get')) {
    throw new SetupError(
      `This needs programs that are not here: ${packages.join(', ')}.`,
      `Install them, for example with \`sudo ${command}\`.`,
    )
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand(['apt-get', 'update'], { say, env, what: 'Reading the list of Debian packages' })
  await runCommand([...command.split(' '), '--yes'], { say, env, what: 'Installing Debian packages' })
}

function find(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/bin', ...postgresFolders()]
  return folders.some((folder) => existsSync(resolve(folder, program)))
}

/** Debian keeps each version's server programs out of the PATH. */
function postgresFolders() {
  const base = '/usr/lib/postgresql'
  return existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : []
}
