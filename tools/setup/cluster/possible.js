import { spawnSync } from 'node:child_process'

/** Kubernetes' and KWOK's modules ask for it. */
const oldestGo = [1, 26]

/**
 * Why the cluster for tests can't be had on this machine, in one sentence; null if it can.
 * @returns {string | null}
 */
export function whyNoCluster() {
  if (process.platform !== 'linux') return 'a cluster for tests needs Linux'
  if (process.getuid?.() !== 0) return 'a cluster for tests needs root'
  if (!prints(['apt-get', '--version'])) return "a cluster for tests needs Debian's packages"
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(prints(['go', 'version'])) ?? []
  if (!major || Number(major) < oldestGo[0] || Number(minor) < oldestGo[1])
    return `a cluster for tests needs Go ${oldestGo.join('.')} or newer`
  const unshare = ['unshare', '--net', '--mount', '--pid', '--fork', 'echo', 'yes']
  return prints(unshare) ? null : 'a cluster for tests needs the right to make network namespaces'
}

function prints([program, ...args]) {
  return spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).stdout ?? ''
}
