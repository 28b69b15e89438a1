/** A kernel of a running server, spoken to as JupyterLab does: REST to start it, a websocket to run code. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'

/** Runs `code` in a new kernel below `serverUrl` (`http://host/user/ada/`) and gives what it printed. */
export async function runInKernel(serverUrl: string, token: string, code: string): Promise<string> {
  const headers = { authorization: `token ${token}` }
  const made = await fetch(`${serverUrl}api/kernels`, { method: 'POST', headers, body: '{}' })
  assert.equal(made.status, 201, await made.clone().text())
  const { id } = (await made.json()) as { id: string }
  const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}api/kernels/${id}/channels`, { headers })
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    socket.send(JSON.stringify(executeRequest(code)))
    return await printed(socket)
  } finally {
    socket.terminate()
    await fetch(`${serverUrl}api/kernels/${id}`, { method: 'DELETE', headers })
  }
}

function executeRequest(code: string): object {
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

function printed(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString()) as {
        msg_type?: string
        header: { msg_type: string }
        content: { text?: string }
      }
      const type = message.msg_type ?? message.header.msg_type
      if (type === 'stream') text += message.content.text
      if (type === 'execute_reply') setTimeout(() => resolve(text), 500)
    })
    socket.once('close', () => reject(new Error('The kernel closed the websocket')))
    socket.once('error', reject)
  })
}
