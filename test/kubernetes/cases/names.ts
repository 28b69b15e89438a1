import type { Case } from '../case.ts'

const long = 'a-very-long-name-that-is-too-long-for-sixty-four-character-labels'
const users = [
  'ada',
  'has-hyphen',
  'has.dot',
  'Capital',
  '9lives',
  '0',
  '-start',
  'end-',
  'a--b',
  'josé',
  'José@uni.de',
  '王小明',
  'İstanbul',
  'user@email.com',
  'some_user',
  'UPPER',
  '4711',
  'x'.repeat(46),
  'x'.repeat(47),
  'x'.repeat(63),
  'x'.repeat(64),
  long,
]
const servers: readonly [string, string][] = [
  ['ada', 'gpu'],
  ['user@email.com', 'Some Name'],
  ['user@email.com', 'A very long Server name, indeed!'],
  ['some_user', 'test-server!'],
  ['user-has', 'dash'],
  ['José@uni.de', 'Übung 1'],
  ['a--b', 'c--d'],
]

/** All names and every field that a template may have. */
const everyField = {
  pod_name_template: 'pod-{user_server}',
  pvc_name_template: 'home-{username}-{servername}',
  extra_annotations: {
    plain: '{username}/{servername}/{user_server}',
    raw: '{unescaped_username}/{unescaped_servername}/{userid}',
    safe: '{safe_username}/{safe_servername}/{safe_user_server}',
    escaped: '{escaped_username}/{escaped_servername}/{escaped_user_server}',
    made: '{pod_name}/{pvc_name}/{namespace}/{hubnamespace}',
    braces: '{{username}} {{}}',
    hyphen: '{servername}-',
  },
}

export const names: readonly Case[] = [
  ...users.map((user) => ({ says: `the user ${user}`, user })),
  ...servers.map(([user, server]) => ({ says: `the server ${server} of ${user}`, user, server, traits: everyField })),
  ...users.slice(0, 17).map((user) => ({
    says: `the user ${user} by the older rule`,
    user,
    traits: { ...everyField, slug_scheme: 'escape' },
  })),
  ...servers.map(([user, server]) => ({
    says: `the server ${server} of ${user} by the older rule`,
    user,
    server,
    traits: { slug_scheme: 'escape', pvc_name_template: 'claim-{username}{servername}' },
  })),
  { says: 'a template that ends with a hyphen', traits: { pod_name_template: 'x-{servername}-' } },
  { says: 'a namespace of its own for each user', user: 'José@uni.de', traits: { enable_user_namespaces: true } },
  {
    says: 'a namespace of its own by another template, with labels',
    server: 'gpu',
    traits: {
      enable_user_namespaces: true,
      user_namespace_template: 'home-of-{user_server}',
      user_namespace_labels: { who: '{username}' },
      user_namespace_annotations: { who: '{unescaped_username}' },
      pod_name_template: '{namespace}-pod',
    },
  },
  { says: 'another namespace', traits: { namespace: 'elsewhere', pod_name_template: '{namespace}-{username}' } },
  { says: 'another component', traits: { component_label: 'second-hub' } },
  {
    says: 'a name in DNS',
    traits: { services_enabled: true, dns_name_template: '{name}.{namespace}.svc.example.org' },
  },
  {
    says: 'a host name for the proxy',
    server: 'gpu',
    traits: { pod_connect_ip: 'jupyter-{username}--{servername}.{namespace}.example.org' },
  },
  {
    says: 'a host name for the proxy, whose parts end with hyphens',
    traits: { pod_connect_ip: 'jupyter-{username}-{servername}.example.org' },
  },
  { says: 'an address of the sixth version', ip: 'fd00::17' },
  { says: 'another port', traits: { port: 9999, ip: '::' } },
]
