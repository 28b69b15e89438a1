/** Who may connect to whom, with the chart's policies as they are by default. One row a probe. */

/** Pods with the labels of the chart and of the hub's servers; `outsider` is in another namespace. */
export type Source =
  | 'ana'
  | 'hub'
  | 'proxy'
  | 'stranger'
  | 'outsider'
  | 'friend of hub'
  | 'friend of api'
  | 'friend of servers'

export interface Probe {
  readonly from: Source
  /** A pod or a place. */
  readonly to: string
  readonly port: number
  readonly allowed: boolean
}

/** Addresses that stand for kinds of places; those of IPv6 are judged by the rules alone where a cluster has none. */
export const places: Readonly<Record<string, string>> = {
  metadata: '169.254.169.254',
  Internet: '203.0.113.7',
  'private network': '192.168.77.7',
  'metadata (v6)': 'fd00:ec2::254',
  'metadata (v6, another cloud)': 'fd20:ce::254',
  'metadata (NAT64)': '64:ff9b::a9fe:a9fe',
  'Internet (v6)': '2001:db8::7',
  'private network (v6)': 'fd12:3456::7',
  'link (v6)': 'fe80::7',
}

/** Where pods listen, by the names that policies know; 9999 has no name. */
export const listeners: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  hub: { http: 8081, other: 9999 },
  proxy: { http: 8000, api: 8001, other: 9999 },
  ana: { 'notebook-port': 8888, other: 9999 },
  ben: { 'notebook-port': 8888, other: 9999 },
  stranger: { other: 9999 },
  outsider: { other: 9999 },
}

const rows = (from: Source, allowed: readonly string[], refused: readonly string[]): Probe[] =>
  [allowed, refused].flatMap((targets, index) =>
    targets.map((target) => {
      const [, to = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? []
      return { from, to, port: Number(port), allowed: index === 0 }
    }),
  )

export const probes: readonly Probe[] = [
  ...rows(
    'ana',
    ['hub:8081', 'proxy:8000', 'Internet:80', 'Internet (v6):443', 'DNS:53', 'private network:53', 'metadata:53'],
    [
      'hub:9999',
      'proxy:8001',
      'proxy:9999',
      'ben:8888',
      'ben:9999',
      'stranger:9999',
      'outsider:9999',
      'metadata:80',
      'metadata (v6):80',
      'metadata (v6, another cloud):80',
      'metadata (NAT64):80',
      'private network:80',
      'private network (v6):80',
      'link (v6):80',
      'kubelet:10250',
      'API server:6443',
    ],
  ),
  ...rows(
    'hub',
    ['proxy:8001', 'ana:8888', 'API server:6443', 'Internet:80', 'metadata:80', 'private network:80', 'DNS:53'],
    ['proxy:9999', 'ana:9999'],
  ),
  ...rows('proxy', ['hub:8081', 'ana:8888', 'Internet:80', 'API server:6443'], ['hub:9999', 'ana:9999']),
  ...rows('stranger', ['proxy:8000'], ['hub:8081', 'proxy:8001', 'ana:8888']),
  ...rows('outsider', ['proxy:8000'], ['hub:8081', 'proxy:8001', 'ana:8888']),
  ...rows('friend of hub', ['hub:8081'], ['proxy:8001', 'ana:8888']),
  ...rows('friend of api', ['proxy:8001'], ['hub:8081', 'ana:8888']),
  ...rows('friend of servers', ['ana:8888'], ['hub:8081', 'proxy:8001']),
]
