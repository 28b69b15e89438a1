/** Where answers come in. */
import type { Attempt, Denial, Step, Visit } from '../../contract.ts'
import { identityOf } from '../identity.ts'
import type { IdentityProvider } from '../metadata/entity.ts'
import { type Asked, attemptId, entityIdOf, findProvider, messageId, type Parts, protectionOf } from '../parts.ts'
import { denialOf } from '../refusals.ts'
import {
  type Asserted,
  type Envelope,
  type Expectation,
  isRefusal,
  judgeResponse,
  type Refusal,
  readResponse,
  refuse,
} from '../response/index.ts'

export async function consumeAssertion(parts: Parts, visit: Visit, path: string): Promise<Step> {
  const envelope = readResponse(visit.form.SAMLResponse)
  if (isRefusal(envelope)) return denialOf(envelope)
  const id = attemptId(envelope.inResponseTo)
  if (id === null) return unasked(parts, visit, envelope)
  const attempt = await visit.take(id)
  if (attempt.kind !== 'attempt') return denialOf(attemptRefusal(attempt.kind), { entityId: envelope.issuer })
  // Safe: it is what `begin` was given, sealed.
  const asked = attempt.data as Asked
  if (asked.kind !== 'sign-in') return denialOf(refuse('SAML_REQUEST_OTHER', 'it answers a request to sign out'))
  return judge(parts, visit, { envelope, attempt, asked, path })
}

interface Answer {
  readonly envelope: Envelope
  readonly attempt: Attempt
  readonly asked: Asked
  readonly path: string
}

async function judge(parts: Parts, visit: Visit, { envelope, attempt, asked, path }: Answer): Promise<Step> {
  const idp = await findProvider(parts, asked.idp)
  if (!idp)
    return denialOf(refuse('SAML_ISSUER_UNKNOWN', 'its metadata is gone since it was asked'), { entityId: asked.idp })
  if (envelope.issuer !== null && envelope.issuer !== idp.entityId)
    return denialOf(
      refuse('SAML_ISSUER_OTHER', `${idp.entityId} was asked, and ${envelope.issuer.slice(0, 300)} answers`),
      { idp },
    )
  const expected = expectation(parts, visit, { idp, asked, path, requestId: messageId(attempt.id) })
  const asserted = judgeResponse(envelope, { protection: protectionOf(parts, idp), expected })
  if (isRefusal(asserted)) return denialOf(asserted, { idp })
  const replay = await replayed(parts, asserted)
  if (replay) return denialOf(replay, { idp })
  const found: { kind: 'identity'; identity: Parameters<typeof withAttempt>[0] } | Denial = identityOf(
    { idp, asserted, entityId: expected.entityId },
    parts.sp,
  )
  return found.kind === 'identity' ? withAttempt(found.identity, attempt) : found
}

const withAttempt = (identity: Extract<Step, { kind: 'identity' }>['identity'], attempt: Attempt): Step => ({
  kind: 'identity',
  identity,
  attempt,
})

function expectation(
  parts: Parts,
  visit: Visit,
  { idp, asked, path, requestId }: { idp: IdentityProvider; asked: Asked; path: string; requestId: string },
): Expectation {
  const { options, skewMs } = parts.sp
  return {
    now: parts.deps.clock.now(),
    skewMs,
    idp: idp.entityId,
    entityId: entityIdOf(parts, visit),
    acsUrl: visit.routeUrl(path),
    requestId,
    freshSince: options.forceAuthn ? asked.at : null,
    contexts: options.authnContexts,
  }
}

/** The request can be answered once only, so this can hardly happen; it is what the standard asks for all the same. */
async function replayed({ deps, sp }: Parts, { id, idp, replayableUntil }: Asserted): Promise<Refusal | null> {
  const isFirst = await deps.once.first(`saml ${idp} ${id}`, replayableUntil + sp.skewMs)
  return isFirst ? null : refuse('SAML_REPLAYED', `the assertion ${id} was used before`)
}

function attemptRefusal(kind: 'unknown' | 'used' | 'expired' | 'foreign'): Refusal {
  if (kind === 'used') return refuse('SAML_REPLAYED', 'the request was answered before')
  const why = {
    unknown: 'no such request was sent',
    expired: 'the request is too old',
    foreign: 'another browser sent the request',
  }
  return refuse('SAML_NOT_REQUESTED', why[kind])
}

/** An answer to nobody's question may be somebody else's account: it lets nobody in, but may begin a proper sign-in. */
async function unasked(parts: Parts, visit: Visit, { issuer, inResponseTo }: Envelope): Promise<Step> {
  const idp = issuer === null ? null : await findProvider(parts, issuer)
  if (parts.sp.options.idpInitiated && idp && inResponseTo === null) {
    const url = new URL(visit.routeUrl(parts.sp.paths.login))
    url.searchParams.set('entityID', idp.entityId)
    return { kind: 'redirect', url: url.href }
  }
  const why =
    inResponseTo === null ? 'it answers no request' : `it answers ${inResponseTo.slice(0, 100)}, which is not ours`
  return denialOf(refuse('SAML_NOT_REQUESTED', why), { idp, entityId: issuer })
}
