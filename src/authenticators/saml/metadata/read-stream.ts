/**
 * Metadata of any size, read once from its bytes: the signature is checked and the entities are taken out on the way,
 * so an aggregate of 100 MB needs no more memory than what is kept of it. Nothing may be used before the end is reached.
 */
import { createHash, type Hash, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Millis } from '#base/clock.ts'
import { ds, md } from '../names.ts'
import { isSignedByOneOf } from '../security/keys.ts'
import { readSignature, type SignatureParts } from '../security/signed-info.ts'
import { durationOf, instantOf } from '../time.ts'
import { Canonicalizer } from '../xml/canonical.ts'
import { attribute, type XmlElement, type XmlTag } from '../xml/element.ts'
import { createXmlReader } from '../xml/reader.ts'
import { TreeBuilder } from '../xml/tree.ts'
import type { IdentityProvider } from './entity.ts'
import { metadataErrors as errors } from './errors.ts'
import { readIdentityProvider } from './read-entity.ts'

export interface MetadataRules {
  /** Keys that the federation signs with. null: the file is trusted as it is. */
  readonly keys: readonly KeyObject[] | null
  readonly blocked: readonly string[]
  readonly now: Millis
  readonly skewMs: Millis
  /** How far in the future the end of validity may lie; null: no limit, and none needed. */
  readonly maxValidityMs: Millis | null
  /** Called for each provider; what it is given counts only once `readMetadata` has resolved. */
  readonly found: (provider: IdentityProvider) => void
}

export interface MetadataSummary {
  readonly validUntil: Millis
  readonly cacheDurationMs: Millis | null
  readonly providers: number
  readonly entities: number
}

/** Longer than any site runs: the end of metadata without an end. */
const forever = 8_640_000_000_000_000
const limits = { depth: 64, nodes: 50_000_000, comments: 'dropped' } as const

/**
 * Errors: METADATA_UNSIGNED, METADATA_SIGNATURE_WRONG, METADATA_EXPIRED, METADATA_VALIDITY_MISSING,
 * METADATA_VALIDITY_TOO_LONG, METADATA_MALFORMED, and those of the XML reader.
 */
export async function readMetadata(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  rules: MetadataRules,
): Promise<MetadataSummary> {
  const reading = new Reading(rules)
  const reader = createXmlReader(reading, limits)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of chunks) reader.write(decoder.decode(chunk, { stream: true }))
  reader.write(decoder.decode())
  reader.end()
  return reading.finish()
}

type Event = { readonly kind: 'open'; readonly tag: XmlTag } | { readonly kind: 'text'; readonly text: string }

class Reading {
  readonly #rules: MetadataRules
  readonly #ends: Millis[] = []
  readonly #builder: TreeBuilder
  readonly #signatureBuilder: TreeBuilder
  /** The beginning, until the signature has told how the root is to be written. */
  #held: Event[] | null = []
  #root: XmlTag | null = null
  #signature: SignatureParts | null = null
  #hash: Hash | null = null
  #canonical: Canonicalizer | null = null
  #parts: string[] = []
  #size = 0
  #depth = 0
  #providers = 0
  #entities = 0
  #isInSignature = false

  constructor(rules: MetadataRules) {
    this.#rules = rules
    this.#builder = new TreeBuilder((element) => this.#take(element))
    this.#signatureBuilder = new TreeBuilder((element) => this.#settle(element))
  }

  open(tag: XmlTag): void {
    this.#depth += 1
    if (this.#depth === 1) this.#begin(tag)
    const isFirst = this.#depth === 2 && this.#held !== null
    this.#isInSignature ||= isFirst && isSignatureTag(tag)
    if (isFirst && !this.#isInSignature) this.#settle(null)
    if (!this.#isInSignature) this.#canonicalOpen(tag)
    if (this.#isInSignature) this.#signatureBuilder.open(tag)
    else if (this.#builder.isOpen || isEntity(tag)) this.#builder.open(tag)
    else this.#ends.push(endOf(tag, this.#ends.at(-1) ?? forever))
  }

  text(text: string): void {
    if (this.#isInSignature) {
      this.#signatureBuilder.text(text)
      return
    }
    if (this.#builder.isOpen) this.#builder.text(text)
    if (this.#canonical) this.#canonical.text(text)
    else this.#held?.push({ kind: 'text', text })
  }

  close(): void {
    this.#depth -= 1
    if (this.#isInSignature) {
      this.#signatureBuilder.close()
      this.#isInSignature = this.#depth > 1
      return
    }
    if (this.#builder.isOpen) this.#builder.close()
    else this.#ends.pop()
    // A root without any child was held until here.
    if (this.#depth === 0 && this.#held) this.#settle(null)
    this.#canonical?.close()
  }

  finish(): MetadataSummary {
    if (this.#signature) this.#check(this.#signature)
    const root = this.#root!
    return {
      validUntil: endOf(root, forever),
      cacheDurationMs: durationOf(attribute(root, 'cacheDuration')),
      providers: this.#providers,
      entities: this.#entities,
    }
  }

  #begin(tag: XmlTag): void {
    if (!isEntity(tag) && !isGroup(tag)) throw errors.METADATA_MALFORMED({ why: `its root is ${tag.name}` })
    this.#root = tag
    checkValidity(instantOf(attribute(tag, 'validUntil')), this.#rules)
  }

  #canonicalOpen(tag: XmlTag): void {
    if (this.#canonical) this.#canonical.open(tag)
    else this.#held?.push({ kind: 'open', tag })
  }

  #take(element: XmlElement): void {
    this.#entities += 1
    const provider = readIdentityProvider(element, this.#ends.at(-1) ?? endOf(element, forever))
    if (!provider) return
    this.#providers += 1
    this.#rules.found(provider)
  }

  /** The first child tells whether there is a signature; what came before is written as it wants it. */
  #settle(signature: XmlElement | null): void {
    const held = this.#held ?? []
    this.#held = null
    if (this.#rules.keys === null) return
    if (!signature) throw errors.METADATA_UNSIGNED(undefined)
    const parts = readSignature({ signature, id: attribute(this.#root!, 'ID') ?? '', blocked: this.#rules.blocked })
    if ('kind' in parts) throw errors.METADATA_SIGNATURE_WRONG({ why: parts.why })
    this.#signature = parts
    this.#hash = createHash(parts.digest.hash)
    this.#canonical = new Canonicalizer((text) => this.#digest(text), parts.inclusive)
    for (const event of held) {
      if (event.kind === 'open') this.#canonical.open(event.tag)
      else this.#canonical.text(event.text)
    }
  }

  #digest(text: string): void {
    this.#parts.push(text)
    this.#size += text.length
    if (this.#size > 65_536) this.#flush()
  }

  #flush(): void {
    this.#hash!.update(this.#parts.join(''))
    this.#parts = []
    this.#size = 0
  }

  #check(parts: SignatureParts): void {
    this.#flush()
    const digest = this.#hash!.digest()
    const isWhole = digest.length === parts.digest.value.length && timingSafeEqual(digest, parts.digest.value)
    if (!isWhole) throw errors.METADATA_SIGNATURE_WRONG({ why: 'it was changed after it was signed' })
    if (!isSignedByOneOf(this.#rules.keys!, parts))
      throw errors.METADATA_SIGNATURE_WRONG({ why: 'another key than the configured one made it' })
  }
}

function checkValidity(until: Millis | null, { now, skewMs, maxValidityMs }: MetadataRules): void {
  if (until !== null && until + skewMs <= now) throw errors.METADATA_EXPIRED({ since: new Date(until).toISOString() })
  if (maxValidityMs === null) return
  if (until === null) throw errors.METADATA_VALIDITY_MISSING(undefined)
  if (until - now > maxValidityMs + skewMs)
    throw errors.METADATA_VALIDITY_TOO_LONG({ days: Math.round(maxValidityMs / 86_400_000) })
}

function endOf(tag: XmlTag, outer: Millis): Millis {
  return Math.min(outer, instantOf(attribute(tag, 'validUntil')) ?? outer)
}

const isEntity = (tag: XmlTag) => tag.namespace === md('').namespace && tag.name === 'EntityDescriptor'
const isGroup = (tag: XmlTag) => tag.namespace === md('').namespace && tag.name === 'EntitiesDescriptor'
const isSignatureTag = (tag: XmlTag) => tag.namespace === ds('').namespace && tag.name === 'Signature'
