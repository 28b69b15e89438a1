import { errors } from '../../errors.ts'

export interface Port {
  /** `8888/tcp` */
  readonly container: string
  /** `8888`, or `127.0.0.1:8888` */
  readonly host: string
}

/** `[[HOST_IP:]HOST_PORT:]CONTAINER_PORT[/tcp|udp]` */
export function parsePort(text: string): Port {
  const parts = text.split(':')
  const refuse = (why: string) => errors.FLAG_INVALID({ flag: `--publish=${text}`, why })
  if (parts.length > 3) throw refuse('has more than an address and two ports')
  const [last = '', protocol = 'tcp', ...more] = (parts.pop() ?? '').split('/')
  if (more.length > 0 || !['tcp', 'udp'].includes(protocol))
    throw refuse(`names the protocol "${[protocol, ...more].join('/')}"; there are tcp and udp`)
  const host = parts.pop() ?? last
  for (const port of [last, host]) if (!isPort(port)) throw refuse(`has "${port}", which is no port from 1 to 65535`)
  const address = parts.pop()
  return { container: `${last}/${protocol}`, host: address === undefined ? host : `${address}:${host}` }
}

const isPort = (text: string) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535
