/** Who we are to a registry: the files that `docker login`, `podman login` and `buildah login` write. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

interface AuthFile {
  auths?: Record<string, { auth?: string; username?: string; password?: string }>
  credHelpers?: Record<string, string>
  credsStore?: string
}

const hub = ['docker.io', 'index.docker.io', 'registry-1.docker.io']
const variable = 'CONTAINER_ENGINE_REGISTRY_CREDENTIALS'

/** Null: none are known, which is enough for what is public. */
export function credentialsFor(registry: string, env: NodeJS.ProcessEnv = process.env): Credentials | null {
  const given = givenCredentials(env)
  if (given && (given.registry === registry || hostOf(given.registry) === registry)) return given
  for (const file of authFiles(env)) {
    const content = readAuthFile(file)
    const found = content && find(content, registry)
    if (found) return found
  }
  return null
}

/** repo2docker's variable: `{"registry", "username", "password"}`. */
export function givenCredentials(env: NodeJS.ProcessEnv): (Credentials & { registry: string }) | null {
  const text = env[variable]
  if (!text) return null
  const fail = (why: string) => errors.CREDENTIALS_INVALID({ from: variable, why })
  let content: Record<string, unknown>
  try {
    content = JSON.parse(text)
  } catch {
    throw fail('they are no JSON')
  }
  const { registry, username, password } = content
  if (typeof registry !== 'string' || typeof username !== 'string' || typeof password !== 'string')
    throw fail('one of registry, username and password is missing')
  return { registry, username, password }
}

/** A folder with a `config.json` of the given credentials beside the person's own, for an engine; remove it afterwards. */
export function credentialFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  const given = givenCredentials(env)
  if (!given) return null
  const own =
    authFiles(env)
      .map(readAuthFile)
      .find((content) => content !== null) ?? {}
  const auth = Buffer.from(`${given.username}:${given.password}`).toString('base64')
  const folder = mkdtempSync(join(tmpdir(), 'himalia-credentials-'))
  const content = { ...own, auths: { ...own.auths, [hostOf(given.registry)]: { auth } } }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(content), { mode: 0o600 })
  return folder
}

function authFiles(env: NodeJS.ProcessEnv): string[] {
  return [
    ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []),
    join(env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json'),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')] : []),
    ...(process.getuid ? [`/run/containers/${process.getuid()}/auth.json`] : []),
  ].filter((file) => existsSync(file))
}

function readAuthFile(file: string): AuthFile | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as AuthFile
  } catch (error) {
    throw errors.CREDENTIALS_INVALID({ from: file, why: messageOf(error) }, error)
  }
}

function find(content: AuthFile, registry: string): Credentials | null {
  const names = hub.includes(registry) ? hub : [registry]
  const helper = names.map((name) => content.credHelpers?.[name]).find((name) => name) ?? content.credsStore
  const entry = Object.entries(content.auths ?? {}).find(([name]) => names.includes(hostOf(name)))
  if (entry?.[1].auth) return decode(entry[1].auth)
  return helper && (entry || content.credHelpers) ? askHelper(helper, entry?.[0] ?? registry) : null
}

function decode(auth: string): Credentials {
  const text = Buffer.from(auth, 'base64').toString()
  const colon = text.indexOf(':')
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function askHelper(helper: string, registry: string): Credentials | null {
  if (!/^[\w.-]+$/.test(helper)) return null
  const { status, stdout } = spawnSync(`docker-credential-${helper}`, ['get'], { input: registry, encoding: 'utf8' })
  if (status !== 0) return null
  const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string }
  return Username && Secret ? { username: Username, password: Secret } : null
}

/** `https://index.docker.io/v1/` is how Docker writes its own. */
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, '').split('/')[0] ?? name
}
