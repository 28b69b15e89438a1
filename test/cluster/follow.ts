/** Keeps a copy of all objects of one kind: asks for a list, then for every change to it, and again from the start. */
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Source {
  /** `https://…`, no trailing slash. */
  readonly server: string
  readonly agent: Agent
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { server: string; 'certificate-authority-data': string } }[]
  readonly users: readonly {
    readonly user: { 'client-certificate-data': string; 'client-key-data': string }
  }[]
}

/** The API server and the identity of one of our kubeconfigs. */
export function readSource(file: string): Source {
  const { clusters, users } = JSON.parse(readFileSync(file, 'utf8')) as Kubeconfig
  const [{ cluster } = { cluster: { server: '', 'certificate-authority-data': '' } }] = clusters
  const user = users[0]?.user
  const plain = (data = '') => Buffer.from(data, 'base64')
  return {
    server: cluster.server,
    agent: new Agent({
      ca: plain(cluster['certificate-authority-data']),
      cert: plain(user?.['client-certificate-data']),
      key: plain(user?.['client-key-data']),
      keepAlive: true,
    }),
  }
}

interface Stored {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string }
}

/** @param path such as `/api/v1/pods` @param heard called with all objects after each change */
export async function follow<T>(source: Source, path: string, heard: (all: readonly T[]) => void): Promise<never> {
  for (;;) {
    try {
      await followOnce(source, path, heard as (all: readonly Stored[]) => void)
    } catch (error) {
      console.error(`${path}: ${(error as Error).message}`)
    }
    await sleep(500)
  }
}

async function followOnce(source: Source, path: string, heard: (all: readonly Stored[]) => void): Promise<void> {
  const { items, metadata } = JSON.parse((await linesOf(source, path, Array.fromAsync<string>)).join('')) as {
    items: Stored[]
    metadata: { resourceVersion: string }
  }
  const known = new Map(items.map((item) => [item.metadata.uid, item]))
  heard([...known.values()])
  const since = `${path}?watch=1&resourceVersion=${metadata.resourceVersion}`
  await linesOf(source, since, async (lines) => {
    for await (const line of lines) {
      const { type, object } = JSON.parse(line) as { type: string; object: Stored }
      if (type === 'ERROR') return
      if (type === 'DELETED') known.delete(object.metadata.uid)
      else known.set(object.metadata.uid, object)
      heard([...known.values()])
    }
  })
}

/** Reads the answer line by line. */
async function linesOf<T>(
  source: Source,
  path: string,
  read: (lines: AsyncIterable<string>) => Promise<T>,
): Promise<T> {
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    get(`${source.server}${path}`, { agent: source.agent }, resolve).once('error', reject)
  })
  if (answer.statusCode !== 200) {
    answer.resume()
    throw new Error(`the API server answers ${answer.statusCode}`)
  }
  return read(createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY }))
}
