/** Every sentence that a check of the keys may say, by its code. */
import type { Problem } from '../problem.ts'

interface Row {
  readonly severity: Problem['severity']
  readonly message: (detail: never) => string
  readonly hint: (detail: never) => string | null
}

const none = () => null
const where = (path: string) => (path === '' ? 'at the top level' : `below "${path}"`)

export const checkRows = {
  KEY_UNKNOWN: {
    severity: 'error',
    message: (d: { key: string; parent: string; meant: string | null; custom: boolean }) =>
      `There is no key "${d.key}" ${where(d.parent)}.`,
    hint: (d: { meant: string | null; custom: boolean }) =>
      d.meant ? `Did you mean "${d.meant}"?` : d.custom ? 'Keys of your own go below "custom".' : null,
  },
  KEY_MISPLACED: {
    severity: 'error',
    message: (d: { key: string; parent: string; right: readonly string[] }) =>
      `"${d.key}" does not belong ${where(d.parent)}${d.right.length === 1 ? `, but below "${d.right[0]?.replace(/\.[^.]+$/, '')}"` : ''}.`,
    hint: (d: { key: string; parent: string; right: readonly string[] }) => {
      const [first = ''] = d.right
      if (d.right.length > 1) return `Write it as ${d.right.join(' or ')}.`
      if (d.parent === '' && first.split('.').length === 2)
        return `Write it as ${first}: put it below "${first.split('.')[0]}:", and indent it and all that is below it by two more spaces.`
      return `Write it as ${first}.`
    },
  },
  KEY_OF_PARENT: {
    severity: 'warning',
    message: (d: { key: string }) => `"${d.key}" belongs to another chart; it has no effect here.`,
    hint: none,
  },
  VALUE_TYPE: {
    severity: 'error',
    message: (d: { path: string; expected: string; got: string; hint: string | null }) =>
      `${d.path} should be ${d.expected}, but it is ${d.got}.`,
    hint: (d: { hint: string | null }) => d.hint,
  },
  VALUE_RANGE: {
    severity: 'error',
    message: (d: { path: string; expected: string; got: string; hint: string | null }) =>
      `${d.path} should be ${d.expected}, but it is ${d.got}.`,
    hint: (d: { hint: string | null }) => d.hint,
  },
  VALUE_MISSING: {
    severity: 'error',
    message: (d: { path: string; key: string }) => `${d.path} lacks its "${d.key}".`,
    hint: none,
  },
  NUMBER_IMPRECISE: {
    severity: 'error',
    message: (d: { raw: string }) => `The number ${d.raw} is too large to be kept exactly.`,
    hint: (d: { raw: string }) => `If it is a name or an id, put it in quotes: "${d.raw}".`,
  },
  REFERENCE_FORM: {
    severity: 'error',
    message: (d: { form: string }) => `A value that stands elsewhere is written ${d.form}, and nothing else beside it.`,
    hint: none,
  },
  REFERENCE_FILE: {
    severity: 'error',
    message: (d: { file: string; why: string }) => `The value is to be read from ${d.file}, but ${d.why}.`,
    hint: () => 'The path counts from the directory of this configuration file.',
  },
  REFERENCE_SECRET: {
    severity: 'error',
    message: (d: { name: string; key: string }) => `The Secret "${d.name}" with the key "${d.key}" can't be seen here.`,
    hint: (d: { name: string }) =>
      `Create it with \`kubectl create secret generic ${d.name} …\`, or add optional: true to the reference.`,
  },
  REFERENCE_NEEDS_CLUSTER: {
    severity: 'error',
    message: (d: { name: string; key: string }) =>
      `The value stands in the Secret "${d.name}" of a cluster, which one machine hasn't got.`,
    hint: () => 'Put it into a file of its own that only you may read, and write {file: that/file} here.',
  },
  CLUSTER_ONLY: {
    severity: 'warning',
    message: (d: { list: readonly string[] }) =>
      d.list.length === 1
        ? `This needs a Kubernetes cluster and has no effect on one machine: ${d.list[0]}.`
        : `These need a Kubernetes cluster and have no effect on one machine:\n  ${d.list.join('\n  ')}`,
    hint: none,
  },
  OLD_KEY: {
    severity: 'notice',
    message: (d: { old: string; now: readonly string[]; charts: string }) =>
      `${d.old} is how charts ${d.charts} wrote it; it is read as ${d.now.join(' and ')}.`,
    hint: none,
  },
  OLD_KEY_GONE: {
    severity: 'notice',
    message: (d: { old: string; charts: string; note: string }) =>
      `${d.old} belonged to charts ${d.charts} and has no effect any more. ${d.note}`,
    hint: none,
  },
  OLD_HTTPS: {
    severity: 'notice',
    message: () => 'In charts before 0.10 https was on by default; since this file fills it in, it is taken to be on.',
    hint: () => 'Add proxy.https.enabled: true.',
  },
  OLD_KEY_UNKNOWN: {
    severity: 'warning',
    message: (d: { old: string }) => `${d.old} is none of the keys that "auth" had in older charts; it has no effect.`,
    hint: () => 'Ways of signing in are written below hub.config now.',
  },
  SUBCHART: {
    severity: 'notice',
    message: (d: { key: string }) =>
      `The values stand below "${d.key}", as a parent chart wants them; that is what is read.`,
    hint: none,
  },
  VALUES_IN_TEXT: {
    severity: 'error',
    message: (d: { key: string }) => `The values are one text below "${d.key}", and are not looked into.`,
    hint: () => 'Save that text as a file of its own, and check that.',
  },
  TEMPLATE: {
    severity: 'error',
    message: (d: { lines: readonly string[] }) =>
      d.lines.length === 1
        ? 'This value is a template that has not been filled in yet.'
        : `These values are templates that have not been filled in yet: ${d.lines.join(', ')}.`,
    hint: () => 'Check the file that Terraform, Helm or your own tool makes of this one.',
  },
  CLASS_NAME: {
    severity: 'error',
    message: (d: { name: string; meant: string | null }) =>
      `"${d.name}" is not the name of a class: it begins with a small letter.`,
    hint: (d: { meant: string | null }) =>
      d.meant ? `Did you mean ${d.meant}?` : 'Below hub.config stand classes such as JupyterHub and Authenticator.',
  },
  CLASS_UNKNOWN: {
    severity: 'warning',
    message: (d: { name: string }) => `Nothing here is called ${d.name}; what is below it has no effect.`,
    hint: none,
  },
  CLASS_MISSPELT: {
    severity: 'error',
    message: (d: { name: string; meant: string }) => `There is no class ${d.name}.`,
    hint: (d: { meant: string }) => `Did you mean ${d.meant}?`,
  },
  TRAIT_UNKNOWN: {
    severity: 'error',
    message: (d: { className: string; name: string; meant: string | null }) => `${d.className} has no trait ${d.name}.`,
    hint: (d: { meant: string | null }) => (d.meant ? `Did you mean ${d.meant}?` : null),
  },
  TRAIT_REFUSED: {
    severity: 'error',
    message: (d: { name: string; note: string }) => `${d.name} is known, but Himalia doesn't do it.`,
    hint: (d: { note: string }) => d.note,
  },
  TRAIT_HOOK: {
    severity: 'error',
    message: (d: { name: string; note: string }) => `${d.name} takes a function, and there is none in hub.config.`,
    hint: (d: { note: string }) => d.note,
  },
  TRAIT_IDLE: {
    severity: 'notice',
    message: (d: { name: string; note: string }) => `${d.name} has no effect. ${d.note}`,
    hint: none,
  },
  AUTHENTICATOR_UNKNOWN: {
    severity: 'error',
    message: (d: { name: string; meant: string | null; built: readonly string[] }) =>
      `There is no authenticator "${d.name}".`,
    hint: (d: { meant: string | null; built: readonly string[] }) =>
      d.meant ? `Did you mean ${d.meant}?` : `These are there: ${d.built.join(', ')}.`,
  },
  AUTHENTICATOR_OF_YOUR_OWN: {
    severity: 'error',
    message: (d: { name: string; module: string; built: readonly string[] }) =>
      `"${d.name}" is Python of your own (the module ${d.module}), which Himalia can't run.`,
    hint: (d: { built: readonly string[] }) =>
      `Write it as authenticator_class: custom with a few lines of TypeScript (docs/hooks.md), or use one of ${d.built.join(', ')}.`,
  },
  AUTHENTICATOR_NOT_BUILT: {
    severity: 'error',
    message: (d: { name: string; title: string; built: readonly string[] }) =>
      `"${d.name}" (${d.title}) is right, but this version of Himalia doesn't have it yet.`,
    hint: (d: { built: readonly string[] }) => `These are there: ${d.built.join(', ')}.`,
  },
  LEARNS_NAMES_ONLY: {
    severity: 'warning',
    message: (d: { trait: string; way: string }) =>
      `${d.trait} has nothing to go by: ${d.way} learns nothing but the name of who signs in.`,
    hint: () => 'allowed_users, admin_users and allowed_groups (those that the hub keeps) work with names alone.',
  },
  NO_ALLOW_RULE: {
    severity: 'warning',
    message: () =>
      'Nobody may enter: there is no rule that allows anybody. (Before JupyterHub 5 this meant everybody.)',
    hint: () =>
      'Add hub.config.Authenticator.allow_all: true, or name people in hub.config.Authenticator.allowed_users.',
  },
  CODE_FOLDED: {
    severity: 'notice',
    message: (d: { name: string }) => `The code "${d.name}" only sets values.`,
    hint: () => 'Written below hub.config it is no code, and is checked like everything else.',
  },
  CODE_IN_PYTHON: {
    severity: 'notice',
    message: (d: { name: string; note: string | null }) => `The code "${d.name}" runs in Python.`,
    hint: (d: { note: string | null }) =>
      d.note ?? 'docs/python.md says what it finds there, docs/hooks.md what does without.',
  },
  PYTHON_FAILED: {
    severity: 'error',
    message: (d: { name: string; what: string; hint: string | null }) => `The code "${d.name}" can't run. ${d.what}`,
    hint: (d: { hint: string | null }) => d.hint ?? 'docs/python.md says what can be done in Python.',
  },
  PYTHON_UNHEARD: {
    severity: 'warning',
    message: (d: { name: string; what: string; hint: string | null }) =>
      `A part of the code "${d.name}" has no effect. ${d.what}`,
    hint: (d: { hint: string | null }) => d.hint ?? 'docs/python.md lists what is called.',
  },
  HUB_IMAGE_REPLACED: {
    severity: 'notice',
    message: (d: { image: string }) => `${d.image} is an image of JupyterHub; Himalia's own runs in its place.`,
    hint: () => 'What was added to it (packages, files) has no effect here. Remove hub.image.',
  },
  HUB_IMAGE_OTHER: {
    severity: 'warning',
    message: (d: { image: string }) => `The hub will run from ${d.image}, which must hold Himalia, not JupyterHub.`,
    hint: () => 'Remove hub.image, and the image of this version is used.',
  },
  STORAGE_CLAIM_MISSING: {
    severity: 'warning',
    message: () => 'singleuser.storage.type is static, but no claim is named, so no server can start.',
    hint: () => 'Add singleuser.storage.static.pvcName: the name of a PersistentVolumeClaim.',
  },
  PLACEHOLDER: {
    severity: 'error',
    message: (d: { text: string }) => `${d.text} is a placeholder that has not been filled in.`,
    hint: () => 'Write your own value in its place, without < and >.',
  },
  COOKIE_SECRET_FORM: {
    severity: 'warning',
    message: () => 'The cookie secret is not made of 64 hex digits; its SHA-256 is used instead.',
    hint: () => 'Make one with `openssl rand -hex 32`, or leave it out: then one is made and kept.',
  },
  DATABASE_URL_MISSING: {
    severity: 'error',
    message: (d: { type: string }) => `hub.db.type is ${d.type}, but hub.db.url is not given.`,
    hint: () => 'Add for example hub.db.url: postgresql://user@host:5432/jupyterhub.',
  },
  DATABASE_NOT_SUPPORTED: {
    severity: 'error',
    message: () => 'The database is MySQL, which Himalia cannot use yet.',
    hint: () => 'Use PostgreSQL (hub.db.type: postgres) or a file (sqlite-pvc).',
  },
  SERVICE_MANAGED: {
    severity: 'error',
    message: (d: { name: string }) => `The service "${d.name}" has a command, but the hub can't start services yet.`,
    hint: () => 'Start it by other means and give the hub its url and apiToken.',
  },
  OVERRIDE_FOR_NOBODY: {
    severity: 'error',
    message: (d: { name: string }) => `"${d.name}" is for nobody.`,
    hint: () => 'Say for whom: users, groups, or admins: true.',
  },
  PROFILE_SLUG_TWICE: {
    severity: 'warning',
    message: (d: { slug: string; other: string }) => `Another profile has the slug "${d.slug}", too.`,
    hint: (d: { other: string }) => `This one is called "${d.other}" now. Give each its own display_name or slug.`,
  },
  PROFILE_NAMELESS: {
    severity: 'error',
    message: () => 'A profile needs a display_name.',
    hint: none,
  },
  PROFILE_KEY_UNKNOWN: {
    severity: 'warning',
    message: (d: { key: string; meant: string | null }) => `"${d.key}" means nothing here and has no effect.`,
    hint: (d: { meant: string | null }) => (d.meant ? `Did you mean ${d.meant}?` : null),
  },
  PROFILE_KEY_MISSPELT: {
    severity: 'error',
    message: (d: { key: string; meant: string | null }) => `"${d.key}" means nothing here.`,
    hint: (d: { meant: string | null }) => `Did you mean ${d.meant}?`,
  },
  OPTION_WITHOUT_CHOICE: {
    severity: 'error',
    message: (d: { name: string }) => `The option "${d.name}" offers no choice.`,
    hint: () => 'Give it choices, or an unlisted_choice with enabled: true.',
  },
} as const satisfies Record<string, Row>

export type CheckCode = keyof typeof checkRows
export type DetailOf<C extends CheckCode> =
  Parameters<(typeof checkRows)[C]['message']> extends [infer D] ? D : undefined
