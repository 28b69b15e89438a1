/** Buildah: needs no daemon, and no privileges where the machine maps user ids. */
import { errors } from '../../errors.ts'
import { buildWords, call, checkProgram, runBuild, runPush } from '../command-line.ts'
import type { Engine, LocalImage } from '../contract.ts'
import { openControlGroup } from '../control-group.ts'

/** `chroot` works inside of containers, too; `BUILDAH_ISOLATION` says otherwise. */
const isolation = () => process.env.BUILDAH_ISOLATION ?? 'chroot'

export const buildah: Engine = {
  name: 'buildah',
  check: (signal) => checkProgram('buildah', ['buildah', 'info'], signal),
  buildsInStages: async () => true,
  async build(order) {
    using group = openControlGroup(order.memoryBytes)
    const words = ['bud', `--isolation=${isolation()}`, '--format=oci', '--pull=false', `--platform=${order.platform}`]
    await runBuild(
      order,
      (file) => ['buildah', ...words, ...buildWords(order, file), ...order.words, order.context],
      group,
    )
  },
  async inspect(image, signal) {
    const { code, stdout } = await call(['buildah', 'inspect', '--type=image', image], { signal })
    return code === 0 ? readInspection(JSON.parse(stdout)) : null
  },
  async tag(image, name, signal) {
    await call(['buildah', 'tag', image, name], { signal })
  },
  push(image, order) {
    const words = [
      ...(order.credentials ? [`--authfile=${order.credentials}/config.json`] : []),
      // On this machine it goes no further: packing it would cost more than it saves.
      // A registry without TLS is near: packing would cost more than it saves.
      ...(order.isInsecure ? ['--tls-verify=false', '--disable-compression'] : []),
    ]
    return runPush(['buildah', 'push', ...words, image, `docker://${image}`], image, order)
  },
  async run(image, order) {
    // Its containers are in the network of this machine: a port is open under its own number, or not at all.
    if (order.publishesAll || order.ports.some(({ container, host }) => host !== container.split('/')[0]))
      throw errors.FLAG_UNSUPPORTED({
        flag: '--publish',
        why: 'buildah gives a port no other number; publish it under its own, or use podman or docker',
      })
    const { code, stdout, stderr } = await call(['buildah', 'from', '--pull=false', image], { signal: order.signal })
    if (code !== 0) throw errors.IMAGE_NOT_FOUND({ name: image }, new Error(stderr))
    const container = stdout.trim()
    try {
      return await runContainer(container, (await this.inspect(image, order.signal))!, order)
    } finally {
      await call(['buildah', 'rm', container], { signal: AbortSignal.timeout(60_000) })
    }
  },
}

/** `buildah run` knows neither entry point nor command of the image. */
async function runContainer(
  container: string,
  image: LocalImage,
  order: Parameters<Engine['run']>[1],
): Promise<number> {
  const command = order.command.length > 0 ? order.command : image.command
  const words = [
    `--isolation=${isolation()}`,
    ...order.env.map((entry) => `--env=${entry}`),
    ...order.volumes.map(({ from, to, mode }) => `--volume=${from}:${to}:${mode}`),
  ]
  const ended = await call(['buildah', 'run', ...words, container, '--', ...image.entrypoint, ...command], {
    signal: order.signal,
    onLine: order.onLine,
  })
  return ended.code
}

interface Inspection {
  FromImageID?: string
  OCIv1?: {
    architecture?: string
    os?: string
    config?: {
      Labels?: Record<string, string>
      WorkingDir?: string
      User?: string
      Entrypoint?: string[]
      Cmd?: string[]
    }
  }
}

function readInspection({ FromImageID = '', OCIv1 = {} }: Inspection): LocalImage {
  const { config = {}, os = 'linux', architecture = '' } = OCIv1
  return {
    id: FromImageID,
    labels: config.Labels ?? {},
    workdir: config.WorkingDir ?? '/',
    user: config.User ?? '',
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    platform: `${os}/${architecture}`,
  }
}
