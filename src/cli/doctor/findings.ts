/** All that the doctor can find, one row each: how bad it is, the sentence, what mends it. */
import { findingCatalog } from './finding.ts'

type About = { about: string }
type Why = { about: string; why: string }
type Release = { about: string; release: string }

const upgrade = ({ release }: { release: string }) => `helm upgrade --install ${release} chart/ --values config.yaml`
const describe = ({ about }: About) => [`kubectl describe ${about}`]
const again = 'Run the same helm upgrade again: it makes what is missing.'

export const findings = findingCatalog({
  HELM_STUCK: {
    level: 'error',
    says: (d: Release & { revision: number; status: string; minutes: number }) =>
      `Helm's revision ${d.revision} has been "${d.status}" for ${d.minutes} minutes: a run of Helm was interrupted, and Helm refuses each new one.`,
    hint: 'Take the unfinished revision out of the history and upgrade again. Nothing that runs is touched by that.',
    commands: (d: Release & { revision: number }) => [
      `kubectl delete secret sh.helm.release.v1.${d.release}.v${d.revision}`,
      upgrade(d),
    ],
  },
  HELM_RUNNING: {
    level: 'note',
    says: (d: Release & { revision: number; status: string }) =>
      `Helm's revision ${d.revision} is "${d.status}": an upgrade is under way, or was interrupted just now.`,
    hint: 'Wait for it, and ask again in ten minutes.',
    commands: (d: Release) => [`helm history ${d.release}`],
  },
  HELM_FAILED: {
    level: 'warning',
    says: (d: Release & { revision: number }) =>
      `Helm's revision ${d.revision} failed; what it changed may be half done.`,
    hint: 'Mend what the other findings name, then run the same helm upgrade again. It needs no rollback before.',
    commands: (d: Release) => [`helm history ${d.release}`, upgrade(d)],
  },
  OBJECT_MISSING: {
    level: 'error',
    says: (d: Release) => `There is no ${d.about}, which is a part of the release.`,
    hint: again,
    commands: (d: Release) => [upgrade(d)],
  },
  SCALED_TO_ZERO: {
    level: 'error',
    says: (d: About) => `${d.about} is set to have no pods.`,
    hint: 'Somebody scaled it down. Give it a pod again.',
    commands: ({ about }: About) => [`kubectl scale ${about} --replicas=1`],
  },
  PODS_REFUSED: {
    level: 'error',
    says: (d: Why) => `No pod of ${d.about} may be made: ${d.why}`,
    hint: ({ why }: Why) => refusedHint(why),
    commands: describe,
  },
  ROLLOUT_STUCK: {
    level: 'warning',
    says: (d: Why) => `The newest version of ${d.about} does not come up: ${d.why}`,
    hint: 'The version before serves on. Mend what its pod says below and upgrade again, or go back.',
    commands: ({ about }: About) => [`kubectl rollout status ${about}`],
  },
  VERSIONS_DIFFER: {
    level: 'warning',
    says: (d: About & { hub: string; proxy: string }) =>
      `Hub and proxy are of different versions: ${d.hub} and ${d.proxy}.`,
    hint: 'They are made for each other in one version. Set hub.image.tag and proxy.chp.image.tag to the same.',
    commands: () => ['kubectl get deployments --output=wide'],
  },
  NO_NODE: {
    level: 'error',
    says: (d: Why) => `No node has a place for ${d.about}: ${d.why}`,
    hint: 'Add a node, or ask for less: resources, nodeSelector, tolerations and the affinity of core pods decide.',
    commands: describe,
  },
  IMAGE_PULL: {
    level: 'error',
    says: (d: Why & { image: string }) => `The image ${d.image} of ${d.about} can't be fetched: ${d.why}`,
    hint: ({ about }: About) =>
      about.includes('hub')
        ? 'Set hub.image.name and hub.image.tag to an image that is there; for a private registry imagePullSecret.'
        : 'Correct the name and tag of the image in the values; for a private registry set imagePullSecret.',
    commands: describe,
  },
  SECRET_MISSING: {
    level: 'error',
    says: (d: About & { secret: string }) => `${d.about} waits for the Secret ${d.secret}, which is not there.`,
    hint: 'Make it, or correct its name in the values (proxy.https.secret.name, extraVolumes, extraEnv).',
    commands: ({ secret }: { secret: string }) => [`kubectl get secret ${secret}`],
  },
  CONTAINER_CONFIG: {
    level: 'error',
    says: (d: Why) => `A container of ${d.about} can't be made: ${d.why}`,
    hint: 'What it names is missing or has another name: a Secret, a ConfigMap or a key in one.',
    commands: describe,
  },
  VOLUME: {
    level: 'error',
    says: (d: Why) => `${d.about} waits for a volume: ${d.why}`,
    hint: 'A volume that is on another node is let go when its pod there has ended; else ask whoever runs the storage.',
    commands: describe,
  },
  CRASHING: {
    level: 'error',
    says: (d: About & { container: string; exitCode: number; restarts: number }) =>
      `The container ${d.container} of ${d.about} ends with code ${d.exitCode} again and again (${d.restarts} times).`,
    hint: 'Its last words are below; they say what to change.',
    commands: ({ about, container }: { about: string; container: string }) => [
      `kubectl logs ${about} --container=${container} --previous`,
    ],
  },
  OUT_OF_MEMORY: {
    level: 'error',
    says: (d: About & { container: string }) =>
      `The container ${d.container} of ${d.about} was ended: it used more memory than its limit.`,
    hint: 'Raise hub.resources.limits.memory or proxy.chp.resources.limits.memory.',
    commands: describe,
  },
  NOT_READY: {
    level: 'error',
    says: (d: Why) => `${d.about} runs, but is not ready: ${d.why}`,
    hint: 'Its last words are below.',
    commands: ({ about }: About) => [`kubectl logs ${about}`],
  },
  VALUES_REFUSED: {
    level: 'error',
    says: (d: About) => `${d.about} goes on with the values before: the last ones have errors.`,
    hint: 'Correct them and upgrade again. Until then a hub that starts anew would not come up.',
    commands: () => ['himalia config check --mode cluster config.yaml'],
  },
  VALUES_WAIT: {
    level: 'warning',
    says: (d: About & { keys: string }) => `${d.about} takes these values up only when it is started anew: ${d.keys}.`,
    hint: 'Start it anew; servers and sessions stay.',
    commands: () => ['kubectl rollout restart deployment --selector=component=hub'],
  },
  SERVERS_WAIT: {
    level: 'warning',
    says: (d: Why & { count: number }) =>
      d.count === 1 ? `One user's server does not start: ${d.why}` : `${d.count} users' servers do not start: ${d.why}`,
    hint: 'Their users read the same on their progress page.',
    commands: describe,
  },
  NO_ADDRESS: {
    level: 'warning',
    says: (d: About) => `${d.about} has no address yet: this cluster has given its load balancer none.`,
    hint:
      'Clouds take a minute or two. A cluster without load balancers needs proxy.service.type NodePort, or ClusterIP behind ' +
      'an Ingress.',
    commands: describe,
  },
  SERVICE_EMPTY: {
    level: 'error',
    says: (d: About) => `${d.about} leads to no pod that is ready.`,
    hint: 'When its pods are ready, its selector differs from their labels: run the same helm upgrade again.',
    commands: ({ about }: About) => [describe({ about })[0]!, 'kubectl get pods --show-labels'],
  },
  CLAIM_PENDING: {
    level: 'error',
    says: (d: Why & { size: string }) => `${d.about} (${d.size}) has no volume: ${d.why}`,
    hint: 'Set hub.db.pvc.storageClassName or singleuser.storage.dynamic.storageClass to a class of this cluster.',
    commands: ({ about }: About) => [describe({ about })[0]!, 'kubectl get storageclasses'],
  },
  DISK_FULL: {
    level: 'error',
    says: (d: About & { percent: number }) =>
      `Of the volume ${d.about} only ${d.percent} % are free; soon nobody can sign in.`,
    hint: 'Make hub.db.pvc.storage larger, where its storage class lets claims grow; the hub goes on by itself then.',
    commands: () => ['kubectl exec deployment/hub -- df -h /srv/jupyterhub'],
  },
  CLAIM_LOST: {
    level: 'error',
    says: (d: About) => `The volume of ${d.about} is gone.`,
    hint: 'Whoever runs the storage may have it; a backup is put into a new volume.',
    commands: describe,
  },
  CERTIFICATE_EXPIRED: {
    level: 'error',
    says: (d: About & { day: string }) => `The certificate in ${d.about} has expired on ${d.day}; browsers refuse it.`,
    hint: 'Put a new certificate there; the proxy takes it up by itself.',
    commands: describe,
  },
  CERTIFICATE_ENDS: {
    level: 'warning',
    says: (d: About & { day: string; days: number }) =>
      `The certificate in ${d.about} ends on ${d.day}, in ${d.days} days.`,
    hint: 'Put a new certificate there in time; the proxy takes it up by itself.',
    commands: describe,
  },
  CERTIFICATE_UNUSABLE: {
    level: 'error',
    says: (d: Why) => `The certificate in ${d.about} can't be used: ${d.why}.`,
    hint: 'The Secret needs a certificate and the key that belongs to it, both PEM, under the names that the proxy reads.',
    commands: describe,
  },
  CERTIFICATE_HOST: {
    level: 'warning',
    says: (d: About & { host: string }) => `The certificate in ${d.about} is not for ${d.host}; browsers warn there.`,
    hint: 'Get one that names this host, or take the host out.',
    commands: describe,
  },
  CERTIFICATE_WAITS: {
    level: 'error',
    says: (d: About & { host: string }) => `There is no certificate for ${d.host} yet.`,
    hint: 'The ACME server must reach the host on port 80, so its name must lead here. The log of the proxy says what it answered.',
    commands: () => ['kubectl logs --selector=component=proxy --tail=50'],
  },
  HOST_UNKNOWN: {
    level: 'warning',
    says: (d: About & { host: string }) => `The name ${d.host} is not known in DNS (asked from here).`,
    hint: 'Give it the address of proxy-public, or of the Ingress.',
    commands: ({ host }: { host: string }) => [`nslookup ${host}`],
  },
  DNS_DOWN: {
    level: 'error',
    says: (d: Why) => `Names of the cluster can't be looked up: ${d.why}`,
    hint: "Hub, proxy and servers find each other by name. The cluster's DNS must run, and policies must let it be asked.",
    commands: () => ['kubectl --namespace=kube-system get pods --selector=k8s-app=kube-dns'],
  },
  SERVERS_CUT_OFF: {
    level: 'error',
    says: (d: About & { count: number }) =>
      `${d.count === 1 ? 'One server lacks' : `${d.count} servers lack`} the label hub.jupyter.org/network-access-hub, so the policy of the hub keeps ${d.count === 1 ? 'it' : 'them'} out.`,
    hint: 'singleuser.extraLabels replaced it: add hub.jupyter.org/network-access-hub: "true" there, and restart the servers.',
    commands: () => ['kubectl get pods --selector=component=singleuser-server --show-labels'],
  },
  HUB_SHUT_IN: {
    level: 'error',
    says: (d: About) =>
      `${d.about} lets the hub reach no network: not the API server, no identity provider, no database.`,
    hint: 'Set hub.networkPolicy.egressAllowRules or hub.networkPolicy.egress to what the hub needs.',
    commands: describe,
  },
  ROUTE_MISSING: {
    level: 'error',
    says: (d: About & { path: string }) => `${d.about} runs, but the proxy has no route ${d.path} to it.`,
    hint: 'The hub adds what is missing every few seconds; if this stays, its log says why.',
    commands: () => ['kubectl logs --selector=component=hub --tail=50'],
  },
  ROUTE_DEAD: {
    level: 'warning',
    says: (d: About & { path: string; target: string }) =>
      `The route ${d.path} leads to ${d.target}, where no server is.`,
    hint: 'The hub takes such routes away within seconds; if this stays, its log says why.',
    commands: () => ['kubectl logs --selector=component=hub --tail=50'],
  },
  PROXY_SILENT: {
    level: 'error',
    says: (d: Why) => `The routes of ${d.about} can't be read: ${d.why}`,
    hint: 'The hub can reach it no better. Its policy, its token (Secret hub-generated) or the proxy itself is the reason.',
    commands: ({ about }: About) => [`kubectl logs ${about} --tail=50`],
  },
})

function refusedHint(why: string): string {
  if (/exceeded quota/.test(why)) return 'The quota of the namespace is used up: raise it, or ask for less.'
  if (/PodSecurity/.test(why))
    return 'What the namespace admits is less than the values ask for; docs/kubernetes.md says what does.'
  if (/serviceaccount/i.test(why))
    return 'The account is missing: rbac.create, or hub.serviceAccount, makes or names one.'
  return 'What refuses it is named; ask whoever runs the cluster.'
}
