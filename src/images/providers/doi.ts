import { errors } from '../errors.ts'
import type { Http } from './contract.ts'

const pattern = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d+(?:\.\d+)*\/.+)$/i

/** `10.5281/zenodo.3232985` of any of its spellings; null when it is none. */
export function normalizeDoi(source: string): string | null {
  return pattern.exec(source.trim())?.[1] ?? null
}

/** Where a DOI leads; what is no DOI, or an unknown one, stays as it is. */
export async function resolveDoi(source: string, http: Http): Promise<string> {
  const doi = normalizeDoi(source)
  if (!doi) return source
  const url = `https://doi.org/api/handles/${doi.split('/').map(encodeURIComponent).join('/')}`
  const answer = (await http.json(url)) as { values?: { type?: string; data?: { value?: unknown } }[] } | null
  if (answer === null) return source
  const target = answer.values?.find((value) => value.type === 'URL')?.data?.value
  if (typeof target !== 'string')
    throw errors.PROVIDER_FAILED({ name: 'doi.org', url, why: 'the DOI leads to no address' })
  return target
}
