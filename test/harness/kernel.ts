/** A kernel of a running server, spoken to as JupyterLab does: cookies, XSRF, REST to start it, a websocket to run code. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'
import type { Page, Visitor } from './visitor.ts'

export interface KernelAddress {
  /** `http://127.0.0.1:8000`, no trailing slash. */
  readonly origin: string
  /** `/user/ada/` */
  readonly path: string
  /** One who has opened a page of the server before. */
  readonly visitor: Visitor
}

/** Asks the server for a kernel, as a script of its own page does. The kernel runs on until it is ended. */
export async function startKernel({ origin, path, visitor }: KernelAddress, xsrf: 'with' | 'without'): Promise<Page> {
  const url = `${path}api/kernels`
  const [, token = ''] = /(?:^|; )_xsrf="?([^;"]*)/.exec(visitor.cookieHeader(url)) ?? []
  return visitor.request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin,
      referer: `${origin}${path}lab`,
      'sec-fetch-mode': 'cors',
      'sec-fetch-site': 'same-origin',
      ...(xsrf === 'with' && { 'x-xsrftoken': token }),
    },
    body: '{}',
  })
}

/** Runs `code` in a kernel, and gives what it printed. */
export async function runInKernel(
  { origin, path, visitor }: KernelAddress,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<string> {
  const channels = `${path}api/kernels/${id}/channels`
  const headers = { cookie: visitor.cookieHeader(channels), origin, 'sec-fetch-mode': 'websocket' }
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${channels}?session_id=${randomUUID()}`, { headers })
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const request = executeRequest(code)
    const text = printed(socket, request.header.msg_id)
    socket.send(JSON.stringify(request))
    return await text
  } finally {
    socket.terminate()
  }
}

function executeRequest(code: string) {
  const header = {
    msg_id: randomUUID(),
    msg_type: 'execute_request',
    username: '',
    session: randomUUID(),
    version: '5.3',
  }
  const content = {
    code,
    silent: false,
    store_history: false,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  }
  return { header, parent_header: {}, metadata: {}, content, channel: 'shell', buffers: [] }
}

interface KernelMessage {
  readonly header: { readonly msg_type: string }
  readonly parent_header: { readonly msg_id?: string }
  readonly content: { readonly text?: string; readonly execution_state?: string }
}

/** All that the kernel prints for one request; it is idle when the last of it has come. */
function printed(socket: WebSocket, requestId: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('message', (data) => {
      const { header, parent_header, content } = JSON.parse(data.toString()) as KernelMessage
      if (parent_header.msg_id !== requestId) return
      if (header.msg_type === 'stream') text += content.text
      if (header.msg_type === 'status' && content.execution_state === 'idle') resolve(text)
    })
    socket.once('close', (code) => reject(new assert.AssertionError({ message: `The websocket was closed: ${code}` })))
    socket.once('error', reject)
  })
}
