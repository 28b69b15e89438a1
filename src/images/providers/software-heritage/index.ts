/** Software Heritage: a revision or directory of the world's archive of source code. */
import { rm } from 'node:fs/promises'
import { systemClock } from '#base/clock.ts'
import { retry } from '#base/retry.ts'
import { errors } from '../../errors.ts'
import type { Provider, ProviderContext } from '../contract.ts'
import { textAt } from '../files.ts'
import { hoistOnlyFolder, unpack } from '../unpack.ts'

const api = 'https://archive.softwareheritage.org/api/1'
const pauseMs = 5_000
const mostMs = 600_000

export const softwareHeritage: Provider = {
  name: 'Swhid',
  async detect(source, context) {
    const [, kind, hash = ''] = /^swh:1:(rev|dir):([0-9a-f]{40})(;|$)/.exec(source) ?? []
    if (!kind) return null
    return {
      identity: kind === 'dir' ? `swh:1:dir:${hash}` : null,
      async fetch(folder) {
        const directory = kind === 'dir' ? hash : await directoryOf(hash, context)
        await fetchDirectory(directory, folder, context)
        return { contentId: `swh:1:dir:${directory}` }
      },
    }
  },
}

async function directoryOf(revision: string, context: ProviderContext): Promise<string> {
  const directory = textAt(await ask(`/revision/${revision}/`, context), 'directory')
  if (!directory)
    throw errors.REPOSITORY_NOT_FOUND({ source: `swh:1:rev:${revision}`, why: 'the archive does not have it' })
  return directory
}

async function fetchDirectory(directory: string, folder: string, context: ProviderContext): Promise<void> {
  const path = `/vault/directory/${directory}/`
  let answer = await ask(path, context, { method: 'POST' })
  for (let waited = 0; textAt(answer, 'status') !== 'done'; waited += pauseMs) {
    const status = textAt(answer, 'status')
    if (status === 'failed' || waited > mostMs || status === '')
      throw errors.PROVIDER_FAILED({
        name: 'Software Heritage',
        url: api + path,
        why: `the directory is "${status || 'unknown'}"`,
      })
    context.log(`Waiting for the directory ${directory}: ${status}.\n`, 'fetching')
    await systemClock.sleep(pauseMs, context.signal)
    answer = await ask(path, context)
  }
  const file = `${folder}.tar.gz`
  await context.http.download(textAt(answer, 'fetch_url'), file, { headers: headers(context) })
  await unpack(file, folder, context)
  await rm(file)
  await hoistOnlyFolder(folder)
}

function ask(path: string, context: ProviderContext, init: RequestInit = {}): Promise<unknown> {
  const again = { attempts: 3, firstDelayMs: 500, maxDelayMs: 2000, signal: context.signal }
  return retry(systemClock, again, () => context.http.json(api + path, { ...init, headers: headers(context) }))
}

function headers({ settings }: ProviderContext): Record<string, string> {
  return settings.softwareHeritageToken ? { authorization: `Bearer ${settings.softwareHeritageToken}` } : {}
}
