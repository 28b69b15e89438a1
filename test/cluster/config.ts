/** The files that the components read. JSON is YAML, too. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Addresses } from './addresses.ts'

interface Folders {
  readonly state: string
  readonly pki: string
}

export async function writeConfig(folders: Folders, addresses: Addresses): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'config/containerd.toml': containerd(folders.state),
    'config/registries/_default/hosts.toml': hosts(addresses),
    'config/networks/10-pods.conflist': JSON.stringify(network(addresses)),
    'config/kubelet.json': JSON.stringify(kubelet(folders, addresses)),
    'config/kube-proxy.json': JSON.stringify(proxy(folders, addresses)),
    'config/resolv.conf': `nameserver ${addresses.dns}\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    const file = join(folders.state, name)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, text)
  }
}

/** Without the right to protect processes from the kernel's memory killer, where we don't have it. */
const containerd = (state: string) => `
version = 2
root = "${state}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = "cluster.test/pause:1"
  max_concurrent_downloads = 4
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "${state}/config/registries"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${state}/config/networks"
`

/** Whatever the registry in an image's name, ours is asked: nothing can leave, and a missing image is missed at once. */
const hosts = ({ node }: Addresses) => `
server = "http://${node}:5000"
[host."http://${node}:5000"]
  capabilities = ["pull", "resolve"]
`

/** A wire from each pod to the node and no bridge, so that all traffic between pods passes the node's filters. */
const network = ({ pods }: Addresses) => ({
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      ipam: { type: 'host-local', ranges: [[{ subnet: pods }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
})

function kubelet({ state, pki }: Folders, { name, dns }: Addresses): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${pki}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${pki}/kubelet.crt`,
    tlsPrivateKeyFile: `${pki}/kubelet.key`,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${name}`,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    localStorageCapacityIsolation: false,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    clusterDNS: [dns],
    clusterDomain: 'cluster.local',
    resolvConf: `${state}/config/resolv.conf`,
    registryPullQPS: 0,
    serializeImagePulls: false,
  }
}

/** It may not set the kernel's limits of connections, and needs none. */
function proxy({ pki }: Folders, { pods }: Addresses): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: `${pki}/kube-proxy.conf` },
    mode: 'iptables',
    clusterCIDR: pods,
    hostnameOverride: 'node1',
    oomScoreAdj: 0,
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  }
}
