/** Docker, and Podman where it has the same words. */
import { errors } from '../errors.ts'
import { call, runPush } from './command-line.ts'
import type { Engine, LocalImage, RunOrder } from './contract.ts'

interface Inspection {
  Id?: string
  Os?: string
  Architecture?: string
  Config?: {
    Labels?: Record<string, string> | null
    WorkingDir?: string
    User?: string
    Entrypoint?: string[] | null
    Cmd?: string[] | null
  }
}

export function dockerLike(program: 'docker' | 'podman'): Pick<Engine, 'inspect' | 'tag' | 'push' | 'run'> {
  return {
    async inspect(image, signal) {
      const { code, stdout } = await call([program, 'image', 'inspect', image], { signal })
      const [found] = code === 0 ? (JSON.parse(stdout) as Inspection[]) : []
      return found ? readInspection(found) : null
    },
    async tag(image, name, signal) {
      await call([program, 'tag', image, name], { signal })
    },
    push(image, order) {
      const isPodman = program === 'podman'
      const words = [
        ...(isPodman && order.credentials ? [`--authfile=${order.credentials}/config.json`] : []),
        ...(isPodman && order.isInsecure ? ['--tls-verify=false'] : []),
      ]
      const env = { ...process.env, ...(order.credentials && { DOCKER_CONFIG: order.credentials }) }
      return runPush([program, 'push', ...words, image], image, order, env)
    },
    async run(image, order) {
      const name = `himalia-run-${process.pid}-${Date.now()}`
      const remove = () =>
        void call([program, 'rm', '--force', name], { signal: AbortSignal.timeout(30_000) }).catch(() => {})
      order.signal.addEventListener('abort', remove, { once: true })
      const words = ['run', '--rm', `--name=${name}`, ...runWords(order), image, ...order.command]
      const { code, stderr } = await call([program, ...words], { signal: order.signal, onLine: order.onLine })
      order.signal.removeEventListener('abort', remove)
      if (code === 125)
        throw errors.ENGINE_UNUSABLE({ name: program, why: stderr.split('\n').at(-1) ?? 'the container did not start' })
      return code
    },
  }
}

function runWords({ env, volumes, ports, publishesAll }: RunOrder): string[] {
  return [
    ...env.map((entry) => `--env=${entry}`),
    ...volumes.map(({ from, to, mode }) => `--volume=${from}:${to}:${mode}`),
    ...ports.map(({ container, host }) => `--publish=${host}:${container}`),
    ...(publishesAll ? ['--publish-all'] : []),
  ]
}

function readInspection({ Id = '', Os = 'linux', Architecture = '', Config = {} }: Inspection): LocalImage {
  return {
    id: Id,
    labels: Config.Labels ?? {},
    workdir: Config.WorkingDir || '/',
    user: Config.User ?? '',
    entrypoint: Config.Entrypoint ?? [],
    command: Config.Cmd ?? [],
    platform: `${Os}/${Architecture}`,
  }
}
