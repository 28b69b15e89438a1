/** The commands, one row each. `load` returns the command's body: arguments in, exit code out. */
type Body = (argv: readonly string[]) => Promise<number>
export interface Command {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Body>
}

export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'run the hub, and the proxy in front of it',
    load: async () => (await import('./commands/start.ts')).start,
  },
  {
    name: 'user',
    summary: 'add and list users, set their passwords, make them administrators',
    load: async () => (await import('./commands/user.ts')).user,
  },
  {
    name: 'auth',
    summary: 'explain why somebody may enter, or may not',
    load: async () => (await import('./commands/auth.ts')).auth,
  },
  {
    name: 'config',
    summary: 'check, show, explain, upgrade or compare a config.yaml',
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'build',
    summary: 'make an image of a repository',
    load: () => images(async () => (await import('#images')).buildCommand),
  },
  {
    name: 'image',
    summary: "say whether an image will work as a user's server",
    load: () => images(async () => (await import('#images')).imageCommand),
  },
  {
    name: 'repo2docker',
    summary: "make or run an image of a repository (takes repo2docker's flags)",
    load: () => images(async () => (await import('#images')).repo2dockerCommand),
  },
  {
    name: 'doctor',
    summary: 'look at a release of the Helm chart: what is wrong, and what mends it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'hub',
    summary: 'run the hub in the pod that the Helm chart makes',
    load: async () => (await import('./commands/hub.ts')).hub,
  },
  {
    name: 'proxy-token',
    summary: "write the proxy's token to a file, in the pod that the Helm chart makes",
    load: async () => (await import('./commands/proxy-token.ts')).proxyToken,
  },
  {
    name: 'proxy',
    summary: "run the proxy alone (takes configurable-http-proxy's flags)",
    load: async () => (await import('./commands/proxy.ts')).proxy,
  },
]

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name)
}

async function images(load: Parameters<typeof import('./commands/images.ts').onTerminal>[0]): Promise<Body> {
  const { onTerminal } = await import('./commands/images.ts')
  return onTerminal(load)
}
