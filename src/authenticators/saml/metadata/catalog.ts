/**
 * Many providers in little memory: each as JSON in one buffer, with the places by entityID, and what discovery shows of
 * each. Made in a worker and handed over without copying: 10,000 providers would stop the hub for a second otherwise.
 */
import type { IdentityProvider, Localized, Logo } from './entity.ts'

/** What people choose from. */
export interface Choice {
  readonly entityId: string
  readonly displayNames: Localized
  readonly keywords: Localized
  readonly logo: Logo | null
  readonly categories: readonly string[]
}

export interface CatalogData {
  readonly records: Uint8Array<ArrayBuffer>
  readonly entityIds: readonly string[]
  /** Where each record ends. */
  readonly ends: Float64Array<ArrayBuffer>
  readonly choices: readonly Choice[]
}

export class CatalogBuilder {
  readonly #records: Buffer[] = []
  readonly #entityIds: string[] = []
  readonly #ends: number[] = []
  readonly #choices: Choice[] = []
  #end = 0

  add(provider: IdentityProvider): void {
    const record = Buffer.from(JSON.stringify(provider))
    this.#records.push(record)
    this.#end += record.length
    this.#ends.push(this.#end)
    this.#entityIds.push(provider.entityId)
    this.#choices.push(choiceOf(provider))
  }

  data(): CatalogData {
    const records = new Uint8Array(this.#end)
    let place = 0
    for (const record of this.#records) {
      records.set(record, place)
      place += record.length
    }
    return { records, entityIds: this.#entityIds, ends: Float64Array.from(this.#ends), choices: this.#choices }
  }
}

export class Catalog {
  readonly choices: readonly Choice[]
  readonly #data: CatalogData
  readonly #places: ReadonlyMap<string, number>

  constructor(data: CatalogData) {
    this.#data = data
    this.choices = data.choices
    // Of two with one name the first counts.
    this.#places = new Map([...data.entityIds.entries()].reverse().map(([index, entityId]) => [entityId, index]))
  }

  get size(): number {
    return this.#places.size
  }

  find(entityId: string): IdentityProvider | null {
    const index = this.#places.get(entityId)
    if (index === undefined) return null
    const { records, ends } = this.#data
    const record = records.subarray(index === 0 ? 0 : ends[index - 1], ends[index])
    return JSON.parse(Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString('utf8'))
  }
}

/** The logo that fits a list: as near to 16 to 60 pixels of height as there is, and from the web. */
function choiceOf({ entityId, displayNames, keywords, logos, entityCategories }: IdentityProvider): Choice {
  const usable = logos.filter(({ url }) => url.startsWith('https:') || url.length < 4000)
  const logo = [...usable].sort((a, b) => Math.abs(a.height - 40) - Math.abs(b.height - 40))[0] ?? null
  return { entityId, displayNames, keywords, logo, categories: entityCategories }
}
