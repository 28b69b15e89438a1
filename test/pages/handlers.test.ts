import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createToken, tokensOfUser } from '#store'
import { start } from '../oauth/hub.ts'
import { pagesHub } from './hub.ts'

const url = 'http://127.0.0.1:9'
const ready = { phase: 'ready', since: start, url } as const

test('a stranger is asked to sign in and comes back', async (t) => {
  const hub = await pagesHub(t)

  for (const path of ['home', 'token', 'admin', 'spawn/ada?x=1', 'user-redirect/lab', 'user/ada/lab']) {
    const answer = await hub.browser().open(`/hub/${path}`)

    assert.equal(answer.statusCode, 302)
    assert.equal(answer.headers.location, `/hub/login?next=${encodeURIComponent(`/hub/${path}`)}`)
  }
})

test('the chosen profile is what is started', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const form = await browser.open('/hub/spawn')

  const answer = await browser.submit('/hub/spawn?next=/user/ada/lab', { profile: 'spark-environment' })

  assert.match(form.body, /value="minimal-environment"[^>]* checked/)
  assert.match(form.body, /<li>Memory: 2 GiB<\/li><li>Image: minimal-notebook:1<\/li>/)
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, '/hub/spawn-pending/ada?next=%2Fuser%2Fada%2Flab')
  assert.deepEqual(hub.servers.wishes[0]?.userOptions, { profile: 'spark-environment' })
})

test('an unknown profile and a repeated field are refused, with the form or a page', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  await browser.open('/hub/spawn')

  const unknown = await browser.submit('/hub/spawn', { profile: '<b>' })
  const repeated = await browser.request({
    method: 'POST',
    url: '/hub/spawn',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: `_xsrf=${browser.xsrf}&profile=spark-environment&profile=minimal-environment`,
  })

  assert.equal(unknown.statusCode, 400)
  assert.match(unknown.body, /There is no environment “&lt;b&gt;”/)
  assert.match(unknown.body, /id="spawn_form"/)
  assert.equal(repeated.statusCode, 400)
  assert.deepEqual(hub.servers.wishes, [])
})

test('a form without the right _xsrf starts nothing', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))

  const answer = await browser.request({
    method: 'POST',
    url: '/hub/spawn',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    payload: 'profile=spark-environment',
  })

  assert.equal(answer.statusCode, 403)
  assert.match(answer.body, /A page of another site/)
  assert.deepEqual(hub.servers.wishes, [])
})

test('a running server is replaced when its environment is switched, and only then', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  hub.servers.put({ userId: user.id, userName: 'ada', state: ready, userOptions: { profile: 'minimal-environment' } })

  const form = await browser.open('/hub/spawn/ada')
  const plain = await browser.submit('/hub/spawn/ada', { profile: 'spark-environment' })
  const switched = await browser.submit('/hub/spawn/ada', { profile: 'spark-environment', switch: '1' })

  assert.match(form.body, /Running notebooks, consoles and terminals end/)
  assert.match(form.body, /name="switch" value="1"/)
  assert.equal(plain.statusCode, 400)
  assert.equal(switched.statusCode, 303)
  assert.deepEqual(
    hub.servers.wishes.map(({ replace }) => replace),
    [true],
  )
})

test('with somewhere to go, the spawn page of a running server leads there', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  hub.servers.put({ userId: user.id, userName: 'ada', state: ready })

  const there = await browser.open('/hub/spawn/ada?next=%2Fuser%2Fada%2Flab%2Ftree%2Fx')
  const elsewhere = await browser.open('/hub/spawn-pending/ada?next=https%3A%2F%2Fevil.example%2F')

  assert.equal(there.headers.location, '/user/ada/lab/tree/x')
  assert.equal(elsewhere.headers.location, '/user/ada/')
})

test('without profiles the spawn page starts at once', async (t) => {
  const hub = await pagesHub(t, { profiles: [] })
  const browser = await hub.signedIn(await hub.addUser('ada'))

  const answer = await browser.open('/hub/spawn')

  assert.equal(answer.headers.location, '/hub/spawn-pending/ada')
  assert.equal(hub.servers.wishes.length, 1)
})

test('a link with a choice starts it, but not from a page of somebody else', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const link = '/hub/spawn?profile=spark-environment'

  const foreign = await browser.request({
    url: link,
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  })
  const asked = hub.servers.wishes.length
  const own = await browser.open(link)

  assert.equal(foreign.statusCode, 200)
  assert.match(foreign.body, /value="spark-environment"[^>]* checked/)
  assert.equal(asked, 0)
  assert.equal(own.headers.location, '/hub/spawn-pending/ada')
})

test('nobody sees, starts or stops the servers of others; an administrator does', async (t) => {
  const hub = await pagesHub(t)
  const ada = await hub.addUser('ada')
  hub.servers.put({ userId: ada.id, userName: 'ada', state: ready })
  const mallory = await hub.signedIn(await hub.addUser('mallory'))
  const admin = await hub.signedIn(await hub.addUser('admin', { admin: true }))
  await mallory.open('/hub/home')
  await admin.open('/hub/home')
  const stop = { server: '', action: 'stop' }

  for (const path of ['spawn/ada', 'spawn-pending/ada', 'user/ada/lab', 'spawn/nobody', 'user/nobody/']) {
    assert.equal((await mallory.open(`/hub/${path}`)).statusCode, 404, path)
  }
  assert.equal((await mallory.submit('/hub/spawn/ada', { switch: '1' })).statusCode, 404)
  assert.equal((await mallory.submit('/hub/servers/ada', stop)).statusCode, 404)
  assert.equal((await mallory.open('/hub/admin')).statusCode, 403)
  assert.deepEqual([hub.servers.wishes, hub.servers.stops], [[], []])

  assert.equal((await admin.open('/hub/spawn/ada')).statusCode, 200)
  assert.equal((await admin.submit('/hub/servers/ada', stop)).headers.location, '/hub/admin')
  assert.deepEqual(hub.servers.stops, [{ userId: ada.id, serverName: '', remove: false }])
})

test('the stop button of the progress page stops the server that it shows', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  hub.servers.put({ userId: user.id, userName: 'ada', name: 'b', state: { phase: 'starting', since: start } })

  const page = await browser.open('/hub/spawn-pending/ada/b')
  const [, action = '', server = ''] =
    /<form[^>]* action="([^"]*)">[\s\S]*?name="server" value="([^"]*)"[\s\S]*?id="stop"/.exec(page.body) ?? []
  const answer = await browser.submit(action, { server, action: 'stop' })

  assert.equal(answer.headers.location, '/hub/home')
  assert.deepEqual(hub.servers.stops, [{ userId: user.id, serverName: 'b', remove: false }])
})

test('a new server is named after what was typed', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  await browser.open('/hub/home')

  const answer = await browser.submit('/hub/servers/ada', { action: 'create', display_name: ' Übung  3 ' })
  const empty = await browser.submit('/hub/servers/ada', { action: 'create', display_name: ' ' })
  const odd = await browser.submit('/hub/servers/ada', { action: 'explode' })

  assert.equal(answer.headers.location, '/hub/spawn/ada/ubung-3?display_name=%C3%9Cbung+3')
  assert.deepEqual([empty.statusCode, odd.statusCode], [400, 400])
})

test('a failed start tells why, and is not repeated by itself', async (t) => {
  const hub = await pagesHub(t, { hub: { implicitSpawnSeconds: 5 } })
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  const reason = { code: 'EXITED', message: 'It ended.', hint: 'Look.', logTail: ['ModuleNotFoundError'] }
  hub.servers.put({ userId: user.id, userName: 'ada', state: { phase: 'failed', reason } })

  const visit = await browser.open('/hub/user/ada/lab')
  const { statusCode, body } = await browser.open(String(visit.headers.location))

  assert.equal(visit.headers.location, '/hub/spawn-pending/ada?next=%2Fuser%2Fada%2Flab')
  assert.equal(statusCode, 500)
  for (const text of ['It ended.', 'Look.', 'ModuleNotFoundError', 'EXITED']) assert.match(body, new RegExp(text))
  assert.doesNotMatch(body, /implicit-spawn/)
})

test('a server that is not running has a page for people and JSON for programs', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))

  const page = await browser.open('/hub/user/ada/lab')
  assert.equal(page.statusCode, 424)
  assert.match(page.body, /href="\/hub\/spawn\/ada\?next=%2Fuser%2Fada%2Flab"/)

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    for (const path of ['/hub/user/ada/api/contents', '/user/ada/lab', '/user/nobody/x']) {
      const headers = { 'content-type': 'application/octet-stream' }
      const answer = await hub.browser().request({ method, url: path, headers, payload: 'x' })

      assert.equal(answer.statusCode, 424, `${method} ${path}`)
      const body = answer.json()
      assert.deepEqual(Object.keys(body), ['message'])
      assert.match(body.message, /no longer running at \/user\/\w+\/.* http:\/\/[^/]+\/hub\/spawn\/\w+$/)
    }
  }
  const read = await browser.request({ url: '/user/ada/api/kernels', headers: { accept: '*/*' } })
  const json = await browser.request({ url: '/hub/user/ada/lab', headers: { accept: 'application/json, */*' } })
  assert.deepEqual([read.statusCode, json.statusCode], [424, 424])
})

test('an old setting answers 503 where 424 is usual', async (t) => {
  const hub = await pagesHub(t, { hub: { useLegacyStoppedServerStatusCode: true } })
  const browser = await hub.signedIn(await hub.addUser('ada'))

  assert.equal((await browser.open('/hub/user/ada/')).statusCode, 503)
  assert.equal((await browser.request({ method: 'POST', url: '/user/ada/api' })).statusCode, 503)
})

test('a running server without a route is tried again a few times, then called a loop', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  hub.servers.put({ userId: user.id, userName: 'ada', state: ready })

  const first = await browser.open('/hub/user/ada/lab?x=1')
  const last = await browser.open('/hub/user/ada/lab?redirects=4')

  assert.equal(first.headers.location, '/user/ada/lab?x=1&redirects=1')
  assert.equal(last.statusCode, 500)
  assert.match(last.body, /back and forth/)
})

test('every address leads into the hub', async (t) => {
  const hub = await pagesHub(t, { hub: { redirectToServer: false } })
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const leads = async (path: string) => String((await browser.open(path)).headers.location)

  assert.equal(await leads('/'), '/hub/')
  assert.equal(await leads('/hub'), '/hub/')
  assert.equal(await leads('/hub/'), '/hub/home')
  assert.equal(await leads('/user/ada/lab/tree/a%20b?x=%2F'), '/hub/user/ada/lab/tree/a%20b?x=%2F')
  assert.equal(await leads('/lab?x'), '/hub/lab?x')
  assert.equal(await leads('/services/grader?x'), '/services/grader/?x')
  assert.equal(
    await leads('/hub/user-redirect/git-pull?repo=a&b=c'),
    `/hub/spawn/ada?next=${encodeURIComponent('/user/ada/git-pull?repo=a&b=c')}`,
  )
  assert.equal((await browser.open('/hub/nothing')).statusCode, 404)
  assert.equal((await hub.browser().open('/')).headers.location, '/hub/')
})

test('after sign-in a person lands at their server, on its way or not', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  const lands = async () => String((await browser.open('/hub/')).headers.location)
  const reason = { code: 'EXITED', message: 'It ended.', hint: null, logTail: [] }

  assert.equal(await lands(), '/hub/spawn')
  for (const [state, place] of [
    [ready, '/user/ada/'],
    [{ phase: 'starting', since: start }, '/hub/spawn-pending/ada'],
    [{ phase: 'failed', reason }, '/hub/home'],
  ] as const) {
    hub.servers.put({ userId: user.id, userName: 'ada', state })
    assert.equal(await lands(), place)
  }
})

test('a token is shown once, does what was asked and can be revoked', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  await browser.open('/hub/token')
  const wish = { action: 'create', note: 'laptop', expires_in: '3600' }

  const made = await browser.submit('/hub/token', { ...wish, scopes: 'read:users:name!user=ada' })
  const [, secret = ''] = /id="token-result"[^>]* value="([0-9a-f]{32})"/.exec(made.body) ?? []
  const [token] = await tokensOfUser(hub.store.db, user.id, start)
  const used = await hub.browser().request({ url: '/hub/api/user', headers: { authorization: `token ${secret}` } })
  const again = await browser.open('/hub/token')
  const revoked = await browser.submit('/hub/token', { action: 'revoke', token: `a${token?.id}` })
  const twice = await browser.submit('/hub/token', { action: 'revoke', token: `a${token?.id}` })

  assert.equal(used.json().name, 'ada')
  assert.equal(token?.expires_at, start + 3_600_000)
  assert.deepEqual(token?.scopes, ['read:users:name!user=ada'])
  assert.doesNotMatch(again.body, new RegExp(secret))
  assert.match(again.body, /laptop/)
  assert.equal(revoked.statusCode, 200)
  assert.equal(twice.statusCode, 404)
})

test('a token that may not be given is refused with what was typed kept', async (t) => {
  const hub = await pagesHub(t, { hub: { tokenExpiresInMaxSeconds: 86_400 } })
  const user = await hub.addUser('ada')
  const other = await hub.addUser('grace')
  const browser = await hub.signedIn(user)
  await browser.open('/hub/token')
  const { id } = await createToken(hub.store.db, {
    userId: other.id,
    secret: 'of-grace',
    scopes: [],
    note: '',
    now: start,
  })
  const create = { action: 'create', note: 'mine', expires_in: '3600' }

  for (const fields of [
    { ...create, scopes: 'admin:users' },
    { ...create, scopes: 'nonsense' },
    { ...create, expires_in: '0' },
    { ...create, expires_in: '864000' },
    { ...create, expires_in: 'x' },
    { ...create, note: 'x'.repeat(256) },
  ]) {
    const answer = await browser.submit('/hub/token', fields)

    assert.equal(answer.statusCode, 400, JSON.stringify(fields).slice(0, 100))
    assert.match(answer.body, /role="alert"/)
  }
  assert.equal((await browser.submit('/hub/token', { action: 'revoke', token: `a${id}` })).statusCode, 404)
  assert.deepEqual(await tokensOfUser(hub.store.db, user.id, start), [])
  assert.equal((await tokensOfUser(hub.store.db, other.id, start)).length, 1)
})

test('a template of the administrator is used, and the stock one while it is broken', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'himalia-templates-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const lines: object[] = []
  const hub = await pagesHub(t, {
    hub: { templatePaths: [dir], templateVars: { announcement: '<b>Down on Friday</b>' } },
  })
  Object.assign(hub.context, { log: { ...hub.context.log, error: (fields: object) => lines.push(fields) } })
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const page =
    '{% extends "templates/page.html" %}{% block footer %}<script>1</script>Our own {{ user.name }}{% endblock %}'
  writeFileSync(join(dir, 'page.html'), page)

  const own = await browser.open('/hub/home')
  writeFileSync(
    join(dir, 'page.html'),
    '{% extends "templates/page.html" %}\n{% block footer %}{{ a.b() }}{% endblock %}',
  )
  hub.pass(5000)
  const broken = await browser.open('/hub/home')

  const [, nonce = ''] = /script-src 'self' 'nonce-([^']+)'/.exec(String(own.headers['content-security-policy'])) ?? []
  assert.ok(own.body.includes(`<script nonce="${nonce}">1</script>Our own ada`))
  assert.match(own.body, /<b>Down on Friday<\/b>/)
  assert.equal(broken.statusCode, 200)
  assert.match(broken.body, /My server/)
  assert.deepEqual(
    lines.map((line) => ({ ...line, message: null })),
    [{ template: 'home.html', file: join(dir, 'page.html'), line: 2, message: null }],
  )
})

test('a newer environment is told of, and a restart gets it with the options that were chosen', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  const newer = [
    { what: 'image', before: 'lab:1', after: 'lab:<2>' },
    { what: 'memory', before: null, after: '2147483648' },
  ]
  const server = { userId: user.id, userName: 'ada', userOptions: { profile: 'spark-environment' } }
  hub.servers.put({ ...server, state: ready, newer })

  const home = await browser.open('/hub/home')
  const german = await browser.request({ method: 'GET', url: '/hub/home', headers: { 'accept-language': 'de' } })
  const answer = await browser.submit('/hub/servers/ada', { server: '', action: 'restart' })

  assert.match(home.body, /A newer environment is ready\./)
  assert.match(home.body, /Image: lab:1 → lab:&lt;2&gt;/)
  assert.match(home.body, /Memory: none → 2 GiB/)
  assert.match(german.body, /Eine neuere Umgebung steht bereit\./)
  assert.equal(answer.headers.location, '/hub/spawn-pending/ada')
  const wish = { userId: user.id, serverName: '', userOptions: null, replace: true }
  assert.deepEqual(hub.servers.wishes, [wish])
})

test('a server that does not run is not restarted', async (t) => {
  const hub = await pagesHub(t)
  const user = await hub.addUser('ada')
  const browser = await hub.signedIn(user)
  hub.servers.put({ userId: user.id, userName: 'ada', state: { phase: 'stopped' } })

  const home = await browser.open('/hub/home')
  await browser.submit('/hub/servers/ada', { server: '', action: 'restart' })

  assert.doesNotMatch(home.body, /newer environment/)
  assert.deepEqual(hub.servers.wishes, [])
})
