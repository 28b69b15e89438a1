/**
 * What Python in a configuration costs: the start, memory, and calls. `npm run bench -- python`.
 * The same hook in TypeScript stands beside it, and a hub whose Python only sets values.
 */
import { loadConfig, spawnerTraits } from '#config'
import { type Hooks, openHooks } from '#hooks'

const calls = 300

const folded = 'c.Spawner.mem_limit = "2G"\n'
const python = `${folded}
async def prepare(spawner):
    spawner.environment["WHO"] = spawner.user.name

c.Spawner.pre_spawn_hook = prepare
`
const script = 'export const preSpawn = async (server) => ({ environment: { WHO: server.user.name } })\n'

const user = { name: 'ada', admin: false, groups: [] }
const server = { user, name: '', options: {}, authState: null }

export async function main(): Promise<void> {
  await measure('Python that only sets values', { code: folded, call: null })
  await measure('a hook in TypeScript', { code: script, call: (hooks) => hooks.preSpawn(server, {}) })
  await measure('a hook in Python', {
    code: python,
    call: (hooks, traits) => hooks.prepareSpawner({ ...server, userId: 1, traits, environment: {} }),
  })
}

interface Sort {
  readonly code: string
  readonly call: ((hooks: Hooks, traits: Readonly<Record<string, unknown>>) => Promise<unknown>) | null
}

async function measure(name: string, { code, call }: Sort): Promise<void> {
  const before = process.memoryUsage().rss
  const began = performance.now()
  const { settings } = await loadConfig({ text: JSON.stringify({ hub: { extraConfig: { a: code } } }) })
  if (!settings) throw new Error(`${name} can't be loaded`)
  const hooks = openHooks(
    () => settings.hooks,
    // Safe: nothing is printed.
    { info: () => {} } as never,
  )
  const traits = spawnerTraits(settings, [])
  await call?.(hooks, traits)
  const startMs = performance.now() - began
  const grownMib = (process.memoryUsage().rss - before) / 1024 ** 2
  const rate = call ? await callsPerSecond(() => call(hooks, traits)) : null
  const shown = [`${(startMs / 1000).toFixed(2)} s until the first call is answered`, `${grownMib.toFixed(0)} MiB more`]
  if (rate !== null) shown.push(`${rate.toFixed(0)} calls a second, one after the other`)
  console.log(`${name.padEnd(30)} ${shown.join(', ')}`)
  await hooks.close()
}

async function callsPerSecond(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (let count = 0; count < calls; count += 1) await call()
  return (calls * 1000) / (performance.now() - began)
}

if (import.meta.main) await main()
