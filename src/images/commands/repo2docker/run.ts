/** Running what was built, as repo2docker does. */
import { createServer } from 'node:net'
import { posix } from 'node:path'
import { pickEngine } from '../../engines/registry.ts'
import { errors } from '../../errors.ts'
import type { BuildLog } from '../../log.ts'
import type { Repo2docker } from './request.ts'

/** The exit code is the container's. */
export async function runImage(
  image: string,
  wanted: Repo2docker,
  { log, env }: { log: BuildLog; env: NodeJS.ProcessEnv },
): Promise<number> {
  const { request } = wanted
  const engine = await pickEngine(request.engine, request.signal)
  const found = await engine.inspect(image, request.signal)
  if (!found) throw errors.IMAGE_NOT_FOUND({ name: image })
  const server = wanted.command.length > 0 ? null : await serverCommand(wanted, env)
  return engine.run(image, {
    command: server?.command ?? wanted.command,
    env: wanted.env,
    volumes: wanted.volumes.map((volume) => ({ ...volume, to: posix.resolve(found.workdir, volume.to) })),
    ports: server?.ports ?? wanted.ports,
    publishesAll: wanted.publishesAll,
    signal: request.signal,
    onLine: (line) => log(`${line}\n`, 'running'),
  })
}

async function serverCommand({ ports }: Repo2docker, env: NodeJS.ProcessEnv) {
  const [port] = ports
  const number = port ? port.container.split('/')[0]! : String(await freePort())
  const shown = port ? port.host.split(':').at(-1)! : number
  const host = URL.parse(env.DOCKER_HOST ?? '')?.hostname || '127.0.0.1'
  const command = [
    'jupyter',
    'notebook',
    '--ip=0.0.0.0',
    `--port=${number}`,
    `--ServerApp.custom_display_url=http://${host}:${shown}`,
    '--ServerApp.default_url=/lab',
  ]
  return { command, ports: port ? ports : [{ container: `${number}/tcp`, host: number }] }
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
