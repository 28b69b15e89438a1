/** Servers over the REST API: starts and stops, their bodies, and the stream of progress. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { type TestHub, testHub } from './hub.ts'

type Context = Parameters<typeof testHub>[0]

async function hubWithAda(t: Context, settings: object = {}) {
  const hub = await testHub(t, { hub: settings })
  const token = await hub.token(await hub.addUser('ada'))
  const server = async (name = '') => (await hub.call('GET', `/users/ada/servers/${name}`, { token })).json()
  return { hub, token, server }
}

describe('a start', () => {
  test('is answered with 201 and an empty text when the server is ready in time', async (t) => {
    const { hub, token, server } = await hubWithAda(t)

    const answer = await hub.call('POST', '/users/ada/server', { token })

    assert.equal(answer.statusCode, 201)
    assert.equal(answer.body, '')
    assert.match(String(answer.headers['content-type']), /^text\/plain/)
    assert.equal((await server()).ready, true)
  })

  test('is answered with 202 when it takes longer, and 202 again while it does', async (t) => {
    const { hub, token, server } = await hubWithAda(t, { slowSpawnTimeoutSeconds: 0 })
    hub.spawner.hold = true

    assert.equal((await hub.call('POST', '/users/ada/server', { token })).statusCode, 202)
    assert.equal((await hub.call('POST', '/users/ada/server', { token, body: { other: 1 } })).statusCode, 202)
    assert.equal((await server()).pending, 'spawn')
    assert.equal((await server()).ready, false)
  })

  test('of a running server is refused with 400', async (t) => {
    const { hub, token } = await hubWithAda(t)
    await hub.call('POST', '/users/ada/server', { token })

    const answer = await hub.call('POST', '/users/ada/server', { token })

    assert.equal(answer.statusCode, 400)
    assert.equal(answer.json().code, 'SERVER_ALREADY_RUNNING')
  })

  test('works the same with an empty server name in the path', async (t) => {
    const { hub, token } = await hubWithAda(t)

    assert.equal((await hub.call('POST', '/users/ada/servers/', { token })).statusCode, 201)
    assert.equal((await hub.call('GET', '/users/ada/servers//progress', { token })).statusCode, 200)
    assert.equal((await hub.call('DELETE', '/users/ada/servers/', { token })).statusCode, 204)
  })

  test('that fails tells why, with the last lines of the log', async (t) => {
    const { hub, token, server } = await hubWithAda(t)
    hub.spawner.failure = {
      code: 'COMMAND_NOT_FOUND',
      message: 'There is no such command.',
      hint: null,
      logTail: ['x'],
    }

    const answer = await hub.call('POST', '/users/ada/server', { token })

    assert.equal(answer.statusCode, 500)
    assert.equal(answer.json().message, 'Spawn failed: There is no such command.')
    assert.equal(answer.json().reason.code, 'COMMAND_NOT_FOUND')
    assert.ok(answer.json().reason.log_tail.length > 0)
    assert.equal((await server()).failure.code, 'COMMAND_NOT_FOUND')
    assert.equal((await server()).stopped, true)
  })

  test('beyond the limit waits in the queue instead of being refused', async (t) => {
    const { hub, token } = await hubWithAda(t, { slowSpawnTimeoutSeconds: 0, concurrentSpawnLimit: 1 })
    hub.spawner.hold = true
    await hub.call('POST', '/users/ada/server', { token })

    assert.equal((await hub.call('POST', '/users/ada/servers/two', { token })).statusCode, 202)

    const two = (await hub.call('GET', '/users/ada/servers/two', { token })).json()
    assert.deepEqual([two.pending, two.queue_position], ['spawn', 1])
  })

  test('beyond the limit of active servers is refused with 429', async (t) => {
    const { hub, token } = await hubWithAda(t, { activeServerLimit: 1 })
    await hub.call('POST', '/users/ada/server', { token })

    assert.equal((await hub.call('POST', '/users/ada/servers/two', { token })).statusCode, 429)
  })

  for (const [what, body, options, displayName] of [
    ['the whole object as options, as before 6.0', { memory: '1G' }, { memory: '1G' }, 'x'],
    ['user_options where they are given', { user_options: { a: 1 } }, { a: 1 }, 'x'],
    ['a display name', { display_name: 'My data', user_options: { a: 1 } }, { a: 1 }, 'My data'],
  ] as const) {
    test(`takes ${what}`, async (t) => {
      const { hub, token, server } = await hubWithAda(t)

      await hub.call('POST', '/users/ada/servers/x', { token, body })

      const { user_options, display_name } = await server('x')
      assert.deepEqual(user_options, options)
      if (displayName !== 'x') assert.equal(display_name, displayName)
    })
  }

  test('without a body takes the options of the last time', async (t) => {
    const { hub, token, server } = await hubWithAda(t)
    await hub.call('POST', '/users/ada/server', { token, body: { a: 1 } })
    await hub.call('DELETE', '/users/ada/server', { token })

    await hub.call('POST', '/users/ada/server', { token })

    assert.deepEqual((await server()).user_options, { a: 1 })
  })

  test('with a body of the wrong kind, or a name that none may have, is refused with 400', async (t) => {
    const { hub, token } = await hubWithAda(t)
    for (const body of ['[]', '1', '"x"', '{"user_options": []}', '{"display_name": 1}', '{', '{"a":"\\u0000"}']) {
      assert.equal((await hub.call('POST', '/users/ada/server', { token, body })).statusCode, 400, body)
    }
    for (const name of ['UPPER', 'a_b', '-a', 'a'.repeat(31), 'ä']) {
      const answer = await hub.call('POST', `/users/ada/servers/${encodeURIComponent(name)}`, { token })
      assert.equal(answer.statusCode, 400, name)
    }
  })
})

describe('a stop', () => {
  test('of a server that never ran is done, of a named one that nobody knows it is 404', async (t) => {
    const { hub, token } = await hubWithAda(t)

    assert.equal((await hub.call('DELETE', '/users/ada/server', { token })).statusCode, 204)
    assert.equal((await hub.call('DELETE', '/users/ada/servers/x', { token })).statusCode, 404)
  })

  test('with remove forgets a named server, and is refused for the default one', async (t) => {
    const { hub, token } = await hubWithAda(t)
    await hub.call('POST', '/users/ada/servers/x', { token })

    const removed = await hub.call('DELETE', '/users/ada/servers/x', { token, body: { remove: true } })
    const refused = await hub.call('DELETE', '/users/ada/server', { token, body: { remove: true } })

    assert.equal(removed.statusCode, 204)
    assert.equal((await hub.call('GET', '/users/ada/servers/x', { token })).statusCode, 404)
    assert.equal(refused.statusCode, 400)
  })
})

describe('a server that is not started', () => {
  test('is made by PUT, changed by PATCH and made only once', async (t) => {
    const { hub, token } = await hubWithAda(t)

    const made = await hub.call('PUT', '/users/ada/servers/x', { token, body: { display_name: 'One' } })
    const again = await hub.call('PUT', '/users/ada/servers/x', { token })
    const changed = await hub.call('PATCH', '/users/ada/servers/x', {
      token,
      body: { name: 'y', user_options: { a: 1 } },
    })

    assert.deepEqual([made.statusCode, made.json().stopped, made.json().display_name], [201, true, 'One'])
    assert.equal(again.statusCode, 409)
    assert.deepEqual([changed.statusCode, changed.json().name, changed.json().user_options], [200, 'y', { a: 1 }])
    assert.equal((await hub.call('GET', '/users/ada/servers/x', { token })).statusCode, 404)
  })

  test('refuses changes that say nothing or something unknown, and any while it is active', async (t) => {
    const { hub, token } = await hubWithAda(t)
    await hub.call('POST', '/users/ada/servers/x', { token })
    const patch = async (body: unknown) => (await hub.call('PATCH', '/users/ada/servers/x', { token, body })).statusCode

    assert.equal(await patch({}), 400)
    assert.equal(await patch({ colour: 'blue' }), 400)
    assert.equal(await patch({ name: 1 }), 400)
    assert.equal(await patch({ display_name: 'X' }), 400)
  })

  test('may not be made where named servers are off, nor without a name', async (t) => {
    const { hub, token } = await hubWithAda(t, { allowNamedServers: false })

    assert.equal((await hub.call('PUT', '/users/ada/servers/x', { token })).statusCode, 400)
    assert.equal((await hub.call('PUT', '/users/ada/servers/', { token })).statusCode, 409)
  })
})

describe('the stream of progress', () => {
  test('of a server that is ready ends with its address at once', async (t) => {
    const { hub, token } = await hubWithAda(t)
    await hub.call('POST', '/users/ada/server', { token })

    const answer = await hub.call('GET', '/users/ada/server/progress', { token })

    assert.match(String(answer.headers['content-type']), /^text\/event-stream/)
    assert.equal(answer.headers['cache-control'], 'no-cache')
    const events = eventsIn(answer.body)
    assert.deepEqual(events[0]?.data, { progress: 0, message: 'Server requested' })
    assert.deepEqual(events.at(-1)?.data, {
      progress: 100,
      ready: true,
      message: 'Server ready at /user/ada/',
      html_message: 'Server ready at <a href="/user/ada/">/user/ada/</a>',
      url: '/user/ada/',
    })
  })

  test('goes on behind the event that the client saw last', async (t) => {
    const { hub, token } = await hubWithAda(t)
    await hub.call('POST', '/users/ada/server', { token })
    const all = eventsIn((await hub.call('GET', '/users/ada/server/progress', { token })).body)

    const headers = { 'last-event-id': all[0]!.id }
    const rest = eventsIn((await hub.call('GET', '/users/ada/server/progress', { token, headers })).body)

    assert.deepEqual(rest, all.slice(1))
    assert.ok(all.every(({ id }, index) => index === 0 || Number(id) > Number(all[index - 1]!.id)))
  })

  test('of a start that failed says why, with the log', async (t) => {
    const { hub, token } = await hubWithAda(t)
    hub.spawner.failure = { code: 'DISK_FULL', message: 'The disk is full.', hint: 'Delete something.', logTail: [] }
    await hub.call('POST', '/users/ada/server', { token })

    const last = eventsIn((await hub.call('GET', '/users/ada/server/progress', { token })).body).at(-1)?.data

    assert.equal(last?.failed, true)
    assert.match(String(last?.message), /^Spawn failed: .*The disk is full\./)
    assert.deepEqual([last?.reason?.code, last?.reason?.hint], ['DISK_FULL', 'Delete something.'])
  })

  test('of a server that is not starting is refused with 400', async (t) => {
    const { hub, token } = await hubWithAda(t)
    await hub.call('PUT', '/users/ada/servers/x', { token })

    const answer = await hub.call('GET', '/users/ada/servers/x/progress', { token })

    assert.equal(answer.statusCode, 400)
    assert.match(answer.json().message, /is not starting/)
  })

  test('reaches a client while the server starts, and ends when it is ready', async (t) => {
    const { hub, token } = await hubWithAda(t, { slowSpawnTimeoutSeconds: 0 })
    hub.spawner.hold = true
    await hub.call('POST', '/users/ada/server', { token })
    const response = await open(hub, token)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('Server requested')) text += (await reader.read()).value ?? ''

    hub.spawner.hold = false
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += chunk.value

    assert.equal(eventsIn(text).at(-1)?.data.ready, true)
  })

  test('is let go of when the client leaves', async (t) => {
    const { hub, token } = await hubWithAda(t, { slowSpawnTimeoutSeconds: 0 })
    hub.spawner.hold = true
    await hub.call('POST', '/users/ada/server', { token })
    const leaving = new AbortController()
    const response = await open(hub, token, leaving.signal)
    await response.body!.getReader().read()

    leaving.abort()

    // The hub closes at the end of this test, which would hang if the stream went on.
    assert.equal(hub.logged.filter(({ level }) => level === 'error').length, 0)
  })
})

interface StreamEvent {
  readonly id: string
  readonly data: {
    readonly message: string
    readonly ready?: boolean
    readonly failed?: boolean
    readonly reason?: { readonly code: string; readonly hint: string | null }
  }
}

function eventsIn(text: string): StreamEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const [, id, data] = /^\n*id: (\d+)\ndata: (.*)$/.exec(block) ?? []
    return id !== undefined && data !== undefined ? [{ id, data: JSON.parse(data) }] : []
  })
}

async function open(hub: TestHub, token: string, signal?: AbortSignal): Promise<Response> {
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = hub.app.server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}/hub/api/users/ada/server/progress`, {
    headers: { authorization: `token ${token}` },
    ...(signal ? { signal } : {}),
  })
}
