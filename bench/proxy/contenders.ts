/** What is compared: each a way from a port to the upstream, in processes of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Contender {
  readonly name: string
  readonly port: number
  /** Memory of the process that does the work, in MB; null for the direct connection. */
  rss(): Promise<number | null>
  /** CPU time it has used, user and kernel, in ms; null for the direct connection. */
  cpu(): Promise<number | null>
  stop(): void
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export function direct(upstream: number): Contender {
  return { name: 'direct', port: upstream, rss: async () => null, cpu: async () => null, stop() {} }
}

export async function ours(upstream: number): Promise<Contender> {
  const port = await freePort()
  const api = await freePort()
  const flags = ['--ip', '127.0.0.1', '--port', `${port}`, '--api-port', `${api}`, '--log-level', 'warn']
  const child = spawn(process.execPath, [here('../../src/proxy/main.ts'), ...flags, ...targets(upstream)], quiet)
  return ready('himalia', port, child)
}

export async function chp(upstream: number): Promise<Contender> {
  const port = await freePort()
  const api = await freePort()
  const bin = here('../../node_modules/configurable-http-proxy/bin/configurable-http-proxy')
  const flags = ['--ip', '127.0.0.1', '--port', `${port}`, '--api-ip', '127.0.0.1', '--api-port', `${api}`]
  const child = spawn(process.execPath, [bin, ...flags, '--log-level', 'warn', ...targets(upstream)], quiet)
  return ready('CHP 5.3.0', port, child)
}

/** Null when nginx is not installed. */
export async function nginx(upstream: number): Promise<Contender | null> {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
  } catch {
    return null
  }
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  await writeFile(join(directory, 'nginx.conf'), nginxConfig({ directory, port, upstream }))
  const child = spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', 'stderr'], quiet)
  return ready('nginx, 1 worker', port, child)
}

const quiet = { stdio: 'ignore' as const }

function targets(upstream: number): string[] {
  return ['--default-target', `http://127.0.0.1:${upstream}`]
}

function nginxConfig({ directory, port, upstream }: { directory: string; port: number; upstream: number }): string {
  return `daemon off; master_process off; worker_processes 1; pid ${directory}/pid; error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off; client_max_body_size 0; keepalive_requests 1000000000;
  client_body_temp_path ${directory}/a; proxy_temp_path ${directory}/b; fastcgi_temp_path ${directory}/c;
  uwsgi_temp_path ${directory}/d; scgi_temp_path ${directory}/e;
  map $http_upgrade $upgraded { default upgrade; '' ''; }
  upstream behind { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://behind; proxy_http_version 1.1; proxy_buffering off; proxy_request_buffering off;
      proxy_set_header Host $http_host; proxy_set_header Connection $upgraded; proxy_set_header Upgrade $http_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`
}

async function ready(name: string, port: number, child: ChildProcess): Promise<Contender> {
  const start = performance.now()
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() - start > 20_000) throw new Error(`${name} did not start`)
  }
  const rss = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  }
  const cpu = async () => {
    const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    // Clock ticks of 10 ms.
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  return { name, port, rss, cpu, stop: () => void child.kill('SIGKILL') }
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/small`)
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
