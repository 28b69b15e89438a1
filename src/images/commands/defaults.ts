/** What both command lines start from. */
import type { BuildRequest } from '../build/request.ts'

/** As repo2docker's: with it every Debian package that a repository names is found again. */
export const defaultBase = 'docker.io/library/ubuntu:24.04'
export const defaultPython = '3.10'

export const gibibyte = 1024 ** 3

export function machinePlatform(): BuildRequest['platform'] {
  return process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64'
}
