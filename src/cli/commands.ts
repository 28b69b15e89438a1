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
    name: 'config',
    summary: 'check, show, explain, upgrade or compare a config.yaml',
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'proxy',
    summary: "run the proxy alone (takes configurable-http-proxy's flags)",
    load: async () => (await import('#proxy')).proxyCommand,
  },
]

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name)
}
