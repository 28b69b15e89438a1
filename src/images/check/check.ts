import type { Engine } from '../engines/contract.ts'
import { errors } from '../errors.ts'
import type { BuildLog } from '../log.ts'
import { probe, readProbe } from './probe.ts'
import { type Finding, rules, type Seen } from './rules.ts'

interface CheckOptions {
  readonly engine: Engine
  readonly signal: AbortSignal
  readonly log: BuildLog
}

/** Starts a container of the image, asks it, and judges. */
export async function checkImage(image: string, { engine, signal }: CheckOptions): Promise<Finding[]> {
  const found = await engine.inspect(image, signal)
  if (!found) throw errors.IMAGE_NOT_FOUND({ name: image })
  const lines: string[] = []
  await engine.run(image, {
    command: ['sh', '-c', probe],
    env: [],
    volumes: [],
    ports: [],
    publishesAll: false,
    signal,
    onLine: (line) => void lines.push(line),
  })
  const facts = readProbe(lines)
  return judge({ image: found, facts, isRunning: facts.uid !== undefined })
}

export function judge(seen: Seen): Finding[] {
  return rules.flatMap(({ name, ask }) => {
    const finding = ask(seen)
    return finding ? [{ name, ...finding }] : []
  })
}
