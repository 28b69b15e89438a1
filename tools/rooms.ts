/**
 * Which room of `src/` may import which: the direction in which knowledge flows.
 * `tools/checks/walls.test.ts` enforces it; the table in ARCHITECTURE.md is made from it.
 */
export const rooms: Record<string, readonly string[]> = {
  base: [],
  python: ['base'],
  hooks: ['base', 'python'],
  config: ['base', 'hooks', 'python'],
  access: ['base'],
  api: ['base', 'access'],
  store: ['base'],
  kube: ['base'],
  proxy: ['base'],
  spawners: ['base', 'config', 'hooks', 'kube'],
  authenticators: ['base', 'config', 'hooks'],
  images: ['base', 'kube'],
  services: ['base', 'api'],
  hub: ['base', 'config', 'hooks', 'access', 'api', 'store', 'spawners', 'authenticators'],
  chart: ['base', 'config'],
  cli: [
    'base',
    'python',
    'hooks',
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

/** The packages of others that a room may import; each has one room, which shows it to nobody. */
export const packages: Record<string, readonly string[]> = {
  base: ['pino', 'yaml'],
  python: ['pyodide'],
  hooks: [],
  config: [],
  access: [],
  api: ['typebox'],
  store: ['kysely', 'pg'],
  kube: ['undici'],
  proxy: ['acme-client'],
  spawners: [],
  authenticators: ['@zxcvbn-ts/language-common', 'bcryptjs', 'jose', 'ldapts', 'openid-client', 'saxes'],
  images: ['@balena/dockerignore', '@renovatebot/pep440', 'js-yaml', 'smol-toml', 'tar-stream', 'yauzl'],
  services: [],
  hub: ['fastify', '@fastify/formbody', '@fastify/static', 'nunjucks', 'otpauth', 'prom-client', 'qr'],
  chart: [],
  cli: [],
}
