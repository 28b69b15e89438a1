import { textAt } from '../claims.ts'
import { denied } from '../denials.ts'
import { origin } from '../options.ts'
import type { Provider } from '../provider.ts'
import { stripDomain } from '../username.ts'

/** The learning platform: its profile says who it is. */
export const canvas: Provider = {
  userKey: 'canvas_user',
  service: 'Canvas',
  env: 'CANVAS',
  usernameClaim: 'primary_email',
  scope: [],
  subjectField: 'id',
  endpoints: ({ canvasUrl = '' }) => {
    const site = origin(canvasUrl)
    return {
      authorizeUrl: `${site}/login/oauth2/auth`,
      tokenUrl: `${site}/login/oauth2/token`,
      userdataUrl: `${site}/api/v1/users/self/profile`,
    }
  },
  userName({ user }, { usernameClaim, stripEmailDomain = '' }) {
    const claim = usernameClaim || canvas.usernameClaim
    const name = textAt(user, claim)
    return name === null ? denied.claimMissing(claim, user) : stripDomain(name, stripEmailDomain)
  },
}
