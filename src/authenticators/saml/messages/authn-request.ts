import type { Millis } from '#base/clock.ts'
import { bindings, ns } from '../names.ts'
import { writtenInstant } from '../time.ts'
import { tag } from '../xml/write.ts'

export interface AuthnRequest {
  readonly id: string
  readonly now: Millis
  readonly entityId: string
  readonly acsUrl: string
  /** The address that it is sent to. */
  readonly destination: string
  readonly forceAuthn: boolean
  readonly isPassive: boolean
  /** Of which the provider is to use one exactly; empty: whichever it likes. */
  readonly contexts: readonly string[]
  /** null: the provider chooses, which suits most. */
  readonly nameIdFormat: string | null
}

export function authnRequest(request: AuthnRequest): string {
  const { nameIdFormat, contexts } = request
  return tag(
    'samlp:AuthnRequest',
    {
      'xmlns:samlp': ns.protocol,
      'xmlns:saml': ns.assertion,
      ID: request.id,
      Version: '2.0',
      IssueInstant: writtenInstant(request.now),
      Destination: request.destination,
      AssertionConsumerServiceURL: request.acsUrl,
      ProtocolBinding: bindings.post,
      ForceAuthn: request.forceAuthn || null,
      IsPassive: request.isPassive || null,
    },
    tag('saml:Issuer', {}, request.entityId),
    tag('samlp:NameIDPolicy', { AllowCreate: true, Format: nameIdFormat }),
    contexts.length === 0
      ? null
      : tag(
          'samlp:RequestedAuthnContext',
          { Comparison: 'exact' },
          contexts.map((context) => tag('saml:AuthnContextClassRef', {}, context)),
        ),
  ).text
}
