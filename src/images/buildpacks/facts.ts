/** The network's part of planning: releases of Julia, and days of CRAN at Posit. */
import { errors } from '../errors.ts'
import type { Http } from '../providers/contract.ts'
import { dig } from '../providers/files.ts'
import type { Facts } from './contract.ts'

const juliaIndex = 'https://julialang-s3.julialang.org/bin/versions.json'
const posit = 'https://packagemanager.posit.co'
const mostDaysBack = 7

export function networkFacts(http: Http, now: () => number): Facts {
  return {
    async juliaVersions() {
      return Object.keys((await http.json(juliaIndex)) ?? {})
    },
    async cranSnapshot(date) {
      for (let back = 0; back < mostDaysBack; back += 1) {
        const day = new Date(Date.parse(`${date}T00:00:00Z`) - back * 86_400_000).toISOString().slice(0, 10)
        const id = await snapshotOf(http, day)
        if (id) return `${posit}/all/__linux__/$\{VERSION_CODENAME}/${id}`
      }
      throw errors.VERSION_NOT_FOUND({ what: 'snapshot of CRAN', wanted: date })
    },
    today: () => new Date(now()).toISOString().slice(0, 10),
  }
}

async function snapshotOf(http: Http, day: string): Promise<string | null> {
  const body = JSON.stringify({ repo: 'all', snapshot: `${day}T00:00:00Z` })
  const answer = await http.response(`${posit}/__api__/url`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  if (!answer.ok) {
    await answer.body?.cancel()
    return null
  }
  const id = dig(await answer.json(), 'upsi')
  return typeof id === 'string' && id !== '' ? id : null
}
