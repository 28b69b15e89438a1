/** `himalia build`. */
import { buildImage } from '../../build/build.ts'
import { planOnly } from '../../build/plan-only.ts'
import { isHimaliaError, writer } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { buildHelp } from './options.ts'
import { buildRequest, parseBuildArguments } from './parse.ts'

export async function buildCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const isJson = argv.includes('--json')
  const { log, fail } = writer(terminal.err, isJson)
  try {
    const parsed = parseBuildArguments(argv)
    if (parsed.values.help) {
      terminal.out(`${buildHelp()}\n`)
      return 0
    }
    const request = buildRequest(parsed, { log, terminal })
    if (parsed.values.plan || parsed.values.dockerfile) {
      const { plan, dockerfile } = await planOnly(request)
      terminal.out(parsed.values.plan ? `${JSON.stringify(plan, null, 2)}\n` : dockerfile)
      return 0
    }
    const result = await buildImage(request)
    log(`${outcomes[result.outcome]} (${result.buildpack ?? 'as it was'}).\n`)
    terminal.out(`${result.image}\n`)
    return 0
  } catch (error) {
    fail(error)
    return isHimaliaError(error) && error.code.startsWith('FLAG_') ? 2 : 1
  }
}

const outcomes = {
  built: 'The image is built',
  appended: 'The image is one layer on an environment that was there',
  reused: 'The image was there',
}
