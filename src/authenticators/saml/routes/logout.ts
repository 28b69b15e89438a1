/** Single logout, both ways. Nothing happens without a signature of the identity provider. */
import type { Step, UpstreamSession, Visit } from '../../contract.ts'
import {
  type LogoutAsked,
  logoutRequest,
  logoutResponse,
  readLogoutRequest,
  readLogoutResponse,
} from '../messages/logout.ts'
import { readRedirect, redirectUrl } from '../messages/redirect-binding.ts'
import type { Endpoint, IdentityProvider } from '../metadata/entity.ts'
import { bindings, statuses } from '../names.ts'
import { type Asked, attemptId, entityIdOf, findProvider, messageId, type Parts, protectionOf } from '../parts.ts'
import { denialOf } from '../refusals.ts'
import type { NameId } from '../response/index.ts'
import { isRefusal, type Refusal, refuse } from '../response/index.ts'
import { issuerOf, readPosted } from '../response/read.ts'
import { signDocument } from '../security/sign.ts'
import { verifyEnveloped } from '../security/verify.ts'
import type { XmlElement } from '../xml/element.ts'

/** After the session here has ended. null: it can't be told there. */
export async function signOut(parts: Parts, session: UpstreamSession | null, visit: Visit): Promise<Step | null> {
  const { sp, deps } = parts
  const data = session?.data as { idp: string; nameId: NameId | null } | undefined
  const [signer] = sp.keys
  if (!data?.nameId || !signer || !sp.options.sloForwardOnLogout) return null
  const idp = await parts.metadata.find(data.idp)
  const endpoint = idp && endpointOf(idp)
  if (!endpoint) return null
  const now = deps.clock.now()
  const id = await visit.begin({ kind: 'sign-out', idp: data.idp, at: now } satisfies Asked)
  const frame = { id: messageId(id), now, entityId: entityIdOf(parts, visit), destination: endpoint.location }
  const xml = logoutRequest({ ...frame, nameId: data.nameId, sessionIndex: session!.id })
  return send({ endpoint, to: endpoint.location, field: 'SAMLRequest', xml, relayState: id, signer })
}

export async function logout(parts: Parts, visit: Visit, path: string): Promise<Step> {
  const received = await receive(parts, visit)
  if (isRefusal(received)) return denialOf(received)
  const { idp, message, field } = received
  const expected = {
    now: parts.deps.clock.now(),
    skewMs: parts.sp.skewMs,
    idp: idp.entityId,
    url: visit.routeUrl(path),
    decryptionKeys: parts.sp.decryptionKeys,
    blocked: parts.sp.options.blockedAlgorithms,
  }
  if (field === 'SAMLResponse') {
    const answered = readLogoutResponse(message, expected)
    if (isRefusal(answered)) return denialOf(answered, { idp })
    const attempt = await visit.take(attemptId(answered.inResponseTo) ?? '')
    if (attempt.kind !== 'attempt')
      return denialOf(refuse('SAML_NOT_REQUESTED', 'it answers no request of ours'), { idp })
    if (!answered.isWhole)
      parts.deps.log.info(
        { idp: idp.entityId, status: answered.status },
        'Sign-out at the institution was not complete',
      )
    return { kind: 'signed-out' }
  }
  const asked = readLogoutRequest(message, expected)
  if (isRefusal(asked)) return denialOf(asked, { idp })
  return endSessions(parts, visit, { idp, asked, relayState: received.relayState })
}

interface Received {
  readonly idp: IdentityProvider
  /** As signed. */
  readonly message: XmlElement
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly relayState: string | null
}

async function receive(parts: Parts, visit: Visit): Promise<Received | Refusal> {
  if (visit.method === 'POST') return receivePost(parts, visit)
  const received = readRedirect(visit.url.search)
  if (isRefusal(received)) return received
  const idp = await issuer(parts, received.message)
  if (isRefusal(idp)) return idp
  const { signingKeys, blocked } = protectionOf(parts, idp)
  const { message, field, relayState } = received
  return received.isSignedBy(signingKeys, blocked) ?? { idp, message, field, relayState }
}

async function receivePost(parts: Parts, { form }: Visit): Promise<Received | Refusal> {
  const field = form.SAMLRequest === undefined ? 'SAMLResponse' : 'SAMLRequest'
  const message = readPosted(form[field])
  if (isRefusal(message)) return message
  const idp = await issuer(parts, message)
  if (isRefusal(idp)) return idp
  const { signingKeys: keys, blocked } = protectionOf(parts, idp)
  const verified = verifyEnveloped(message, { keys, blocked })
  if (verified.kind === 'unsigned') return refuse('SAML_UNSIGNED', 'the message is not signed')
  if (verified.kind === 'bad') return refuse(`SAML_${verified.code}`, verified.why)
  return { idp, message: verified.element, field, relayState: form.RelayState ?? null }
}

async function issuer(parts: Parts, message: XmlElement): Promise<IdentityProvider | Refusal> {
  const entityId = issuerOf(message)
  const idp = entityId === null ? null : await findProvider(parts, entityId)
  return idp ?? refuse('SAML_ISSUER_UNKNOWN', `${entityId?.slice(0, 300) ?? 'nobody'} is not known`)
}

async function endSessions(
  parts: Parts,
  visit: Visit,
  { idp, asked, relayState }: { idp: IdentityProvider; asked: LogoutAsked; relayState: string | null },
): Promise<Step> {
  const { deps, sp } = parts
  if (!(await deps.once.first(`saml logout ${idp.entityId} ${asked.id}`, asked.until)))
    return denialOf(refuse('SAML_REPLAYED', `the request ${asked.id} was used before`), { idp })
  for (const id of asked.sessionIndexes) await deps.sessions.end({ issuer: idp.entityId, subject: null, id })
  const endpoint = endpointOf(idp)
  const [signer] = sp.keys
  if (!endpoint || !signer) return { kind: 'signed-out' }
  const to = endpoint.responseLocation ?? endpoint.location
  const frame = { id: messageId(deps.random.hex32()), now: deps.clock.now(), entityId: entityIdOf(parts, visit) }
  const xml = logoutResponse({
    ...frame,
    destination: to,
    inResponseTo: asked.id,
    status: statuses.success,
    second: null,
  })
  // biome-ignore lint/suspicious/noThenProperty: the contract's word for the step after this one; nothing is awaited
  return { kind: 'signed-out', then: send({ endpoint, to, field: 'SAMLResponse', xml, relayState, signer }) }
}

function endpointOf(idp: IdentityProvider): Endpoint | null {
  return (
    [bindings.redirect, bindings.post]
      .map((binding) => idp.singleLogout.find((one) => one.binding === binding))
      .find((one) => one !== undefined) ?? null
  )
}

interface Sending {
  readonly endpoint: Endpoint
  readonly to: string
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly xml: string
  readonly relayState: string | null
  readonly signer: Parts['sp']['keys'][number]
}

function send({ endpoint, to, field, xml, relayState, signer }: Sending): Step & { kind: 'redirect' | 'post' } {
  if (endpoint.binding === bindings.redirect)
    return { kind: 'redirect', url: redirectUrl({ to, field, xml, relayState, key: signer.key }) }
  const document = Buffer.from(signDocument(xml, signer)).toString('base64')
  return {
    kind: 'post',
    url: to,
    fields: { [field]: document, ...(relayState !== null && { RelayState: relayState }) },
  }
}
