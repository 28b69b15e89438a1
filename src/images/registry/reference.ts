import { errors } from '../errors.ts'

export interface ImageReference {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string | null
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const domain = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?'
const pattern = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][\\w]*(?:[-_+.][A-Za-z][\\w]*)*:[0-9a-fA-F]{32,})?$`,
)

/** The names that repo2docker takes. */
export function isImageName(name: string): boolean {
  return pattern.test(name)
}

/** `registry.example.org/course/statistics:2026`; Docker Hub where no registry is named, as with `docker pull`. */
export function parseReference(name: string): ImageReference {
  if (!isImageName(name))
    throw errors.IMAGE_NAME_INVALID({ name, why: 'it is not lower case, or has a character that no name has' })
  const [rest = '', digest = null] = name.split('@')
  const slash = rest.indexOf('/')
  const first = slash === -1 ? '' : rest.slice(0, slash)
  const hasRegistry = /[.:]/.test(first) || first === 'localhost'
  const path = hasRegistry ? rest.slice(slash + 1) : rest
  const colon = path.lastIndexOf(':')
  const repository = colon === -1 ? path : path.slice(0, colon)
  const isHub = !hasRegistry || first === 'docker.io'
  return {
    registry: isHub ? 'registry-1.docker.io' : first,
    repository: isHub && !repository.includes('/') ? `library/${repository}` : repository,
    tag: colon === -1 ? 'latest' : path.slice(colon + 1),
    digest,
  }
}

/** Names such as `localhost/himalia/base:…` are of this machine alone. */
export function isOnlyLocal(name: string): boolean {
  return name.startsWith('localhost/')
}
