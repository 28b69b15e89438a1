import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LocalImage } from '../engines/contract.ts'
import { judge } from './check.ts'
import { readProbe } from './probe.ts'

const image: LocalImage = {
  id: 'x',
  labels: {},
  workdir: '/home/jovyan',
  user: '1000',
  entrypoint: ['tini', '--'],
  command: [],
  platform: 'linux/amd64',
}
const good = {
  uid: '1000',
  home: '/home/jovyan',
  workdir: '/home/jovyan',
  'home-writable': 'yes',
  singleuser: '/opt/bin/jupyterhub-singleuser',
  'singleuser-version': '5.4.0',
  'lab-version': '4.4.0',
  kernels: 'python3 ',
}

function verdict(name: string, facts: Record<string, string>, more: Partial<LocalImage> = {}): string {
  const findings = judge({ image: { ...image, ...more }, facts: { ...good, ...facts }, isRunning: true })
  return findings.find((finding) => finding.name === name)?.verdict ?? 'nothing'
}

test('a good image has nothing to be told', () => {
  assert.ok(judge({ image, facts: good, isRunning: true }).every((finding) => finding.verdict === 'holds'))
})

test('an entry point that swallows the command is all that is said', () => {
  const findings = judge({ image, facts: {}, isRunning: false })

  assert.deepEqual(
    findings.map(({ name, verdict }) => [name, verdict]),
    [['start', 'fails']],
  )
})

const cases: [rule: string, facts: Record<string, string>, verdict: string, more?: Partial<LocalImage>][] = [
  ['singleuser', { singleuser: '' }, 'fails'],
  ['singleuser', { 'singleuser-version': '' }, 'fails'],
  ['singleuser', { 'singleuser-version': '0.9.4' }, 'fails'],
  ['singleuser', { 'singleuser-version': '1.5.1' }, 'warns'],
  ['singleuser', { 'singleuser-version': '2.3.1' }, 'holds'],
  ['server', { 'lab-version': '' }, 'fails'],
  ['server', { 'lab-version': '', 'notebook-version': '6.5.7' }, 'warns'],
  ['kernel', { kernels: '' }, 'warns'],
  ['user', { uid: '0' }, 'warns'],
  ['user', { uid: '1001' }, 'warns'],
  ['home', { 'home-writable': 'no' }, 'fails'],
  ['volume', {}, 'fails', { entrypoint: [`${image.workdir}/start.sh`] }],
  ['volume', {}, 'warns', { labels: { 'repo2docker.repo': 'x' } }],
  ['volume', { workdir: '/srv/repo' }, 'nothing', { labels: { 'repo2docker.repo': 'x' } }],
]

for (const [rule, facts, expected, more] of cases) {
  test(`${JSON.stringify({ ...facts, ...more })}: ${rule} ${expected}`, () => {
    assert.equal(verdict(rule, facts, more), expected)
  })
}

test('answers are found between other lines', () => {
  assert.deepEqual(readProbe(['Activating …', 'himalia:uid=1000\r', 'himalia:kernels=python3 ir ', 'himalia:bad']), {
    uid: '1000',
    kernels: 'python3 ir',
  })
})
