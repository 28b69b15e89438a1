/**
 * All that tells one cluster of this machine from another, made from one number. 198.18.0.0/15 is set aside for tests
 * of networks (RFC 2544): nothing real lives there. The upper half is cut into sixteen blocks, one for each cluster;
 * the lower half is for the pods of KWOK, which are in no network at all.
 */
import { createHash } from 'node:crypto'

export interface Addresses {
  /** `himalia-3`: the name of the processes, the cgroup and the folder. */
  readonly name: string
  /** The network interface by which this machine reaches the cluster. */
  readonly link: string
  /** This machine, as pods see it: what listens here (or everywhere) can be reached from a pod. */
  readonly host: string
  /** The node, with the API server on 6443 and the registry on 5000. */
  readonly node: string
  /** CIDR. */
  readonly pods: string
  /** CIDR. */
  readonly services: string
  /** The Service `kubernetes`. */
  readonly api: string
  /** The Service `kube-dns`. */
  readonly dns: string
}

export const clusters = 16

/** CIDR of KWOK's pods. */
export const fakePods = '198.18.0.1/16'

export function addressesOf(number: number): Addresses {
  const at = (third: number, fourth: number) => `198.19.${16 * number + third}.${fourth}`
  return {
    name: `himalia-${number}`,
    link: `himalia${number}`,
    host: at(0, 2),
    node: at(0, 1),
    pods: `${at(4, 0)}/22`,
    services: `${at(8, 0)}/21`,
    api: at(8, 1),
    dns: at(8, 10),
  }
}

/** The number of the clone's own cluster, so that two clones seldom want the same; `HIMALIA_CLUSTER` names another. */
export function chooseNumber(folder: string, wanted = process.env.HIMALIA_CLUSTER): number {
  if (!wanted) return createHash('sha256').update(folder).digest().readUInt8() % clusters
  if (/^\d{1,2}$/.test(wanted) && Number(wanted) < clusters) return Number(wanted)
  throw new Error(`HIMALIA_CLUSTER is "${wanted}"; it must be a number from 0 to ${clusters - 1}`)
}
