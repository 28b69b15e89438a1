/**
 * Which room of `src/` may import which: the direction in which knowledge flows.
 * `tools/checks/walls.test.ts` enforces it; the table in ARCHITECTURE.md is made from it.
 */
export const rooms: Record<string, readonly string[]> = {
  base: [],
  config: ['base'],
  access: ['base'],
  api: ['base', 'access'],
  store: ['base'],
  kube: ['base'],
  proxy: ['base'],
  spawners: ['base', 'config', 'kube'],
  authenticators: ['base', 'config'],
  images: ['base', 'kube'],
  services: ['base', 'api'],
  hub: ['base', 'config', 'access', 'api', 'store', 'spawners', 'authenticators'],
  chart: ['base', 'config'],
  cli: [
    'base',
    'config',
    'access',
    'api',
    'store',
    'kube',
    'proxy',
    'spawners',
    'authenticators',
    'images',
    'services',
    'hub',
    'chart',
  ],
}
