/** HydroShare: a resource, as the zip file that its server makes on demand. */
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#base/clock.ts'
import { errors } from '../../errors.ts'
import type { Provider, ProviderContext } from '../contract.ts'
import { resolveDoi } from '../doi.ts'
import { listAt, textAt } from '../files.ts'
import { unpack } from '../unpack.ts'

const host = 'https://www.hydroshare.org'
const pauseMs = 10_000
const mostMs = 120_000

export const hydroshare: Provider = {
  name: 'Hydroshare',
  async detect(source, context) {
    const url = URL.parse(await resolveDoi(source, context.http))
    if (!url || !/^(www\.)?hydroshare\.org$/.test(url.hostname)) return null
    const [, id] = /^\/resource\/([0-9a-f]+)/.exec(url.pathname) ?? []
    if (!id) return null
    const contentId = `${id}.v${await modified(id, context)}`
    return {
      identity: contentId,
      async fetch(folder) {
        context.log(`Fetching HydroShare resource ${id}.\n`, 'fetching')
        await fetchBag(id, folder, context)
        return { contentId }
      },
    }
  },
}

/** Seconds since 1970 of the last change. */
async function modified(id: string, { http }: ProviderContext): Promise<number> {
  const elements = await http.json(`${host}/hsapi/resource/${id}/scimeta/elements`)
  const date = listAt(elements, 'dates').find((entry) => textAt(entry, 'type') === 'modified')
  return Math.floor(Date.parse(textAt(date, 'start_date')) / 1000) || 0
}

async function fetchBag(id: string, folder: string, context: ProviderContext): Promise<void> {
  const bag = `${folder}.zip`
  await context.http.download(await bagAddress(id, context), bag)
  const aside = `${folder}.bag`
  await mkdir(aside)
  await unpack(bag, aside, context)
  await rm(folder, { recursive: true, force: true })
  await rename(join(aside, id, 'data', 'contents'), folder)
  await Promise.all([rm(bag), rm(aside, { recursive: true })])
}

/** The server sends to the bag once it has made it. */
async function bagAddress(id: string, { http, signal, log }: ProviderContext): Promise<string> {
  const url = `${host}/django_s3/download/bags/${id}.zip`
  for (let waited = 0; waited <= mostMs; waited += pauseMs) {
    const answer = await http.response(url, { redirect: 'manual' })
    const target = answer.headers.get('location')
    await answer.body?.cancel()
    if (target?.includes(`/bags/${id}.zip`) && target !== url) return target
    if (answer.status >= 400)
      throw errors.PROVIDER_FAILED({ name: 'HydroShare', url, why: `it answered ${answer.status}` })
    log('Waiting for HydroShare to pack the resource.\n', 'fetching')
    await systemClock.sleep(pauseMs, signal)
  }
  throw errors.PROVIDER_FAILED({ name: 'HydroShare', url, why: 'it did not pack the resource in two minutes' })
}
