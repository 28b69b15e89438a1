/** Certificates from an ACME server such as Let's Encrypt: one for each host, asked for, shared and renewed. */
import { randomUUID } from 'node:crypto'
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import type { Clock, Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { contextOptions } from '../context.ts'
import { checkedPair } from '../pair.ts'
import type { AcmeState, AcmeStore } from './contract.ts'
import { isDue, pauseAfter } from './due.ts'
import { type AcmeServer, obtain } from './obtain.ts'

export interface AcmeOptions {
  readonly hosts: readonly string[]
  readonly server: AcmeServer
  readonly store: AcmeStore
  readonly ciphers: string | null
}

/** How often the store is looked at: another proxy may have put a certificate there. */
const everyMs = 5_000
const leaseMs = 300_000

export class AcmeCertificates {
  readonly #options: AcmeOptions
  readonly #log: Log
  readonly #clock: Clock
  readonly #id = randomUUID()
  readonly #contexts = new Map<string, { cert: string; context: SecureContext }>()
  readonly #failures = new Map<string, { count: number; again: Millis; problem: string }>()

  constructor(options: AcmeOptions, { log, clock }: { log: Log; clock: Clock }) {
    this.#options = options
    this.#log = log
    this.#clock = clock
  }

  /** For the listener: the certificate of the host that is asked for; of another host nothing is shown. */
  get tlsOptions(): TlsOptions {
    return {
      minVersion: 'TLSv1.2',
      SNICallback: (name, done) => {
        const context = this.#contexts.get(name.toLowerCase())?.context
        done(context ? null : new Error(`there is no certificate for ${name}`), context)
      },
    }
  }

  /** Takes what is in the store, so that a restarted proxy serves at once. */
  async load(): Promise<void> {
    this.#adopt((await this.#options.store.read()).certificates)
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#round()
      } catch (error) {
        this.#log.warn({ problem: messageOf(error) }, 'Certificates could not be looked after')
      }
      await this.#clock.sleep(everyMs, signal).catch(() => {})
    }
  }

  async challenge(token: string): Promise<string | null> {
    return (await this.#options.store.read()).challenges[token] ?? null
  }

  /** Why browsers can't be sent to https at this host; null: they can. */
  obstacle(host: string): string | null {
    if (this.#contexts.has(host)) return null
    const { hosts } = this.#options
    if (!hosts.includes(host)) return `This address is known as ${hosts.join(', ')}, and not as ${host}.`
    const problem = this.#failures.get(host)?.problem
    return `The certificate for ${host} is on its way.${problem ? ` The last try failed: ${problem}` : ''}`
  }

  async #round(): Promise<void> {
    const { hosts, store } = this.#options
    const now = this.#clock.now()
    const state = await store.read()
    this.#adopt(state.certificates)
    const due = hosts.filter((host) => {
      return isDue(state.certificates[host]?.cert, now) && (this.#failures.get(host)?.again ?? 0) <= now
    })
    if (due.length === 0 || !(await this.#isWorker(now))) return
    for (const host of due) await this.#renew(host)
    await store.change((after) => (after.worker?.id === this.#id ? { ...after, worker: null } : null))
  }

  /** One proxy asks; the others wait for what it puts into the store. */
  async #isWorker(now: Millis): Promise<boolean> {
    const { worker } = await this.#options.store.change((state) => {
      const isFree = state.worker === null || state.worker.until < now || state.worker.id === this.#id
      return isFree ? { ...state, worker: { id: this.#id, until: now + leaseMs } } : null
    })
    return worker?.id === this.#id
  }

  async #renew(host: string): Promise<void> {
    try {
      this.#adopt({ [host]: await obtain(host, this.#options) })
      this.#failures.delete(host)
      this.#log.info({ host }, 'There is a new certificate')
    } catch (error) {
      const count = (this.#failures.get(host)?.count ?? 0) + 1
      const problem = messageOf(error)
      this.#failures.set(host, { count, again: this.#clock.now() + pauseAfter(count), problem })
      this.#log.error({ host, problem, nextTrySeconds: pauseAfter(count) / 1000 }, 'The certificate could not be had')
    }
  }

  #adopt(certificates: AcmeState['certificates']): void {
    for (const [host, { key, cert }] of Object.entries(certificates)) {
      if (this.#contexts.get(host)?.cert === cert) continue
      try {
        const place = { now: this.#clock.now(), keyName: `the key of ${host}`, certName: `the certificate of ${host}` }
        const pair = checkedPair({ key, cert, passphrase: null }, place)
        this.#contexts.set(host, { cert, context: createSecureContext(contextOptions(pair, this.#options.ciphers)) })
      } catch (error) {
        this.#log.error({ host, problem: messageOf(error) }, 'A kept certificate is not used')
      }
    }
  }
}
