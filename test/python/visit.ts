/** A sign-in as the hub takes it: the hooks, then the rules. */
import { HimaliaError } from '#base/errors.ts'
import { afterHooks } from '../../src/hub/sign-in/admit.ts'
import { checkJudged } from '../../src/hub/sign-in/judged.ts'
import type { Hub } from './ours.ts'

/** As JupyterHub tells it: who enters, or null. */
export async function enters(
  { hooks, settings }: Hub,
  username: string,
  normalise: (name: string, rules: never) => string,
) {
  const [way] = settings.ways
  if (!way) throw new Error('There is no way in')
  try {
    const came = hooks.has('authenticator')
      ? await ownIdentity(hooks, username)
      : { issuer: 'dummy', userName: username, isAdmin: null, groups: null, attributes: {}, authState: null }
    if (!came) return null
    const identity = await afterHooks({ hooks }, came as never)
    const name = normalise(identity.userName, way.rules as never)
    const decision = checkJudged({ name, isKnown: false, identity }, way.rules)
    return { name, admin: decision.isAdmin ?? false, auth_state: identity.authState ?? null }
  } catch (error) {
    if (error instanceof HimaliaError && error.status < 500) return null
    throw error
  }
}

async function ownIdentity(hooks: Hub['hooks'], username: string) {
  const answer = await hooks.authenticate({ username, password: '' }, { clientIp: '', headers: {} })
  return typeof answer === 'string' ? null : answer
}
