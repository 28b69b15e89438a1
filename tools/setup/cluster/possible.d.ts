/** Why the cluster for tests can't be had on this machine, in one sentence; null if it can. */
export function whyNoCluster(): string | null
