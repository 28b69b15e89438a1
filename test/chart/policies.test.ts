/** NetworkPolicies: each switch opens what it says, in IPv4 and IPv6, and nothing else. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { noHelm, type Rendered, rendered } from './helm.ts'

const flags = [
  'cloudMetadataServer',
  'dnsPortsCloudMetadataServer',
  'dnsPortsKubeSystemNamespace',
  'dnsPortsPrivateIPs',
  'nonPrivateIPs',
  'privateIPs',
] as const
type Flag = (typeof flags)[number]

const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15']
const metadata = '169.254.169.254/32'
const metadata6 = ['fd00:ec2::254/128', 'fd20:ce::254/128']

/** What a switch alone opens: networks, with what is left out of them. */
const opened: Readonly<Record<Flag, readonly string[]>> = {
  cloudMetadataServer: [metadata, ...metadata6],
  dnsPortsCloudMetadataServer: [`${metadata} :53`],
  dnsPortsKubeSystemNamespace: ['kube-system :53'],
  dnsPortsPrivateIPs: [...privateNetworks, 'fc00::/7'].map((network) => `${network} :53`),
  nonPrivateIPs: [
    `0.0.0.0/0 - ${[...privateNetworks, metadata].join(' ')}`,
    '::/0 - fc00::/7 fe80::/10 64:ff9b::a9fe:a9fe/128',
  ],
  privateIPs: [...privateNetworks, `fc00::/7 - ${metadata6.join(' ')}`],
}

const policies = {
  hub: { at: ['hub'], own: ['proxy :8001', 'singleuser-server'] },
  proxy: { at: ['proxy', 'chp'], own: ['hub :8081', 'singleuser-server'] },
  singleuser: { at: ['singleuser'], own: ['hub :8081', 'proxy :8000,8443'] },
} as const

describe('Where pods may connect to', { skip: noHelm }, () => {
  for (const [name, { at, own }] of Object.entries(policies)) {
    for (const on of [null, ...flags]) {
      test(`${name}: ${on ?? 'nothing'} allowed`, async () => {
        const egressAllowRules = Object.fromEntries(flags.map((flag) => [flag, flag === on]))
        const values = at.reduceRight<object>((inner, key) => ({ [key]: inner }), {
          networkPolicy: { egressAllowRules },
        })
        const unblocked = { cloudMetadata: { blockWithIptables: false } }
        const both =
          name === 'singleuser' ? { singleuser: { ...unblocked, networkPolicy: { egressAllowRules } } } : values

        const policy = (await rendered({ singleuser: unblocked, ...both })).get(`NetworkPolicy ${name}`)

        assert.deepEqual(policy?.spec.policyTypes, ['Ingress', 'Egress'])
        assert.deepEqual(toWhom(policy), [...own, ...(on === null ? [] : opened[on])])
      })
    }
  }
})

describe('Who may connect to pods', { skip: noHelm }, () => {
  const cases = [
    { policy: 'hub', from: ['network-access-hub :http'] },
    { policy: 'proxy', from: ['all :http,https', 'network-access-proxy-http :http', 'network-access-proxy-api :api'] },
    { policy: 'singleuser', from: ['network-access-singleuser :notebook-port'] },
  ]
  for (const { policy, from } of cases) {
    test(`${policy}: those with the label`, async () => {
      assert.deepEqual(fromWhom((await rendered()).get(`NetworkPolicy ${policy}`)), from)
    })
  }

  test('other namespaces where that is accepted, and ports for all', async () => {
    const networkPolicy = {
      interNamespaceAccessLabels: 'accept',
      allowedIngressPorts: ['http'],
      ingress: [{ ports: [{ port: 9 }] }],
    }
    const policy = (await rendered({ hub: { networkPolicy } })).get('NetworkPolicy hub')

    assert.deepEqual(fromWhom(policy), ['all :http', 'network-access-hub :http', 'all :9'])
    assert.equal(policy?.spec.ingress[1].from[0].namespaceSelector !== undefined, true)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: pieces of a manifest, looked into by name.
type Any = any

function toWhom(policy: Rendered | undefined): readonly string[] {
  return policy?.spec.egress.flatMap(({ to, ports }: Any) =>
    to.map((peer: Any) => `${peerName(peer)}${portNames(ports)}`),
  )
}

function fromWhom(policy: Rendered | undefined): readonly string[] {
  return policy?.spec.ingress.map(({ from, ports }: Any) => `${from ? labelName(from[0]) : 'all'}${portNames(ports)}`)
}

function peerName({ ipBlock, podSelector, namespaceSelector }: Any): string {
  if (ipBlock) return `${ipBlock.cidr}${ipBlock.except ? ` - ${ipBlock.except.join(' ')}` : ''}`
  if (podSelector) return podSelector.matchLabels.component
  return namespaceSelector.matchLabels['kubernetes.io/metadata.name']
}

function labelName({ podSelector }: Any): string {
  return Object.keys(podSelector.matchLabels)[0]!.replace('hub.jupyter.org/', '')
}

function portNames(ports: Any): string {
  if (!ports) return ''
  return ` :${[...new Set(ports.map(({ port }: Any) => port))].join(',')}`
}
