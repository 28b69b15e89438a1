/** `npm run cluster -- up|down|status|shell`: a real Kubernetes on this machine, for tests. */
import { spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { allComponents, down, ensureUp, isServing, isUp, missingComponents } from './lifecycle.ts'
import { addresses, adminConfig, logs, programs } from './paths.ts'
import { ClusterError } from './run.ts'
import { inside, isRunning } from './running.ts'

const help = `A real Kubernetes on this machine, for tests: one node, two fake ones, a registry.

Usage: npm run cluster -- up | down | status | shell

  up       start it, from nothing; it stays when the command ends
  down     end it, with all that it made
  status   what runs
  shell    a shell inside, with kubectl, helm and ctr

Examples:
  npm run cluster -- up
  npm run cluster -- status
  KUBECONFIG=${adminConfig} kubectl get pods --all-namespaces
  HIMALIA_CLUSTER=5 npm run cluster -- up      other addresses (0 to 15), for a second one on this machine

Exit codes: 0 all is well; 1 it failed; 2 the command was not understood; 3 (status) it is not up.`

const commands: Readonly<Record<string, () => Promise<number>>> = { up: start, down: end, status, shell }

async function main(words: readonly string[]): Promise<number> {
  const [word = '', ...rest] = words
  if (words.some((each) => ['help', '--help', '-h'].includes(each))) return say(help)
  const command = commands[word]
  if (command && rest.length === 0) return command()
  process.stderr.write(`cluster: ${word ? `"${words.join(' ')}" is not understood` : 'what shall be done?'}\n`)
  process.stderr.write('See `npm run cluster -- --help`.\n')
  return 2
}

async function start(): Promise<number> {
  await ensureUp()
  return say(ways)
}

const ways = `KUBECONFIG=${adminConfig}\nRegistry: http://${addresses.node}:5000`

async function end(): Promise<number> {
  await down()
  return say('The cluster is gone.')
}

async function status(): Promise<number> {
  if (missingComponents() === null) {
    say('The cluster is not up.')
    return 3
  }
  for (const { name } of allComponents)
    say(`${name.padEnd(24)} ${isRunning(name) ? 'runs' : `ended; see ${logs}/${name}.log`}`)
  const serves = await isServing()
  say(`${'the API'.padEnd(24)} ${serves ? 'answers' : 'does not answer'}`)
  return (await isUp()) ? say(ways) : 1
}

async function shell(): Promise<number> {
  const env = {
    ...process.env,
    KUBECONFIG: adminConfig,
    CONTAINERD_NAMESPACE: 'k8s.io',
    PATH: [programs, process.env.PATH].join(delimiter),
  }
  const [program = '', ...args] = inside([process.env.SHELL ?? 'bash'])
  return spawnSync(program, args, { env, stdio: 'inherit' }).status ?? 1
}

function say(text: string): 0 {
  process.stdout.write(`${text}\n`)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ClusterError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
