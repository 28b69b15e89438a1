/** `himalia proxy`: the proxy room's own command; in a cluster it may keep certificates in a Secret. */
import { proxyCommand } from '#proxy'

export async function proxy(argv: readonly string[]): Promise<number> {
  // Only then is what speaks to Kubernetes loaded.
  if (!argv.some((word) => word.startsWith('--acme-secret'))) return proxyCommand(argv)
  const { acmeSecret } = await import('../cluster/acme-secret.ts')
  return proxyCommand(argv, { secretStore: acmeSecret })
}
