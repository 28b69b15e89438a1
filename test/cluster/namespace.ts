/**
 * The cluster's own corner of the kernel: a network, a table of mounts and a table of processes. It lives as long as its
 * first process. When that one ends the kernel ends all others and takes back the mounts and the network, so nothing
 * has to be tidied up one by one, however the end came. Only cgroups and files remain for `removeNamespace`.
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Addresses } from './addresses.ts'
import { ClusterError, run, succeeds, until } from './run.ts'

export interface Process {
  readonly pid: number
  readonly words: readonly string[]
}

/** Every process of this machine that may be looked at. */
export function processes(): Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    try {
      return /^\d+$/.test(entry)
        ? [{ pid: Number(entry), words: readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0').slice(0, -1) }]
        : []
    } catch {
      return [] // It has ended since.
    }
  })
}

/** The first process, or null if there is no such namespace. */
export function findNamespace(name: string): number | null {
  return processes().find(({ words }) => words[0] === 'tini' && words.at(-1) === name)?.pid ?? null
}

/** The words that run a program inside. */
export function enter(first: number, words: readonly string[]): string[] {
  return ['nsenter', `--target=${first}`, '--net', '--mount', '--pid', '--', ...words]
}

/** @param state the folder for what the node writes. @returns the first process */
export async function createNamespace(addresses: Addresses, state: string): Promise<number> {
  if (await succeeds(['ip', 'link', 'show', addresses.link])) throw taken(addresses)
  // Tini takes in the orphans that containerd leaves; the name is for `findNamespace`.
  const first = ['tini', '--', 'sh', '-c', 'exec sleep infinity', addresses.name]
  const unshare = ['--net', '--mount', '--pid', '--fork', '--mount-proc', ...first]
  spawn('unshare', unshare, { stdio: 'ignore', detached: true }).unref()
  const pid = await until('a namespace of its own', async () => findNamespace(addresses.name), { timeoutMs: 10_000 })
  await until('its table of processes', () => succeeds(enter(pid, ['kill', '-0', '1'])), { timeoutMs: 10_000 })
  for (const folder of ['kubelet', 'cni', 'log']) await mkdir(join(state, folder), { recursive: true })
  await run(enter(pid, ['sh', '-ec', mounts, state]))
  await run(['ip', 'link', 'add', addresses.link, 'type', 'veth', 'peer', 'eth0', 'netns', `${pid}`])
  await run(enter(pid, ['sh', '-ec', network(addresses)]))
  await run(['sh', '-ec', way(addresses)])
  for (const folder of cgroupFolders(addresses.name)) await makeCgroup(folder)
  return pid
}

function taken({ link }: Addresses): ClusterError {
  return new ClusterError(
    `There is a network interface ${link} already: another clone's cluster uses the same addresses.\n` +
      'Set HIMALIA_CLUSTER to another number from 0 to 15.',
  )
}

/** Places that the node's programs write to whatever one tells them. `$0` is the folder on disk. */
const mounts = `
  mount --make-rshared /
  mount -t tmpfs tmpfs /run
  mkdir -p /run/netns /var/lib/kubelet /var/lib/cni
  mount --bind "$0/kubelet" /var/lib/kubelet
  mount --bind "$0/cni" /var/lib/cni
  mount --bind "$0/log" /var/log`

/** There is no default route: nothing that runs inside can reach more than this machine's end of the link. */
const network = ({ node, services }: Addresses) => `
  ip link set lo up
  ip addr add ${node}/30 dev eth0
  ip link set eth0 up
  ip route add ${services} dev eth0 src ${node}
  echo 1 > /proc/sys/net/ipv4/ip_forward`

const way = ({ link, host, node, pods, services }: Addresses) => `
  ip addr add ${host}/30 dev ${link}
  ip link set ${link} up
  ip route add ${pods} via ${node}
  ip route add ${services} via ${node}`

/** Ends everything inside, and takes away what the kernel does not. */
export async function removeNamespace(addresses: Addresses, state: string): Promise<void> {
  const first = findNamespace(addresses.name)
  if (first !== null) process.kill(first, 'SIGKILL')
  await until('the end of the last process', async () => findNamespace(addresses.name) === null)
  await until('the end of the network', async () => !(await succeeds(['ip', 'link', 'show', addresses.link])))
  for (const folder of cgroupFolders(addresses.name))
    await until(`an empty ${folder}`, async () => removeCgroup(folder), { timeoutMs: 20_000 })
  await rm(state, { recursive: true, force: true, maxRetries: 5 })
}

/** The cgroup of that name in each hierarchy; there is one hierarchy or, on older systems, one for each controller. */
function cgroupFolders(name: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type = '']) => /^cgroup2?$/.test(type))
    .map(([, folder = '']) => join(folder, name))
}

async function makeCgroup(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (folder.startsWith('/sys/fs/cgroup/himalia'))
    await writeFile('/sys/fs/cgroup/cgroup.subtree_control', '+cpu +cpuset +memory +pids +io')
}

/** Whether it is gone: a cgroup can be removed when those below are and its last process has ended. */
function removeCgroup(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeCgroup(join(folder, entry.name))
    rmdirSync(folder)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
