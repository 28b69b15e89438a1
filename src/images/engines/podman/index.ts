/** Podman: Buildah's builds, and containers that run as they do in production. */
import { buildWords, checkProgram, runBuild } from '../command-line.ts'
import type { Engine } from '../contract.ts'
import { dockerLike } from '../docker-like.ts'

export const podman: Engine = {
  name: 'podman',
  ...dockerLike('podman'),
  check: (signal) => checkProgram('podman', ['podman', 'info'], signal),
  buildsInStages: async () => true,
  build(order) {
    const memory =
      order.memoryBytes === null ? [] : [`--memory=${order.memoryBytes}`, `--memory-swap=${order.memoryBytes}`]
    const words = ['build', '--format=oci', '--pull=false', '--layers=false', ...memory, `--platform=${order.platform}`]
    return runBuild(order, (file) => ['podman', ...words, ...buildWords(order, file), ...order.words, order.context])
  },
}
