/** repo2docker's command line. */
import { buildImage } from '../../build/build.ts'
import { planOnly } from '../../build/plan-only.ts'
import { isHimaliaError, writer } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { flagHelp, type Given, readFlags } from './flags.ts'
import { configFile, readRequest } from './request.ts'
import { runImage } from './run.ts'
import { knownTraits, readTraits } from './traits.ts'

const usage = 'Usage: repo2docker [flags] REPO [CMD...]'

export async function repo2dockerCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let given: Given
  try {
    given = readFlags(argv)
  } catch (error) {
    if (!isHimaliaError(error)) throw error
    terminal.err(`${usage}\nrepo2docker: ${error.message}\n`)
    return 2
  }
  if (given.values.has('version')) return say(terminal, `${terminal.version}\n`)
  if (given.values.has('help') || given.values.has('help-all')) return say(terminal, help(given.values.has('help-all')))
  if (given.repo === null) {
    terminal.err(`${usage}\nrepo2docker: REPO is missing.\n`)
    return 2
  }
  const { log, fail } = writer(terminal.err, given.values.has('json-logs'))
  try {
    return await carryOut(given, terminal, log)
  } catch (error) {
    fail(error)
    return isHimaliaError(error) && argparse.includes(error.code) ? 2 : 1
  }
}

/** What repo2docker's parser finds by itself. */
const argparse = ['FLAG_INVALID', 'IMAGE_NAME_INVALID']

async function carryOut(given: Given, terminal: Terminal, log: Parameters<typeof runImage>[2]['log']): Promise<number> {
  const traits = readTraits(configFile(given), given.traits)
  if (given.values.has('build-memory-limit') || traits.has('Repo2Docker.build_memory_limit')) {
    terminal.err('--build-memory-limit is no longer there: the limit is the engine’s or the build pod’s.\n')
    return 255
  }
  const wanted = readRequest(given, traits, { log, terminal })
  if (wanted.isDryRun) {
    const { dockerfile } = await planOnly(wanted.request)
    return say(terminal, dockerfile)
  }
  const { image } = await buildImage(wanted.request)
  return wanted.runs ? runImage(image, wanted, { log, env: terminal.env }) : 0
}

function say(terminal: Terminal, text: string): 0 {
  terminal.out(text)
  return 0
}

function help(all: boolean): string {
  const traits = all
    ? `\nTraits (--Class.trait=value, or c.Class.trait = value in a configuration file):\n${Object.keys(knownTraits)
        .map((name) => `  ${name}`)
        .join('\n')}\n`
    : ''
  return `Makes an image of a repository, and runs it.

${usage}

REPO is a folder, an address, a DOI or an SWHID; all that stands behind it is the command to run (default: Jupyter).

${flagHelp()}
${traits}
Examples:
  repo2docker .
  repo2docker --no-run --image-name=course https://github.com/binder-examples/requirements
  repo2docker --no-build .

Exit codes: 0 done, 1 it could not be built or run, 2 the command line is wrong; otherwise that of the command.
`
}
