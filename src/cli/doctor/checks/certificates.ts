/** The certificates that the proxy serves with: there, whole, in time, and for the right hosts. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Secret } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { argumentValues, podsOf, proxyArguments, type Sight } from '../sight.ts'

const soonDays = 14
const dayMs = 86_400_000

export function certificates(sight: Sight): readonly Finding[] {
  return [...given(sight), ...byAcme(sight)]
}

/** Secrets that the proxy's pod names: `tls` is a pair that somebody gave, the other is kept for ACME. */
export function certificateSecrets(sight: Pick<Sight, 'pods'>): { tls: string | null; acme: string | null } {
  const [pod] = podsOf(sight, 'proxy')
  // Safe: each field is looked at before it is used.
  const volumes = (pod?.spec.volumes ?? []) as readonly { name?: string; secret?: { secretName?: string } }[]
  const tls = volumes.find(({ name }) => name === 'tls')?.secret?.secretName ?? null
  return { tls, acme: argumentValues(proxyArguments(sight), 'acme-secret')[0] ?? null }
}

function given(sight: Sight): readonly Finding[] {
  const { tls } = certificateSecrets(sight)
  const secret = tls === null ? undefined : sight.secrets.get(tls)
  // What is missing keeps the pod waiting, and that is told of the pod.
  if (!secret) return []
  const args = proxyArguments(sight)
  const entry = (name: string) => argumentValues(args, name)[0]?.split('/').at(-1) ?? ''
  return judged(sight, {
    about: `secret/${tls}`,
    cert: text(secret, entry('ssl-cert')),
    key: text(secret, entry('ssl-key')),
  })
}

function byAcme(sight: Sight): readonly Finding[] {
  const hosts = argumentValues(proxyArguments(sight), 'acme-host')
  const { acme } = certificateSecrets(sight)
  if (hosts.length === 0 || acme === null || !sight.secrets.has(acme)) return []
  const about = `secret/${acme}`
  const pairs = pairsOf(sight.secrets.get(acme) ?? null)
  return hosts.flatMap((host) => {
    const pair = pairs[host]
    return pair ? judged(sight, { about, ...pair, host }) : [findings.CERTIFICATE_WAITS({ about, host })]
  })
}

interface Pair {
  readonly about: string
  readonly cert: string
  readonly key: string
  readonly host?: string
}

function judged({ now, ingresses }: Sight, { about, cert, key, host }: Pair): readonly Finding[] {
  const read = readPair(cert, key)
  if (typeof read === 'string') return [findings.CERTIFICATE_UNUSABLE({ about, why: read })]
  const ends = Date.parse(read.validTo)
  const day = new Date(ends).toISOString().slice(0, 10)
  if (ends <= now) return [findings.CERTIFICATE_EXPIRED({ about, day })]
  const days = Math.floor((ends - now) / dayMs)
  const hosts = host
    ? [host]
    : (ingresses ?? []).flatMap(({ spec }) => spec?.rules ?? []).flatMap((rule) => rule.host ?? [])
  return [
    ...(days < soonDays ? [findings.CERTIFICATE_ENDS({ about, day, days })] : []),
    ...hosts.filter((name) => !read.checkHost(name)).map((name) => findings.CERTIFICATE_HOST({ about, host: name })),
  ]
}

/** The certificate, or what is wrong. */
function readPair(cert: string, key: string): X509Certificate | string {
  if (cert === '' || key === '') return `${cert === '' ? 'the certificate' : 'the key'} is missing`
  try {
    const certificate = new X509Certificate(cert)
    return certificate.checkPrivateKey(createPrivateKey(key)) ? certificate : 'its key is another'
  } catch {
    return 'it or its key is no PEM'
  }
}

function text({ data }: Secret, key: string): string {
  return Buffer.from(data?.[key] ?? '', 'base64').toString()
}

function pairsOf(secret: Secret | null): Readonly<Record<string, { cert: string; key: string }>> {
  try {
    // Safe: the proxy wrote it; anything else leaves hosts without a certificate.
    return JSON.parse(secret === null ? '{}' : text(secret, 'himalia.json')).certificates ?? {}
  } catch {
    return {}
  }
}
