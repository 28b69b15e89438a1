/** The thread's end of HTTP: questions go to the hub, and are waited for with or without blocking. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

interface Reply {
  readonly id: number
  readonly text: string
}

/** Both take a request as JSON and give the answer as JSON. */
export function threadHttp(port: MessagePort, bell: SharedArrayBuffer, mostSeconds: number) {
  const rings = new Int32Array(bell)
  const waiting = new Map<number, (text: string) => void>()
  let count = 0

  const deliver = ({ id, text }: Reply) => {
    waiting.get(id)?.(text)
    waiting.delete(id)
  }
  port.on('message', deliver)

  const send = (text: string) => {
    count += 1
    port.postMessage({ id: count, text })
    return count
  }

  return {
    later: (text: string) => {
      const { promise, resolve } = Promise.withResolvers<string>()
      waiting.set(send(text), resolve)
      return promise
    },
    now: (text: string): string => {
      const end = Date.now() + mostSeconds * 1000
      let answer: string | null = null
      waiting.set(send(text), (said) => {
        answer = said
      })
      while (answer === null) {
        const before = Atomics.load(rings, 0)
        for (let one = receiveMessageOnPort(port); one; one = receiveMessageOnPort(port)) deliver(one.message)
        if (answer !== null) break
        if (Date.now() > end) return JSON.stringify({ error: `There was no answer within ${mostSeconds} s` })
        Atomics.wait(rings, 0, before, 1000)
      }
      return answer
    },
  }
}
