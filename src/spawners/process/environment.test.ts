import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderName, serverEnvironment } from './environment.ts'

test('no two user names share a folder, and none leads out of it', () => {
  const names = [
    'ada',
    'Ada',
    'ADA',
    '.',
    '..',
    '../ada',
    'a/b',
    'a%2fb',
    'a b',
    'ä',
    'ada~1',
    '',
    `${'x'.repeat(300)}`,
  ]
  names.push(`${'x'.repeat(299)}y`, `${'x'.repeat(120)}~`, 'a\0b', '~', '-rf', 'ada@example.org')

  const folders = names.map(folderName)

  assert.equal(new Set(folders).size, names.length)
  for (const folder of folders) assert.match(folder, /^(?!\.)[a-z0-9_.@%~-]{1,255}$/)
})

test('a plain name is its folder', () => {
  assert.equal(folderName('ada.lovelace@example.org'), 'ada.lovelace@example.org')
})

test("the settings win over the hub's variables, and these over the machine's; secrets of the hub stay with it", () => {
  const environment = serverEnvironment({
    hubProcess: {
      PATH: '/usr/bin',
      LANG: 'C.UTF-8',
      KEPT: 'yes',
      CONFIGPROXY_AUTH_TOKEN: 'secret',
      JUPYTERHUB_USER: 'x',
    },
    envKeep: ['KEPT'],
    binFolder: '/env/bin',
    home: '/homes/ada',
    userName: 'ada',
    shell: '/bin/bash',
    requested: { JUPYTERHUB_USER: 'ada', LANG: 'de_DE.UTF-8' },
  })

  assert.deepEqual(environment, {
    PATH: '/env/bin:/usr/bin',
    LANG: 'de_DE.UTF-8',
    KEPT: 'yes',
    HOME: '/homes/ada',
    USER: 'ada',
    SHELL: '/bin/bash',
    JUPYTERHUB_USER: 'ada',
  })
})
