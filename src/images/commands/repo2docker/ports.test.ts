import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePort } from './ports.ts'

for (const [text, container, host] of [
  ['8888', '8888/tcp', '8888'],
  ['80:8888', '8888/tcp', '80'],
  ['80:8888/udp', '8888/udp', '80'],
  ['127.0.0.1:80:8888', '8888/tcp', '127.0.0.1:80'],
]) {
  test(`--publish=${text} is understood`, () => {
    assert.deepEqual(parsePort(text!), { container, host })
  })
}

for (const text of ['', 'a', '0', '65536', '80:', ':80', '80/icmp', '1:2:3:4', '80/tcp/udp', '-1']) {
  test(`--publish=${text} is refused`, () => {
    assert.throws(() => parsePort(text), { code: 'FLAG_INVALID' })
  })
}
