import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, isTaken, listenerAt } from './port.ts'

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can start programs of other accounts' }

test('a port told to another server is not given again', async () => {
  const first = await freePort(new Set())
  const all = new Set(Array.from({ length: 65_536 }, (_, port) => port).filter((port) => port !== first))

  await assert.rejects(freePort(new Set([...all, first])), /no free port/)
  assert.ok(!new Set([first]).has(await freePort(new Set([first]))))
})

test('no port is one that the system may give to an outgoing connection meanwhile', async () => {
  const [lowest = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number)

  for (let times = 0; times < 20; times += 1) assert.ok((await freePort(new Set())) < lowest)
})

test('a port is taken while somebody listens', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  assert.equal(await isTaken(port), true)
  assert.equal(listenerAt(port, process.pid), 'own')
  server.close()
  await once(server, 'close')
  assert.equal(await isTaken(port), false)
  assert.equal(listenerAt(port, process.pid), 'nobody')
})

test("another account's program at the port is a stranger", asRoot, async () => {
  const port = await freePort(new Set())
  const script = `require('node:net').createServer().listen(${port}, '127.0.0.1')`
  const stranger = spawn(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, cwd: '/' })
  const own = spawn('sleep', ['60'], { uid: 65_533, gid: 65_533, cwd: '/' })

  try {
    while (!(await isTaken(port))) await sleep(10)
    assert.equal(listenerAt(port, own.pid ?? 0), 'stranger')
    assert.equal(listenerAt(port, stranger.pid ?? 0), 'own')
  } finally {
    stranger.kill()
    own.kill()
  }
})
