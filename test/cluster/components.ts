/** The programs that are the cluster, each with its arguments. All run inside the namespace. */
import { join } from 'node:path'
import { type Addresses, fakePods } from './addresses.ts'
import { images, pki, programs, root, state } from './paths.ts'

export interface Component {
  readonly name: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const at = (file: string) => join(pki, file)
const config = (file: string) => join(state, 'config', file)
const program = (name: string, ...args: string[]): Component => ({ name, words: [join(programs, name), ...args] })

/** A program of this folder. */
function ours(name: string, file: string, ...args: string[]): Component {
  return { name, words: [process.execPath, join(root, 'test', 'cluster', file), ...args] }
}

/** In the order in which they start: those of the second wave give up when no API server answers. */
export function components(addresses: Addresses): readonly (readonly Component[])[] {
  return [
    [
      etcd,
      apiServer(addresses),
      { name: 'containerd', words: ['containerd', '--config', config('containerd.toml')] },
      registry,
    ],
    [controllerManager, scheduler, kubelet(addresses), proxy, policy, resizer, kwok],
  ]
}

const etcdUrl = 'http://127.0.0.1:2379'
const etcdPeers = 'http://127.0.0.1:2380'

/** In memory: a cluster for tests starts empty. */
const etcd: Component = {
  name: 'etcd',
  words: [
    'etcd',
    '--data-dir=/run/etcd',
    '--unsafe-no-fsync',
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${etcdPeers}`,
  ],
}

function apiServer({ node, services }: Addresses): Component {
  return program(
    'kube-apiserver',
    `--etcd-servers=${etcdUrl}`,
    '--secure-port=6443',
    '--bind-address=0.0.0.0',
    `--advertise-address=${node}`,
    `--service-cluster-ip-range=${services}`,
    `--cert-dir=${pki}`,
    `--tls-cert-file=${at('kube-apiserver.crt')}`,
    `--tls-private-key-file=${at('kube-apiserver.key')}`,
    `--client-ca-file=${at('ca.crt')}`,
    // Else `kubectl exec` and `logs` look the node's name up in DNS.
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-certificate-authority=${at('ca.crt')}`,
    `--kubelet-client-certificate=${at('admin.crt')}`,
    `--kubelet-client-key=${at('admin.key')}`,
    `--service-account-key-file=${at('sa.pub')}`,
    `--service-account-signing-key-file=${at('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    // It asks more of etcd than Debian's can do, and clients that are refused this way know another.
    '--feature-gates=WatchList=false',
  )
}

/** They ask as fast as they can: by default they spare the API server, and a thousand pods take minutes to go. */
const unsparing = ['--kube-api-qps=500', '--kube-api-burst=1000']

const controllerManager = program(
  'kube-controller-manager',
  `--kubeconfig=${at('kube-controller-manager.conf')}`,
  `--service-account-private-key-file=${at('sa.key')}`,
  `--root-ca-file=${at('ca.crt')}`,
  `--cluster-signing-cert-file=${at('ca.crt')}`,
  `--cluster-signing-key-file=${at('ca.key')}`,
  '--use-service-account-credentials',
  '--leader-elect=false',
  ...unsparing,
)

const scheduler = program(
  'kube-scheduler',
  `--kubeconfig=${at('kube-scheduler.conf')}`,
  '--leader-elect=false',
  ...unsparing,
)

function kubelet({ node }: Addresses): Component {
  return program(
    'kubelet',
    `--config=${config('kubelet.json')}`,
    `--kubeconfig=${at('kubelet.conf')}`,
    '--hostname-override=node1',
    `--node-ip=${node}`,
  )
}

const proxy = program('kube-proxy', `--config=${config('kube-proxy.json')}`)

/** Any name of an image leads to this registry: see `hosts` in config.ts. */
const registry: Component = {
  ...program('registry', 'serve', join(root, 'test', 'cluster', 'images', 'registry.yaml')),
  env: { REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: images },
}

/** Enforces NetworkPolicies, as a cluster's network does. */
const policy = ours('network-policy', 'policy/main.ts', at('admin.conf'), 'node1')

/** Grows volumes of the class `growing`, as a driver of storage does. */
const resizer = ours('volume-resizer', 'resizer.ts', at('admin.conf'))

/** Plays the kubelet for the nodes that say so, with the delays of `stages.yaml`. */
const kwok = program(
  'kwok',
  `--kubeconfig=${at('admin.conf')}`,
  '--manage-nodes-with-label-selector=type=kwok',
  `--cidr=${fakePods}`,
  `--config=${join(root, 'test', 'cluster', 'manifests', 'stages.yaml')}`,
)
