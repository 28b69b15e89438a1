import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutExceptions } from './cidr.ts'
import type { NetworkPolicy, Pod, World } from './model.ts'
import { toRules } from './rules.ts'

const ports = [
  { name: 'web', containerPort: 8000 },
  { name: 'names', containerPort: 53, protocol: 'UDP' },
]

function pod(name: string, podIP: string, namespace = 'a'): Pod {
  const metadata = { name, namespace, labels: { app: name } }
  return { metadata, spec: { nodeName: 'node1', containers: [{ ports }] }, status: { podIP, phase: 'Running' } }
}

const web = pod('web', '10.0.0.1')
const friend = pod('friend', '10.0.0.2')
const stranger = pod('stranger', '10.0.0.3', 'b')
const namespaces = [{ metadata: { name: 'a' } }, { metadata: { name: 'b', labels: { team: 'b' } } }]
const selectWeb = { podSelector: { matchLabels: { app: 'web' } } }

/** The rules for the pod `web` under one policy of its namespace. */
function rulesFor(spec: NetworkPolicy['spec'], more: Partial<World> = {}): string[] {
  const policies = [{ metadata: { name: 'policy', namespace: 'a' }, spec: { ...selectWeb, ...spec } }]
  const rules = toRules({ pods: [web, friend, stranger], namespaces, policies, ...more }, 'node1')
  return rules.split('\n').filter((line) => /^-A HIMALIA-(INGRESS|EGRESS)/.test(line))
}

test('a pod that no policy selects has no chain', () => {
  assert.deepEqual(rulesFor({ podSelector: { matchLabels: { app: 'other' } } }), [])
})

test('a policy without rules drops all that comes in, and nothing that goes out', () => {
  assert.deepEqual(rulesFor({}), ['-A HIMALIA-INGRESS-0 -j DROP'])
})

test('a policy of both directions without rules drops all', () => {
  assert.deepEqual(rulesFor({ policyTypes: ['Ingress', 'Egress'] }), [
    '-A HIMALIA-INGRESS-0 -j DROP',
    '-A HIMALIA-EGRESS-0 -j DROP',
  ])
})

test('a rule that names nobody lets all in', () => {
  assert.deepEqual(rulesFor({ ingress: [{}] }), ['-A HIMALIA-INGRESS-0 -j RETURN', '-A HIMALIA-INGRESS-0 -j DROP'])
})

test('a pod selector alone means pods of the same namespace', () => {
  assert.deepEqual(rulesFor({ ingress: [{ from: [{ podSelector: {} }] }] }), [
    '-A HIMALIA-INGRESS-0 -s 10.0.0.1 -j RETURN',
    '-A HIMALIA-INGRESS-0 -s 10.0.0.2 -j RETURN',
    '-A HIMALIA-INGRESS-0 -j DROP',
  ])
})

test('both selectors in one peer must fit', () => {
  const namespaceSelector = { matchExpressions: [{ key: 'team', operator: 'In', values: ['b'] } as const] }
  const strangers = { namespaceSelector, podSelector: { matchLabels: { app: 'stranger' } } }
  const friends = { namespaceSelector, podSelector: { matchLabels: { app: 'friend' } } }
  assert.deepEqual(rulesFor({ ingress: [{ from: [strangers, friends] }] }), [
    '-A HIMALIA-INGRESS-0 -s 10.0.0.3 -j RETURN',
    '-A HIMALIA-INGRESS-0 -j DROP',
  ])
})

test('a port is a number, a range, a name with its protocol, or a protocol alone', () => {
  const ports = [
    { port: 80 },
    { port: 90, endPort: 99, protocol: 'UDP' },
    { port: 'web' },
    { port: 'names' },
    { protocol: 'SCTP' },
  ]
  assert.deepEqual(rulesFor({ ingress: [{ ports }] }), [
    '-A HIMALIA-INGRESS-0 -p tcp --dport 80 -j RETURN',
    '-A HIMALIA-INGRESS-0 -p udp --dport 90:99 -j RETURN',
    '-A HIMALIA-INGRESS-0 -p tcp --dport 8000 -j RETURN',
    '-A HIMALIA-INGRESS-0 -p sctp -j RETURN',
    '-A HIMALIA-INGRESS-0 -j DROP',
  ])
})

test('going out, a named port is that of the pod that is spoken to', () => {
  const other = { ...friend, spec: { nodeName: 'node1', containers: [{ ports: [{ name: 'web', containerPort: 9 }] }] } }
  const egress = [{ to: [{ podSelector: { matchLabels: { app: 'friend' } } }], ports: [{ port: 'web' }] }]
  assert.deepEqual(rulesFor({ policyTypes: ['Egress'], egress }, { pods: [web, other] }), [
    '-A HIMALIA-EGRESS-0 -d 10.0.0.2 -p tcp --dport 9 -j RETURN',
    '-A HIMALIA-EGRESS-0 -j DROP',
  ])
})

test('an exception is cut out of its block', () => {
  assert.deepEqual(withoutExceptions('10.0.0.0/30', ['10.0.0.2/32']), ['10.0.0.0/31', '10.0.0.3/32'])
  assert.deepEqual(withoutExceptions('10.0.0.0/8', ['0.0.0.0/0']), [])
  assert.deepEqual(withoutExceptions('10.0.0.7/24', ['192.168.0.0/16']), ['10.0.0.0/24'])
  assert.equal(withoutExceptions('0.0.0.0/0', ['169.254.169.254/32']).length, 32)
})

test('pods that have ended, that share the node’s network or that live elsewhere have no chain', () => {
  const ended: Pod = { ...web, status: { podIP: '10.0.0.1', phase: 'Succeeded' } }
  const shared: Pod = { ...web, spec: { ...web.spec, hostNetwork: true } }
  const elsewhere: Pod = { ...web, spec: { ...web.spec, nodeName: 'kwok1' } }
  assert.deepEqual(rulesFor({}, { pods: [ended, shared, elsewhere] }), [])
})
