/** Where a server lives, with names quoted as JupyterHub quotes them: `@` and `~` stay. */
export function serverPath(base: string, userName: string, serverName: string): string {
  const user = `${base}user/${quoteName(userName)}/`
  return serverName === '' ? user : `${user}${quoteName(serverName)}/`
}

/** `user` or `user/server`, quoted, to be put behind `hub/spawn/` and the like. */
export function serverSuffix(userName: string, serverName: string): string {
  return serverName === '' ? quoteName(userName) : `${quoteName(userName)}/${quoteName(serverName)}`
}

export function quoteName(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%40', '@')
}
