/** Asks an ACME server for the certificate of one host. */
import { Client, crypto } from 'acme-client'
import type { AcmeStore } from './contract.ts'

export interface AcmeServer {
  /** The address of its directory. */
  readonly url: string
  readonly email: string
}

/** The new pair, already in the store. Throws what the ACME server said. */
export async function obtain(
  host: string,
  { server, store }: { server: AcmeServer; store: AcmeStore },
): Promise<{ key: string; cert: string }> {
  const client = await clientFor(server, store)
  const [key, csr] = await crypto.createCsr({ altNames: [host] }, await crypto.createPrivateEcdsaKey('P-256'))
  const cert = await client.auto({
    csr,
    email: server.email,
    termsOfServiceAgreed: true,
    challengePriority: ['http-01'],
    // It is the ACME server that must reach us; we may not reach ourselves by our public name.
    skipChallengeVerification: true,
    challengeCreateFn: async (_authorization, { token }, proof) =>
      void (await store.change((state) => ({ ...state, challenges: { ...state.challenges, [token]: proof } }))),
    challengeRemoveFn: async (_authorization, { token }) =>
      void (await store.change(({ challenges: { [token]: _done, ...challenges }, ...state }) => ({
        ...state,
        challenges,
      }))),
  })
  const pair = { key: key.toString(), cert }
  await store.change((state) => ({ ...state, certificates: { ...state.certificates, [host]: pair } }))
  return pair
}

/** How often the ACME server is asked what became of an order. */
const patience = { backoffMin: 1_000, backoffMax: 10_000, backoffAttempts: 15 }

async function clientFor({ url, email }: AcmeServer, store: AcmeStore): Promise<Client> {
  const fresh = (await crypto.createPrivateEcdsaKey('P-256')).toString()
  const { accountKey, accountUrl } = await store.change((state) =>
    state.accountKey ? null : { ...state, accountKey: fresh },
  )
  const known = accountUrl === null ? {} : { accountUrl }
  const client = new Client({ directoryUrl: url, accountKey: accountKey ?? fresh, ...known, ...patience })
  if (accountUrl === null) {
    await client.createAccount({ termsOfServiceAgreed: true, contact: [`mailto:${email}`] })
    await store.change((state) => ({ ...state, accountUrl: client.getAccountUrl() }))
  }
  return client
}
