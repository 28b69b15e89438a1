import {
  type AuthenticatorClass,
  builtAuthenticators,
  findAuthenticatorClass,
  nearestAuthenticator,
} from '../authenticator-classes.ts'
import type { Findings } from '../check/findings.ts'
import { isTemplate } from '../check/kind.ts'
import type { AuthenticatorSettings, WaySettings } from '../settings.ts'
import { authenticator } from '../traits/authenticator.ts'
import { classes, lineage } from '../traits/index.ts'
import { type MapNode, nodeAt, type TreeNode } from '../yaml/tree.ts'
import { settingsOf, type TraitValues } from './trait-values.ts'

const classPath = ['hub', 'config', 'JupyterHub', 'authenticator_class']

/** The ways of signing in that the configuration names, in its order, each once. */
export function waysOf(root: MapNode | null, values: TraitValues, findings: Findings): readonly WaySettings[] {
  const chosen = new Set(
    namesWritten(values, findings).map((written) => chosenClass(written, { root, values, findings })),
  )
  return [...chosen].filter((found) => found !== null).map((found) => wayOf(found, { root, values, findings }))
}

/** The part `authenticator` of the settings. */
export function authenticatorSettings(ways: readonly WaySettings[], values: TraitValues): AuthenticatorSettings {
  const names = ways.map(({ name }) => name)
  const [first] = ways
  if (first) return { ...first.rules, classes: names }
  const traits = settingsOf(authenticator, ['Authenticator'], values)
  return { ...traits, allowAll: traits.allowAll ?? false, classes: names }
}

interface Place {
  readonly root: MapNode | null
  readonly values: TraitValues
  readonly findings: Findings
}

function wayOf(
  {
    name,
    className,
    allowsAll = false,
    hasOwnRule = false,
    asksNothing = false,
    learnsNamesOnly = false,
  }: AuthenticatorClass,
  place: Place,
): WaySettings {
  const sections = lineage(className)
  const traits = settingsOf(authenticator, sections, place.values)
  const allowAll = traits.allowAll ?? (allowsAll && traits.allowedUsers.length === 0)
  if (!(allowAll || traits.allowExistingUsers || hasOwnRule)) checkRules(sections, place)
  if (learnsNamesOnly) checkNamesOnly(name, sections, place)
  // Its classes say no where the others ask whether there is a list.
  const existing = sections.includes('OAuthenticator') ? false : null
  const autoLogin = sections.some((one) => place.values.isGiven(one, 'auto_login')) ? traits.autoLogin : asksNothing
  const table = Object.assign({}, ...sections.slice(1).map((section) => classes[section]?.table))
  return {
    id: name,
    name,
    className,
    rules: { ...traits, allowAll, autoLogin, allowExistingUsers: traits.allowExistingUsers ?? existing },
    options: settingsOf(table, sections, place.values) as WaySettings['options'],
  }
}

function namesWritten(values: TraitValues, { mode }: Findings): readonly string[] {
  const written = values.get('JupyterHub', 'authenticator_class') ?? (mode === 'cluster' ? 'dummy' : [])
  return [written].flat().filter((name) => typeof name === 'string')
}

/** null: none is meant that there is. */
function chosenClass(written: string, { root, values, findings }: Place): AuthenticatorClass | null {
  const found = findAuthenticatorClass(written)
  const node = nodeAt(root, classPath)
  const at = { place: node?.place ?? null, path: classPath }
  if (!found) {
    const meant = nearestAuthenticator(written)
    const module = /^(.+)[.:][A-Z]\w*$/.exec(written)?.[1]
    if (node && isTemplate(node)) findings.isTemplate(node.place)
    else if (module && !meant)
      findings.report('AUTHENTICATOR_OF_YOUR_OWN', at, { name: written, module, built: builtAuthenticators })
    else findings.report('AUTHENTICATOR_UNKNOWN', at, { name: written, meant, built: builtAuthenticators })
  } else if (!found.isBuilt) {
    const { title } = found
    findings.report('AUTHENTICATOR_NOT_BUILT', at, { name: written, title, built: builtAuthenticators })
    const isOld = findings.problems.some(({ code, path }) => code === 'OLD_KEY' && path === 'auth.type')
    if (isOld && !found.allowsAll) checkRules(lineage(found.className), { root, values, findings })
  }
  return found?.isBuilt ? found : null
}

/** Since JupyterHub 5 nobody may enter without a rule; whoever comes from before has to be told. */
function checkRules(sections: readonly string[], { root, values, findings }: Place): void {
  const isDecided = sections.some((one) => values.isGiven(one, 'allow_all'))
  if (isDecided || sections.some((one) => allowsSomebody(root, one))) return
  findings.report('NO_ALLOW_RULE', { place: nodeAt(root, classPath)?.place ?? null, path: classPath }, undefined)
}

/** Rules and settings that need more of somebody than a name. */
const beyondNames = [
  'admin_groups',
  'manage_groups',
  'allowed_email_domains',
  'allowed_affiliations',
  'allowed_entitlements',
]

function checkNamesOnly(way: string, sections: readonly string[], { root, findings }: Place): void {
  for (const section of sections) {
    for (const trait of beyondNames) {
      const path = ['hub', 'config', section, trait]
      const node = nodeAt(root, path)
      if (node && isFilled(node)) findings.report('LEARNS_NAMES_ONLY', { place: node.place, path }, { trait, way })
    }
  }
}

/** Whether a class's section names anybody: users, administrators, groups, organisations, domains. */
function allowsSomebody(root: MapNode | null, className: string): boolean {
  const section = nodeAt(root, ['hub', 'config', className])
  if (section?.kind !== 'map') return false
  return [...section.entries].some(
    ([name, { value }]) => /^(allow|admin_|idps$|any_allow)/.test(name) && isFilled(value),
  )
}

function isFilled(node: TreeNode): boolean {
  if (node.kind === 'scalar') return node.value !== null && node.value !== false && node.value !== ''
  return node.kind === 'list' ? node.items.length > 0 : node.entries.size > 0
}
