/** The ways in, as a browser goes them. Each returns whether it came in. */
import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { signDocument } from '../../src/authenticators/saml/security/sign.ts'
import { assertionXml, eppnName, idpKey, now, posted, responseXml } from '../../test/saml/idp.ts'
import { BenchBrowser } from './browser.ts'
import type { Provider } from './provider.ts'

export type Walk = (port: number, person: string) => Promise<boolean>

export const password = 'correct horse battery'
/** Where they want to go: a page that takes nothing to render. */
const next = 'next=%2Fhub%2Fhealth'
const isIn = (browser: BenchBrowser) => browser.cookie('jupyterhub-hub-login') !== ''

export const byPassword: Walk = async (port, username) => {
  const browser = new BenchBrowser(port)
  await browser.open(`/hub/login?${next}`)
  const _xsrf = browser.cookie('_xsrf')
  await browser.open(`/hub/login?${next}&_xsrf=${encodeURIComponent(_xsrf)}`, { username, password, _xsrf })
  return isIn(browser)
}

export const byOidc =
  (provider: Provider): Walk =>
  async (port, person) => {
    const browser = new BenchBrowser(port)
    await browser.open(`/hub/login?${next}`)
    const { location } = await browser.open(`/hub/oauth_login?${next}`)
    await browser.open(`/hub/oauth_callback?${provider.approve(new URL(location), person)}`)
    return isIn(browser)
  }

export const bySaml =
  (entityId: string, acsUrl: string): Walk =>
  async (port, person) => {
    const browser = new BenchBrowser(port)
    const { location } = await browser.open(`/hub/saml/login?${next}`)
    const asked = new URL(location).searchParams
    const xml = inflateRawSync(Buffer.from(asked.get('SAMLRequest')!, 'base64')).toString()
    const inResponseTo = / ID="([^"]+)"/.exec(xml)![1]!
    const shift = Math.floor((Date.now() - now) / 1000)
    const said = {
      responseId: `_${randomBytes(16).toString('hex')}`,
      assertionId: `_${randomBytes(16).toString('hex')}`,
      recipient: acsUrl,
      destination: acsUrl,
      audience: entityId,
      inResponseTo,
      issued: shift,
      notBefore: shift - 60,
      notOnOrAfter: shift + 300,
      confirmedUntil: shift + 300,
      signedInAt: shift - 10,
      sessionUntil: shift + 3600,
      nameId: person,
      attributes: { [eppnName]: [`${person}@example.edu`] },
    }
    const SAMLResponse = posted(responseXml(signDocument(assertionXml(said), idpKey), said))
    const sent = await new BenchBrowser(port).open('/hub/saml/acs', {
      SAMLResponse,
      RelayState: asked.get('RelayState') ?? '',
    })
    if (sent.location === '') return false
    const { pathname, search } = new URL(sent.location, `http://127.0.0.1:${port}`)
    await browser.open(`${pathname}${search}`)
    return isIn(browser)
  }
