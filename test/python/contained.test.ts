/** What code may not do, or does wrong: it is named at its line, and everything else goes on. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { loadConfig, type Problem } from '#config'
import { type Hooks, openHooks } from '#hooks'

const user = { name: 'ada', admin: false, groups: [] }
const server = { user, name: '', options: {}, authState: { access_token: 'a-very-secret-token' } }

/** Each line of the map is what pre_spawn_hook does for the user of that name. */
const deeds: Readonly<Record<string, string>> = {
  fine: 'spawner.environment["OK"] = "1"',
  endless: 'while True: pass',
  stubborn: 'while True:\n        try:\n            while True: pass\n        except BaseException: pass',
  greedy: 'x = [bytearray(2**24) for _ in range(100)]',
  raising: 'raise ValueError("no room for " + spawner.user.name)',
  leaving: 'import sys; sys.exit(3)',
  shell: 'import os; os.system("touch /tmp/himalia-was-here")',
  program: 'import subprocess; subprocess.run(["ls"])',
  socket: 'import socket; socket.create_connection(("127.0.0.1", 22))',
  outside: 'open("/etc/passwd")',
  changing: 'open("/etc/campus.txt", "w")',
  script: 'import js',
  native: 'import ctypes',
  missing: 'import azure.storage',
  printing:
    'print(spawner.user._auth_state); print(get_config("hub.config.DummyAuthenticator.password")); raise ValueError("a-very-secret-token")',
  database: 'spawner.db.query(1)',
  now: 'import requests; spawner.environment["A"] = requests.get(URL, params={"q": "1"}, timeout=3).json()["q"]',
  later:
    'from tornado.httpclient import AsyncHTTPClient as C; spawner.environment["A"] = (await C().fetch(URL + "?q=2")).body.decode()',
  library: 'import urllib.request as u; spawner.environment["A"] = u.urlopen(URL + "?q=3").read().decode()',
  nobody: 'import requests; requests.get("http://127.0.0.1:1/")',
  reading: 'spawner.environment["A"] = open("/etc/campus.txt").read()',
}

const configOf = (url: string) => {
  const cases = Object.entries(deeds).map(([name, deed]) => `async def ${name}(spawner):\n    ${deed}\n`)
  return JSON.stringify({
    hub: {
      hookTimeout: 3,
      config: { JupyterHub: { authenticator_class: 'dummy' }, DummyAuthenticator: { password: 'the-password-of-all' } },
      extraFiles: { campus: { mountPath: '/etc/campus.txt', stringData: 'north' } },
      extraConfig: {
        '10-deeds': [
          `URL = ${JSON.stringify(url)}`,
          ...cases,
          'c.Spawner.pre_spawn_hook = lambda spawner: globals()[spawner.user.name](spawner)',
        ].join('\n'),
      },
    },
  })
}

describe('Python that does what it may not', () => {
  const printed: string[] = []
  const asked = createServer(({ url, headers }, answer) => {
    const { searchParams } = new URL(url ?? '', 'http://x')
    answer.setHeader('content-type', 'application/json')
    answer.end(JSON.stringify({ q: searchParams.get('q'), agent: headers['user-agent'] ?? '' }))
  })
  let hooks: Hooks

  before(async () => {
    await new Promise<void>((resolve) => asked.listen(0, '127.0.0.1', resolve))
    const { port } = asked.address() as AddressInfo
    const { settings, problems } = await loadConfig({ text: configOf(`http://127.0.0.1:${port}/`) })
    assert.ok(settings, JSON.stringify(problems))
    hooks = openHooks(
      () => settings.hooks,
      // Safe: nothing else of the log is used.
      { info: ({ line }: { line: string }) => printed.push(line) } as never,
    )
  })
  after(async () => {
    await hooks.close()
    asked.close()
  })

  const start = (name: string) =>
    hooks.prepareSpawner({
      ...server,
      user: { ...user, name },
      userId: 1,
      traits: { environment: {} },
      environment: {},
    })

  async function refusal(name: string): Promise<string> {
    const error = await start(name).then(
      () => assert.fail(`${name} was not refused`),
      (reason: Error) => reason,
    )
    assert.deepEqual(await start('fine'), { override: { environment: { OK: '1' } } }, 'the next call is served')
    return error.message
  }

  for (const [name, expected] of Object.entries({
    endless: /^The hook prepareSpawner \(hub\.extraConfig\.10-deeds, line 6\) did not end within 3 s\.$/,
    stubborn: /did not end within 3 s/,
    greedy:
      /^It took more memory than code of one's own is given.* \(prepareSpawner, hub\.extraConfig\.10-deeds, line \d+\)$/,
    raising: /^ValueError: no room for raising \(/,
    leaving: /^It tried to end the hub: sys\.exit\(3\)/,
    shell: /^Starting a program \(os\.system\) is not possible .* init container/,
    program: /^Starting a program \(subprocess\.run\)/,
    socket: /^Opening a socket \(socket\.create_connection\) .* go through the hub/,
    outside: /FileNotFoundError.*Only files of hub\.extraFiles are there/,
    changing: /PermissionError.*write to \/tmp/,
    script: /^JavaScript is not possible/,
    native: /^Native code \(ctypes\)/,
    missing: /^The package azure is not there\. .*hub\.python\.image/,
    database: /^The database of the hub\.query is not possible .* REST API/,
    nobody: /^ConnectionError: /,
  }))
    test(`${name}: is told, and the hub goes on`, async () => assert.match(await refusal(name), expected))

  test('secrets are kept out of what it prints and throws', async () => {
    const message = await refusal('printing')
    assert.match(message, /^ValueError: \[secret\] \(/)
    assert.deepEqual(
      printed.filter((line) => /secret-token|the-password/.test(line)),
      [],
    )
    assert.ok(printed.includes('[secret]'), printed.join('\n'))
  })

  for (const [name, value] of Object.entries({
    now: '1',
    later: '{"q":"2","agent":"node"}',
    library: '{"q":"3","agent":"node"}',
    reading: 'north',
  }))
    test(`${name}: what is asked of others comes through the hub`, async () =>
      assert.deepEqual(await start(name), { override: { environment: { A: value } } }))

  test('nothing of it reached the machine', async () => {
    const { existsSync } = await import('node:fs')
    assert.equal(existsSync('/tmp/himalia-was-here'), false)
  })
})

test('code that never ends while it is loaded refuses the start, at its line', async () => {
  const { settings, problems } = await loadConfig({
    text: 'hub:\n  hookTimeout: 1\n  extraConfig:\n    a: |\n      def f(): pass\n      while True:\n        f()\n',
  })

  assert.equal(settings, null)
  assert.deepEqual(
    problems.filter(isError).map(({ line, message }) => [line >= 5, message]),
    [[true, 'The code "a" can\'t run. It did not come to an end.']],
  )
})

const isError = ({ severity }: Problem) => severity === 'error'
