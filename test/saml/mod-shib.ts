/** Apache with mod_shib and shibd, the genuine service provider, in front of a hub. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, keyFiles } from './pysaml2.ts'

export interface ApacheOptions {
  readonly folder: string
  readonly port: number
  readonly hubPort: number
  readonly idpEntityId: string
  readonly idpMetadata: string
  /** What it proves to the hub by that it is the web server. */
  readonly proxySecret?: string
}

export interface RunningApache extends AsyncDisposable {
  readonly url: string
  log(): string
}

const modules = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'headers',
  'proxy',
  'proxy_http',
  'mime',
  'dir',
  'alias',
]

export async function startApache(options: ApacheOptions): Promise<RunningApache> {
  const { folder, port } = options
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const listener = await freePort()
  const keys = keyFiles(folder, 'sp.example.org')
  const shib = join(folder, 'shibboleth2.xml')
  writeFileSync(shib, shibbolethXml(options, { listener, keys }))
  writeFileSync(join(folder, 'attribute-map.xml'), attributeMap)
  const conf = join(folder, 'apache.conf')
  writeFileSync(conf, apacheConf(options))
  const children: ChildProcess[] = []
  const run = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, SHIBSP_CONFIG: shib } })
    children.push(child)
  }
  run('/usr/sbin/shibd', ['-F', '-f', '-c', shib, '-p', join(folder, 'shibd.pid'), '-w', '30'])
  run('/usr/sbin/apache2', ['-f', conf, '-DFOREGROUND'])
  const url = `http://127.0.0.1:${port}`
  const log = () => ['error.log', 'shibd.log'].map((name) => readText(join(folder, name))).join('\n')
  await answers(`${url}/Shibboleth.sso/Metadata`, log)
  return {
    url,
    log,
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGTERM')
      await Promise.all(
        children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))),
      )
    },
  }
}

async function answers(url: string, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await sleep(200)
  }
  throw new Error(`mod_shib did not answer:\n${log()}`)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Only the sign-in page asks for a session: all else is for the hub's own cookies. */
function apacheConf({ folder, port, hubPort, proxySecret }: ApacheOptions): string {
  const asRoot = process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''
  return `
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
LoadModule mod_shib /usr/lib/apache2/modules/mod_shib.so
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
TypesConfig /dev/null
${asRoot}
UseCanonicalName Off
ShibConfig ${folder}/shibboleth2.xml
ProxyPreserveHost On
${proxySecret === undefined ? '' : `RequestHeader set X-Himalia-Proxy-Secret "${proxySecret}"`}
ProxyPass /Shibboleth.sso !
ProxyPass / http://127.0.0.1:${hubPort}/ upgrade=websocket
<Location />
  Require all granted
</Location>
<Location /Shibboleth.sso>
  SetHandler shib-handler
  AuthType None
  Require all granted
</Location>
<Location /hub/login>
  AuthType shibboleth
  ShibRequestSetting requireSession 1
  ShibUseHeaders On
  Require shib-session
</Location>
`
}

function shibbolethXml(
  { folder, port, idpEntityId, idpMetadata }: ApacheOptions,
  { listener, keys }: { listener: number; keys: { key: string; certificate: string } },
): string {
  writeFileSync(join(folder, 'shibd.logger'), logger(join(folder, 'shibd.log')))
  writeFileSync(join(folder, 'native.logger'), logger(join(folder, 'native.log')))
  return `<SPConfig xmlns="urn:mace:shibboleth:3.0:native:sp:config" clockSkew="180">
  <OutOfProcess logger="${folder}/shibd.logger"/>
  <InProcess logger="${folder}/native.logger"/>
  <TCPListener address="127.0.0.1" port="${listener}" acl="127.0.0.1"/>
  <ApplicationDefaults entityID="http://127.0.0.1:${port}/shibboleth" REMOTE_USER="eppn">
    <Sessions lifetime="28800" timeout="3600" relayState="ss:mem" checkAddress="false" handlerSSL="false" cookieProps="http">
      <SSO entityID="${idpEntityId}">SAML2</SSO>
      <Logout>Local</Logout>
      <Handler type="MetadataGenerator" Location="/Metadata" signing="false"/>
    </Sessions>
    <Errors supportContact="root@localhost"/>
    <MetadataProvider type="XML" validate="false" path="${idpMetadata}"/>
    <AttributeExtractor type="XML" validate="false" path="${folder}/attribute-map.xml"/>
    <AttributeFilter type="XML" validate="false" path="/etc/shibboleth/attribute-policy.xml"/>
    <CredentialResolver type="File" use="signing" key="${keys.key}" certificate="${keys.certificate}"/>
    <CredentialResolver type="File" use="encryption" key="${keys.key}" certificate="${keys.certificate}"/>
  </ApplicationDefaults>
  <SecurityPolicyProvider type="XML" validate="false" path="/etc/shibboleth/security-policy.xml"/>
  <ProtocolProvider type="XML" validate="false" reloadChanges="false" path="/etc/shibboleth/protocols.xml"/>
</SPConfig>
`
}

const logger = (file: string) => `log4j.rootCategory=INFO, file
log4j.appender.file=org.apache.log4j.FileAppender
log4j.appender.file.fileName=${file}
log4j.appender.file.layout=org.apache.log4j.BasicLayout
`

/** The ids that jhub_shibboleth_auth reads by default. */
const attributeMap = `<Attributes xmlns="urn:mace:shibboleth:2.0:attribute-map">
  <Attribute name="urn:oid:0.9.2342.19200300.100.1.3" id="mail"/>
  <Attribute name="urn:oid:1.3.6.1.4.1.5923.1.1.1.6" id="Eppn">
    <AttributeDecoder type="ScopedAttributeDecoder" caseSensitive="false"/>
  </Attribute>
  <Attribute name="urn:oid:2.5.4.3" id="cn"/>
  <Attribute name="urn:oid:2.5.4.42" id="Givenname"/>
  <Attribute name="urn:oid:2.5.4.4" id="sn"/>
</Attributes>
`
