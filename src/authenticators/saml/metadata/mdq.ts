/** Metadata on request, one provider at a time. */
import type { Clock, Millis } from '#base/clock.ts'
import { verificationKey } from '../security/keys.ts'
import type { IdentityProvider } from './entity.ts'
import { metadataErrors as errors } from './errors.ts'
import { fetchMetadata } from './load.ts'
import { readMetadata } from './read-stream.ts'
import type { MdqSource } from './sources.ts'

interface Kept {
  readonly provider: IdentityProvider | null
  readonly etag: string | null
  readonly askAgainAt: Millis
}

interface MdqRules {
  readonly clock: Clock
  readonly skewMs: Millis
  readonly blocked: readonly string[]
}

/** Whoever asks for names that there are not must not fill the memory. */
const mostKept = 2000
/** A provider that is not there may be there soon. */
const missingMs = 60_000

export class MdqClient {
  readonly #source: MdqSource
  readonly #rules: MdqRules
  readonly #kept = new Map<string, Kept>()

  constructor(source: MdqSource, rules: MdqRules) {
    this.#source = source
    this.#rules = rules
  }

  /**
   * What is known goes on being used until its end when the server does not answer. Errors: METADATA_UNREACHABLE and
   * those of reading, where nothing is known.
   */
  async find(entityId: string): Promise<IdentityProvider | null> {
    const now = this.#rules.clock.now()
    const known = this.#kept.get(entityId)
    if (known && known.askAgainAt > now) return known.provider
    try {
      const fresh = await this.#ask(entityId, known ?? null)
      this.#keep(entityId, fresh)
      return fresh.provider
    } catch (error) {
      if (known?.provider && known.provider.validUntil > now) return known.provider
      throw error
    }
  }

  async #ask(entityId: string, known: Kept | null): Promise<Kept> {
    const now = this.#rules.clock.now()
    const url = `${this.#source.base.replace(/\/$/, '')}/entities/${encodeURIComponent(entityId)}`
    const response = await fetchMetadata(url, {
      accept: 'application/samlmetadata+xml',
      ...(known?.etag && { 'if-none-match': known.etag }),
    })
    const askAgainAt = now + this.#source.refreshMs
    if (response.status === 304 && known) return { ...known, askAgainAt }
    if (response.status === 404) return { provider: null, etag: null, askAgainAt: now + missingMs }
    if (!response.ok || !response.body)
      throw errors.METADATA_UNREACHABLE({ source: url, why: `HTTP ${response.status}` })
    return { provider: await this.#read(response.body, entityId), etag: response.headers.get('etag'), askAgainAt }
  }

  /** A server that answers with another provider than the one asked for gets nothing. */
  async #read(body: AsyncIterable<Uint8Array>, entityId: string): Promise<IdentityProvider | null> {
    const found: IdentityProvider[] = []
    const { certificates, maxValidityMs } = this.#source
    const { clock, skewMs, blocked } = this.#rules
    await readMetadata(body, {
      keys: certificates?.map(verificationKey) ?? null,
      blocked,
      now: clock.now(),
      skewMs,
      maxValidityMs,
      found: (provider) => void found.push(provider),
    })
    return found.find((provider) => provider.entityId === entityId) ?? null
  }

  #keep(entityId: string, fresh: Kept): void {
    this.#kept.delete(entityId)
    if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(entityId, fresh)
  }
}
