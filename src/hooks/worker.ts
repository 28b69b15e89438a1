/** The administrator's code runs here, in a thread of its own: it can be ended, and what it breaks is only itself. */
import { registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { Exported, FromWorker, Thrown, ToWorker, WorkerData } from './messages.ts'

const { code, running } = workerData as WorkerData
const sources = new Map(code)
const busy = new Int32Array(running)
const say = (message: FromWorker) => parentPort?.postMessage(message)

registerHooks({
  resolve(specifier, context, next) {
    const isOurs = context.parentURL?.startsWith('hook:') === true
    const url = isOurs && /^\.\.?\//.test(specifier) ? new URL(specifier, context.parentURL).href : specifier
    if (url.startsWith('hook:')) return { url, shortCircuit: true }
    return next(specifier, isOurs ? { ...context, parentURL: import.meta.url } : context)
  },
  load(url, context, next) {
    if (!url.startsWith('hook:')) return next(url, context)
    const source = sources.get(url)
    if (source === undefined) throw new Error(`There is no file ${url.replace(/^hook:\/\/\//, '')} among yours`)
    return { format: 'module-typescript', source, shortCircuit: true }
  },
})

type Module = Readonly<Record<string, unknown>>
type Call = (...args: readonly unknown[]) => unknown

const modules = new Map<string, Module>()
const functions = new Set(['preSpawn', 'postStop', 'modifyPod', 'postAuth', 'authStateToEnvironment'])
for (const name of ['profileList', 'optionsForm', 'optionsFromForm']) functions.add(name)

for (const url of sources.keys()) {
  try {
    modules.set(url, (await import(url)) as Module)
  } catch (error) {
    say({ kind: 'broken', url, thrown: thrownBy(error) })
  }
}
say({ kind: 'loaded', exported: [...modules].map(([url, module]) => described(url, module)) })

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'ping') say({ kind: 'pong' })
  else void answer(message)
})

async function answer({ id, url, name, args }: Extract<ToWorker, { kind: 'call' }>): Promise<void> {
  try {
    Atomics.store(busy, 0, id)
    const outcome = functionNamed(url, name)(...args)
    Atomics.store(busy, 0, 0)
    const value = await outcome
    // A hook may change what it was given instead of returning another.
    say({ kind: 'result', id, value: value === undefined && name === 'modifyPod' ? args[0] : value })
  } catch (error) {
    Atomics.store(busy, 0, 0)
    say({ kind: 'failed', id, thrown: thrownBy(error) })
  }
}

function functionNamed(url: string, name: string): Call {
  const module = modules.get(url)
  if (name !== 'authenticator') return module?.[name] as Call
  const own = module?.authenticator as { authenticate: Call }
  return (...args) => own.authenticate(...args)
}

function described(url: string, module: Module): Exported {
  const own = module.authenticator as { service?: unknown; asksPassword?: unknown; authenticate?: unknown } | undefined
  const isFit = typeof own?.authenticate === 'function'
  const unfit = Object.keys(module).filter((name) => functions.has(name) && typeof module[name] !== 'function')
  return {
    url,
    names: Object.keys(module),
    // Safe: each is one of the names above.
    unfit: [...unfit, ...(own !== undefined && !isFit ? ['authenticator'] : [])] as Exported['unfit'],
    authenticator: isFit
      ? { service: typeof own?.service === 'string' ? own.service : null, asksPassword: own?.asksPassword !== false }
      : null,
  }
}

function thrownBy(error: unknown): Thrown {
  if (!(error instanceof Error)) return { message: String(error), stack: '' }
  return { message: error.message, stack: `${error.stack ?? ''}` }
}
