import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { defaultOptions, readOptions } from './options.ts'

describe('the flags', () => {
  test('of a chart are understood: an empty address means all interfaces', () => {
    const argv = [
      '--ip=',
      '--port=8000',
      '--api-ip=',
      '--api-port=8001',
      '--default-target=http://hub:8081',
      '--error-target',
      'http://hub:8081/hub/error',
    ]

    assert.deepEqual(readOptions(argv, { CONFIGPROXY_AUTH_TOKEN: 't' }), {
      ...defaultOptions,
      apiIp: '',
      authToken: 't',
      defaultTarget: 'http://hub:8081',
      errorTarget: 'http://hub:8081/hub/error',
    })
  })

  test('left out have their defaults; the API is one port above', () => {
    assert.deepEqual(readOptions([], {}), defaultOptions)
    assert.equal(readOptions(['--port', '80'], {})?.apiPort, 81)
    assert.equal(readOptions(['--port', '0'], {})?.apiPort, 0)
  })

  test('asking for help give nothing else', () => assert.equal(readOptions(['--port', '80', '--help'], {}), null))

  const wrong: [argv: string[], code: string, named: RegExp][] = [
    [['--ssl-key', 'x'], 'PROXY_FLAG_NEEDS', /--ssl-cert/],
    [['--ssl-ca', 'x'], 'PROXY_FLAG_UNSUPPORTED', /--ssl-ca/],
    [['--no-include-prefix'], 'PROXY_FLAG_UNSUPPORTED', /--no-include-prefix/],
    [['--host-routing'], 'PROXY_FLAG_UNSUPPORTED', /--host-routing/],
    [['--prot', '80'], 'PROXY_FLAG_UNKNOWN', /--prot/],
    [['80'], 'PROXY_FLAG_UNKNOWN', /80/],
    [['--port'], 'PROXY_FLAG_VALUE', /--port/],
    [['--port', '80a'], 'PROXY_FLAG_VALUE', /80a/],
    [['--port', '65536'], 'PROXY_FLAG_VALUE', /65536/],
    [['--log-level', 'loud'], 'PROXY_FLAG_VALUE', /loud/],
    [['--default-target', 'hub:8081'], 'PROXY_TARGET_INVALID', /scheme/],
  ]
  for (const [argv, code, named] of wrong) {
    test(`${argv.join(' ')} is refused by name`, () => {
      assert.throws(
        () => readOptions(argv, {}),
        (error: Error & { code: string }) => error.code === code && named.test(error.message),
      )
    })
  }
})

test('TLS needs both halves, and what belongs to TLS needs it', () => {
  const files = ['--ssl-key', 'k', '--ssl-cert', 'c']
  assert.deepEqual(readOptions([...files, '--redirect-port', '80', '--hsts', 'max-age=1'], {})?.tls, {
    source: { kind: 'files', key: 'k', cert: 'c', passphrase: null },
    ciphers: null,
    redirectPort: 80,
    redirectTo: null,
    hsts: 'max-age=1',
  })
  for (const half of [files.slice(0, 2), files.slice(2), ['--redirect-port', '80'], ['--hsts', 'x']])
    assert.throws(() => readOptions(half, {}), { code: 'PROXY_FLAG_NEEDS' })
})

test('the token may stand in a file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'himalia-')), 'token')
  writeFileSync(file, 'secret\n')
  assert.equal(readOptions([], { CONFIGPROXY_AUTH_TOKEN_FILE: file })?.authToken, 'secret')
  for (const more of [{ CONFIGPROXY_AUTH_TOKEN: 'x' }, { CONFIGPROXY_AUTH_TOKEN_FILE: `${file}-none` }])
    assert.throws(() => readOptions([], { CONFIGPROXY_AUTH_TOKEN_FILE: file, ...more }), { code: 'PROXY_FLAG_VALUE' })
})
