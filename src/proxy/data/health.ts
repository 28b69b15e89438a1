import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers the two paths of probes: whether the process works, and whether it knows where to send people. */
export function healthAnswer(request: IncomingMessage, response: ServerResponse, isReady: () => boolean): boolean {
  if (request.url === '/_chp_healthz') {
    send(response, 200, 'OK')
    return true
  }
  if (request.url === '/_chp_readyz') {
    if (isReady()) send(response, 200, 'OK')
    else send(response, 503, 'waits for the routes from the hub')
    return true
  }
  return false
}

function send(response: ServerResponse, code: number, status: string): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ status }))
}
