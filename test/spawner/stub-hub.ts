/** As much of a hub as a server needs to start and to let its owner in. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubHub extends AsyncDisposable {
  readonly apiUrl: string
  /** `GET /hub/api/` and the like, in the order they came. */
  readonly requests: readonly string[]
}

const owner = {
  kind: 'user',
  name: 'ada',
  admin: false,
  groups: [],
  scopes: ['access:servers!server=ada/', 'access:servers!user=ada'],
}

export async function startStubHub(version: string): Promise<StubHub> {
  const requests: string[] = []
  const server = createServer((request: IncomingMessage, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json')
    response.setHeader('x-jupyterhub-version', version)
    if (request.url !== '/hub/api/user') return response.end(JSON.stringify({ version }))
    const isOwner = request.headers.authorization === `token ${ownerToken}`
    response.statusCode = isOwner ? 200 : 403
    return response.end(JSON.stringify(isOwner ? owner : { status: 403, message: 'no' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub/api`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const ownerToken = 'owner'.repeat(6)

/** The environment that a hub gives to the default server of `ada`. */
export function hubEnvironment(hub: StubHub, listenUrl: string): Record<string, string> {
  const scopes = JSON.stringify(owner.scopes)
  return {
    JUPYTERHUB_API_TOKEN: '0123456789abcdef'.repeat(2),
    JPY_API_TOKEN: '0123456789abcdef'.repeat(2),
    JUPYTERHUB_API_URL: hub.apiUrl,
    JUPYTERHUB_ACTIVITY_URL: `${hub.apiUrl}/users/ada/activity`,
    JUPYTERHUB_BASE_URL: '/',
    JUPYTERHUB_CLIENT_ID: 'jupyterhub-user-ada',
    JUPYTERHUB_HOST: '',
    JUPYTERHUB_OAUTH_CALLBACK_URL: '/user/ada/oauth_callback',
    JUPYTERHUB_OAUTH_ACCESS_SCOPES: scopes,
    JUPYTERHUB_OAUTH_SCOPES: scopes,
    JUPYTERHUB_SERVER_NAME: '',
    JUPYTERHUB_SERVICE_PREFIX: '/user/ada/',
    JUPYTERHUB_SERVICE_URL: `${listenUrl}/user/ada/`,
    JUPYTERHUB_USER: 'ada',
  }
}
