import { existsSync } from 'node:fs'
import { listOf } from '../claims.ts'
import { type Http, jsonRecord } from '../http.ts'
import { fromEnv, type Options, origin } from '../options.ts'
import type { Provider } from '../provider.ts'

const clusterCa = '/run/secrets/kubernetes.io/serviceaccount/ca.crt'

/** The user's data are a Kubernetes object; its groups stand beside `metadata`. */
export const openshift: Provider = {
  userKey: 'openshift_user',
  service: 'OpenShift',
  env: 'OPENSHIFT',
  usernameClaim: 'metadata.name',
  scope: ['user:info'],
  subjectField: 'metadata.uid',
  endpoints: async (options, http) => {
    const auth = options.openshiftAuthApiUrl ? origin(options.openshiftAuthApiUrl) : await issuer(options, http)
    return {
      authorizeUrl: `${auth}/oauth/authorize`,
      tokenUrl: `${auth}/oauth/token`,
      userdataUrl: `${origin(options.openshiftRestApiUrl || site(options))}/apis/user.openshift.io/v1/users/~`,
    }
  },
  groupsKey: () => 'openshift_user.groups',
  async complete(model) {
    return { ...model, groups: listOf(model.user.groups) }
  },
}

function site({ openshiftUrl }: Options): string {
  return origin(openshiftUrl || fromEnv('OPENSHIFT_URL') || 'https://openshift.default.svc.cluster.local')
}

async function issuer(options: Options, http: Http): Promise<string> {
  const record = jsonRecord(await http.ask(`${site(options)}/.well-known/oauth-authorization-server`))
  return origin(typeof record?.issuer === 'string' ? record.issuer : site(options))
}

/** In the cluster, its certificate authority is at hand. */
export const defaultCa = (): string | null => (existsSync(clusterCa) ? clusterCa : null)
