import { spawnSync } from 'node:child_process'

/**
 * Why images can't be built for tests on this machine, in one sentence; null if they can.
 * @returns {string | null}
 */
export function whyNoImages() {
  if (process.platform !== 'linux') return 'building images for tests needs Linux'
  if (process.getuid?.() !== 0) return 'building images for tests needs root'
  const { status } = spawnSync('apt-get', ['--version'], { stdio: 'ignore' })
  return status === 0 ? null : "building images for tests needs Debian's packages"
}
