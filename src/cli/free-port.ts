import { createServer } from 'node:net'

/** The first of `wanted` that is free on `host`; with 0 at the end, any free one. null when all are taken. */
export async function freePort(host: string, wanted: readonly number[]): Promise<number | null> {
  for (const port of wanted) {
    const found = await tryListen(host, port)
    if (found !== null) return found
  }
  return null
}

function tryListen(host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}
