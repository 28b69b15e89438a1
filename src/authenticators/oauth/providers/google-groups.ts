/** Groups of Google Workspace, read with a service account that acts for an administrator of the domain. */
import { readFileSync } from 'node:fs'
import { importPKCS8, SignJWT } from 'jose'
import type { OwnRule } from '../../contract.ts'
import { textAt } from '../claims.ts'
import { bearer, jsonRecord } from '../http.ts'
import type { Api, Model } from '../provider.ts'
import { ownRule } from '../provider.ts'

const scope = 'https://www.googleapis.com/auth/admin.directory.group.readonly'
const directory = 'https://admin.googleapis.com'
const mostPages = 20
const mostGroups = 500

interface ByGroups {
  readonly groups: readonly string[]
  readonly isAdmin: true | null
  readonly rules: readonly OwnRule[]
}

export async function googleGroups({ user }: Model, api: Api, domain: string): Promise<ByGroups> {
  const { allowedGoogleGroups = {}, adminGoogleGroups = {}, googleServiceAccountKeys = {} } = api.options
  const wants = allowedGoogleGroups[domain] ?? []
  const admins = adminGoogleGroups[domain] ?? []
  const asked = wants.length > 0 || admins.length > 0 || api.wantsGroups
  const groups =
    asked && Object.hasOwn(googleServiceAccountKeys, domain)
      ? await groupsOf(api, domain, textAt(user, 'email') ?? '')
      : []
  const isIn = (names: readonly string[]) => names.some((name) => groups.includes(name))
  return {
    groups,
    isAdmin: isIn(admins) || null,
    rules: ownRule(api, 'allowed_google_groups', { wants, isMet: isIn(wants) }),
  }
}

/** By the part before the @, with groups that these are in where that is wanted. */
async function groupsOf(api: Api, domain: string, address: string): Promise<readonly string[]> {
  const token = await serviceToken(api, domain)
  if (token === null) return []
  const seen = new Set<string>()
  const open = [address]
  for (let key = open.shift(); key !== undefined && seen.size < mostGroups; key = open.shift()) {
    for (const group of await groupsWith(api, key, token)) {
      if (seen.has(group)) continue
      seen.add(group)
      if (api.options.includeNestedGroups) open.push(group)
    }
  }
  return [...seen].map((one) => one.split('@', 1)[0]!).sort()
}

async function groupsWith({ http, options }: Api, userKey: string, token: string): Promise<readonly string[]> {
  const base = options.googleApiUrl || directory
  const found: string[] = []
  let page = ''
  for (let count = 0; count < mostPages; count += 1) {
    const query = new URLSearchParams({ userKey, ...(page && { pageToken: page }) })
    const record = jsonRecord(await http.ask(`${base}/admin/directory/v1/groups?${query}`, { headers: bearer(token) }))
    const groups = Array.isArray(record?.groups) ? record.groups : []
    found.push(...groups.map((one) => textAt(one, 'email')).filter((email) => email !== null))
    page = textAt(record, 'nextPageToken') ?? ''
    if (page === '') break
  }
  return found
}

async function serviceToken({ http, options }: Api, domain: string): Promise<string | null> {
  const file = options.googleServiceAccountKeys?.[domain]
  const administrator = options.gsuiteAdministrator?.[domain]
  if (!file || !administrator) return null
  // Safe: Google's key files have this shape; a wrong one fails in the next lines with its name.
  const key = JSON.parse(readFileSync(file, 'utf8')) as { client_email: string; private_key: string; token_uri: string }
  const subject = administrator.includes('@') ? administrator : `${administrator}@${domain}`
  const assertion = await new SignJWT({ scope, sub: subject })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(key.client_email)
    .setAudience(key.token_uri)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(await importPKCS8(key.private_key, 'RS256'))
  const answer = await http.ask(key.token_uri, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
  })
  return textAt(jsonRecord(answer), 'access_token')
}
