import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { configCommand } from '../../src/config/index.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})
after(() => rmSync(folder, { recursive: true }))

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const code = await configCommand(argv, {
    out: (text) => {
      said.out += `${text}\n`
    },
    err: (text) => {
      said.err += `${text}\n`
    },
    color: false,
  })
  return { code, out: said.out.replaceAll(`${folder}/`, ''), err: said.err.replaceAll(`${folder}/`, '') }
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('check', () => {
  test('ends with 0 when there is nothing to say', async () => {
    assert.deepEqual(await run('check', file('fine.yaml', 'cull: {timeout: 60}\n')), {
      code: 0,
      out: 'Nothing to complain about.\n',
      err: '',
    })
  })

  test('ends with 1 and counts when there are errors', async () => {
    const { code, out } = await run('check', file('bad.yaml', 'cull: {timeoutt: 60}\nhub: {config: {X1: {}}}\n'))
    assert.equal(code, 1)
    assert.match(out, /^bad\.yaml:1:8: error: There is no key "timeoutt" below "cull"\.$/m)
    assert.match(out, /1 error, 1 warning\n$/)
  })

  test('writes JSON, and what GitHub and SARIF readers take', async () => {
    const path = file('bad.yaml', 'cull: {timeoutt: 60}\n')
    const [json, github, sarif] = await Promise.all(
      ['json', 'github', 'sarif'].map((format) => run('check', path, '--format', format)),
    )
    assert.equal(JSON.parse(json?.out ?? '')[0].code, 'KEY_UNKNOWN')
    assert.match(github?.out ?? '', /^::error file=bad\.yaml,line=1,col=8::There is no key/)
    assert.equal(JSON.parse(sarif?.out ?? '').runs[0].results[0].locations[0].physicalLocation.region.startColumn, 8)
  })

  test('takes values from the command line', async () => {
    const { code, out } = await run('check', file('fine.yaml', ''), '--set', 'cull.timeout=soon')
    assert.equal(code, 1)
    assert.match(out, /cull\.timeout should be a whole number of seconds/)
  })
})

describe('show', () => {
  test('prints merged values with their places and hides secrets', async () => {
    const a = file(
      'a.yaml',
      'hub:\n  baseUrl: /a\n  cookieSecret: s3cret-1\n  services:\n    x: {apiToken: s3cret-2}\n',
    )
    const b = file('b.yaml', 'hub:\n  baseUrl: /b\n  config:\n    GitHubOAuthenticator: {client_secret: s3cret-3}\n')

    const { out } = await run('show', a, b, '--mode', 'local')

    assert.match(out, /baseUrl: \/b {2}# b\.yaml:2/)
    assert.match(out, /apiToken: \(hidden\) {2}# a\.yaml:5/)
    assert.ok(!out.includes('s3cret'), out)
  })

  test('names the file only where there are several', async () => {
    assert.match((await run('show', file('one.yaml', '\nhub: {baseUrl: /a}\n'))).out, /baseUrl: \/a {2}# line 2$/m)
  })

  test('prints defaults when asked', async () => {
    const { out } = await run('show', file('fine.yaml', ''), '--all')
    assert.match(out, /^ {2}timeout: 3600 {2}# default$/m)
  })
})

describe('explain', () => {
  test('knows keys, traits, sections and what older charts called them', async () => {
    const [key, trait, section, old] = await Promise.all(
      ['singleuser.storage.capacity', 'hub.config.Spawner.http_timeout', 'cull', 'proxy.chp.pdb'].map((path) =>
        run('explain', path),
      ),
    )
    assert.match(key?.out ?? '', /Default: "10Gi"/)
    assert.match(trait?.out ?? '', /a whole number of seconds, at least 1/)
    assert.match(section?.out ?? '', /cull\.maxAge:/)
    assert.equal(old?.code, 0)
    assert.match((await run('explain', 'rbac.create')).out, /called it rbac\.enabled/)
  })

  test('says of a key of older charts what it is now', async () => {
    assert.match((await run('explain', 'auth.type')).out, /It is hub\.config\.JupyterHub\.authenticator_class now\./)
    assert.match((await run('explain', 'auth.github.clientId')).out, /GitHubOAuthenticator\.client_id now/)
    assert.match(
      (await run('explain', 'proxy.nginx')).out,
      /Charts 0\.4–0\.8 had this key\. There is no nginx any more/,
    )
  })

  test('names the fields of what has some', async () => {
    assert.match((await run('explain', 'singleuser.overrides')).out, /The fields of each:\n {4}users: a list of names/)
  })

  test('names the nearest key', async () => {
    assert.deepEqual(await run('explain', 'singleuser.memry.limit'), {
      code: 1,
      out: '',
      err: 'There is no key "singleuser.memry.limit". Did you mean singleuser.memory.limit?\n',
    })
  })
})

describe('upgrade of a file that let everybody in', () => {
  test('says which line to add', async () => {
    const { err } = await run('upgrade', file('old.yaml', 'auth: {type: github, github: {clientId: a}}\n'))
    assert.match(err, /Add hub\.config\.Authenticator\.allow_all: true/)
  })
})

describe('upgrade', () => {
  const old = `# The hub
hub:
  uid: 1000  # as before
auth:
  # GitHub it is
  type: github
  github:
    clientId: "123"
  admin:
    users:
      - ada  # the teacher
singleuser:
  cloudMetadata: {enabled: no}
  extraFiles:
    a: {mountPath: /a, stringData: x, mode: 0644}
`

  test('rewrites old keys, keeps comments and the way that values are written', async () => {
    const { code, out, err } = await run('upgrade', file('old.yaml', old))
    assert.equal(code, 0)
    for (const kept of [
      '# The hub',
      '# as before',
      '# GitHub it is',
      '# the teacher',
      'mode: 0644',
      'client_id: "123"',
    ]) {
      assert.ok(out.includes(kept), `${kept} is lost in\n${out}`)
    }
    assert.match(out, /authenticator_class: github/)
    assert.match(out, /blockWithIptables: true/)
    assert.doesNotMatch(out, /auth:|uid:/)
    assert.match(err, /hub\.uid \(charts 0\.4–0\.11\) is hub\.containerSecurityContext\.runAsUser now\./)
  })

  test('gives a file that needs no second time', async () => {
    const path = file('old.yaml', old)
    assert.equal((await run('upgrade', path, '--in-place')).code, 0)
    assert.equal((await run('upgrade', path)).err, 'Nothing to change.\n')
    assert.match(readFileSync(path, 'utf8'), /runAsUser: 1000/)
  })

  test('leaves a file of today alone, to the byte', async () => {
    const text = 'hub:   {baseUrl:  /a}\n\n\n# end\n'
    const path = file('today.yaml', text)
    await run('upgrade', path, '--in-place')
    assert.equal(readFileSync(path, 'utf8'), text)
  })
})

describe('diff', () => {
  test('says who may enter, what profiles change, and which values', async () => {
    const a = file('a.yaml', 'singleuser: {memory: {limit: 2G}, profileList: [{display_name: A}, {display_name: B}]}\n')
    const b = file(
      'b.yaml',
      `
hub: {config: {JupyterHub: {authenticator_class: native}, Authenticator: {admin_users: [ada]}}, cookieSecret: s3cret}
singleuser: {profileList: [{display_name: A, kubespawner_override: {mem_limit: 4G}}, {display_name: C}]}
`,
    )

    const { out } = await run('diff', a, b, '--mode', 'local')

    assert.match(out, /People sign in with native instead of a link\./)
    assert.match(out, /These are administrators, too: ada\./)
    assert.match(out, /The profile "A" has mem_limit "4G" instead of nothing\./)
    assert.match(out, /The profile "B" is gone\./)
    assert.match(out, /singleuser\.memory\.limit: "2G" → nothing/)
    assert.ok(!out.includes('s3cret'), out)
  })
})

describe('types', () => {
  test('prints what an editor needs', async () => {
    assert.match((await run('types')).out, /export type PreSpawn = /)
  })
})

describe('diff of options', () => {
  test('says what of the choices is new, gone or other', async () => {
    const options = (choices: string) =>
      `singleuser: {profileList: [{display_name: A, profile_options: {size: {display_name: Size, choices: ${choices}}}}]}\n`
    const a = file(
      'a.yaml',
      options('{s: {display_name: Small, kubespawner_override: {cpu_limit: 1}}, m: {display_name: M}}'),
    )
    const b = file(
      'b.yaml',
      options('{s: {display_name: Small, kubespawner_override: {cpu_limit: 2}}, l: {display_name: L}}'),
    )
    const { out } = await run('diff', a, b, '--mode', 'cluster')
    assert.deepEqual(out.trim().split('\n'), [
      '- The profile "A", "Size": the choice "Small" has cpu_limit 2 instead of 1.',
      '- The profile "A", "Size": the choice "L" is new.',
      '- The profile "A", "Size": the choice "M" is gone.',
    ])
  })
})

describe('The command line', () => {
  test('ends with 2 when it is not understood', async () => {
    for (const argv of [
      ['check'],
      ['check', '--no-such'],
      ['nothing'],
      ['explain'],
      ['diff', 'a'],
      ['upgrade', '/none'],
    ]) {
      assert.equal((await run(...argv)).code, 2, argv.join(' '))
    }
  })

  test('has help for each command', async () => {
    for (const name of ['check', 'show', 'explain', 'upgrade', 'types', 'diff']) {
      assert.match((await run(name, '--help')).out, new RegExp(`^Usage: himalia config ${name} `))
    }
  })
})
