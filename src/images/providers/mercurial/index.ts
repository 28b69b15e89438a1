/** Mercurial, where the machine has it. An address of git never gets here first: it costs no question. */
import { errors } from '../../errors.ts'
import { type Ended, runProgram } from '../../process.ts'
import type { Provider, ProviderContext } from '../contract.ts'
import { refuseAddress } from '../git/address.ts'

const quiet = ['--config', 'extensions.hggit=!', '--config', 'extensions.topic=', '--config', 'phases.publish=False']

export const mercurial: Provider = {
  name: 'Mercurial',
  async detect(source, context) {
    if (!/^(https?|ssh|file):\/\//.test(source)) return null
    refuseAddress(source, context.ref)
    const probe = await hg(['identify', ...quiet, source], context).catch(() => null)
    if (probe?.code !== 0) return null
    return {
      identity: null,
      async fetch(folder) {
        const clone = ['clone', ...quiet, ...(context.ref ? ['--noupdate'] : []), '--', source, folder]
        await succeed(hg(clone, context, true), source)
        if (context.ref) {
          const update = await hg(['update', '--clean', '--rev', context.ref, '--cwd', folder], context)
          if (update.code !== 0) throw errors.REPOSITORY_REF_NOT_FOUND({ ref: context.ref, source })
        }
        const { stdout } = await succeed(hg(['identify', '-i', '--cwd', folder], context), source)
        return { contentId: stdout.trim() }
      },
    }
  },
}

function hg(words: readonly string[], { signal, log }: ProviderContext, isShown = false): Promise<Ended> {
  return runProgram(['hg', ...words], {
    // No hooks, no extensions and no questions of whoever runs the build.
    env: { ...process.env, HGPLAIN: '1', HGRCPATH: '' },
    signal,
    purpose: 'to fetch Mercurial repositories',
    ...(isShown && { onLine: (line: string) => log(`${line}\n`, 'fetching') }),
  })
}

async function succeed(running: Promise<Ended>, source: string): Promise<Ended> {
  const ended = await running
  if (ended.code === 0) return ended
  throw errors.REPOSITORY_NOT_FOUND({ source, why: ended.stderr.split('\n').at(-1) || 'hg gave no reason' })
}
