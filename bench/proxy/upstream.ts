/**
 * The server behind the proxies, as cheap as can be so that it is not what is measured: 1 KiB at `/small`, 100 MiB at
 * `/large`, any upload, and bytes echoed after a websocket handshake. A process of its own; prints its port.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net'

const small = answer(1024) + 'x'.repeat(1024)
const largeBytes = 100 * 1024 * 1024
const piece = Buffer.alloc(64 * 1024, 'x')
const handshake = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  waitForHead(socket)
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())

function waitForHead(socket: Socket): void {
  let pending = ''
  const read = (chunk: Buffer) => {
    pending += chunk.toString('latin1')
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const head = pending.slice(0, end)
      pending = pending.slice(end + 4)
      if (head.startsWith('GET /small')) socket.write(small, 'latin1')
      else {
        socket.off('data', read)
        take(socket, head, pending)
        return
      }
    }
  }
  socket.on('data', read)
}

function take(socket: Socket, head: string, rest: string): void {
  if (/^upgrade: *websocket/im.test(head)) {
    socket.write(handshake)
    socket.on('data', (chunk) => socket.write(chunk))
  } else if (head.startsWith('PUT')) {
    swallow(socket, Number(/content-length: *(\d+)/i.exec(head)?.[1]) - rest.length)
  } else {
    socket.write(answer(largeBytes))
    pour(socket, largeBytes)
  }
}

function swallow(socket: Socket, expected: number): void {
  let left = expected
  const read = (chunk: Buffer) => {
    left -= chunk.length
    if (left > 0) return
    socket.off('data', read)
    socket.write(answer(0))
    waitForHead(socket)
  }
  socket.on('data', read)
}

function pour(socket: Socket, bytes: number): void {
  let left = bytes
  const more = () => {
    while (left > 0) {
      left -= piece.length
      if (!socket.write(piece)) break
    }
    if (left > 0) socket.once('drain', more)
    else waitForHead(socket)
  }
  more()
}

function answer(length: number): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`
}
