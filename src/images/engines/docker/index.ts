/** Docker, with BuildKit through buildx. */
import { errors } from '../../errors.ts'
import { buildWords, call, checkProgram, runBuild } from '../command-line.ts'
import type { Engine } from '../contract.ts'
import { dockerLike } from '../docker-like.ts'

/** `DOCKER_HOST` of a Podman is served by Podman's own command, as repo2docker does it. */
const program = 'docker'

export const docker: Engine = {
  name: 'docker',
  ...dockerLike(program),
  async check(signal) {
    await checkProgram('docker', [program, 'version'], signal)
    await checkProgram('docker', [program, 'buildx', 'version'], signal)
  },
  /** Builders in containers of their own don't see the images of this machine. */
  async buildsInStages(signal) {
    const { stdout } = await call([program, 'buildx', 'inspect'], { signal })
    return /^Driver:\s*docker$/m.test(stdout)
  },
  build(order) {
    if (order.memoryBytes !== null)
      throw errors.BUILD_MEMORY_UNENFORCED({
        why: "with docker it is the builder's own (`docker buildx create --driver-opt memory=…`)",
      })
    const words = ['buildx', 'build', '--progress=plain', '--load', `--platform=${order.platform}`]
    return runBuild(order, (file) => [program, ...words, ...buildWords(order, file), ...order.words, order.context])
  },
}
