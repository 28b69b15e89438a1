/** Signs with xmlsec1, which knows nothing of ours. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const canonical = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** A signature to be filled in, for the element of this ID. */
export function emptySignature(id: string, prefixes = ''): string {
  const inclusive = prefixes === '' ? '' : `<ec:InclusiveNamespaces xmlns:ec="${canonical}" PrefixList="${prefixes}"/>`
  return (
    `<ds:Signature xmlns:ds="${dsig}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${canonical}"/>` +
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>' +
    `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${dsig}enveloped-signature"/>` +
    `<ds:Transform Algorithm="${canonical}">${inclusive}</ds:Transform></ds:Transforms>` +
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>' +
    '<ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>'
  )
}

export interface SigningKey {
  readonly key: string
  readonly certificate: string
}

/** `element` is the name of the one with the ID, e.g. `EntitiesDescriptor`. */
export function signWithXmlsec1(
  xml: string,
  folder: string,
  { key, certificate }: SigningKey,
  element: string,
): string {
  const [input, output] = [join(folder, 'unsigned.xml'), join(folder, 'signed.xml')]
  writeFileSync(input, xml)
  const words = ['--sign', '--privkey-pem', `${key},${certificate}`, '--id-attr:ID', element, '--output', output, input]
  execFileSync('xmlsec1', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  return readFileSync(output, 'utf8')
}

/** Whether xmlsec1 finds that the signature holds. */
export function verifiesWithXmlsec1(xml: string, folder: string, certificate: string, element: string): boolean {
  const input = join(folder, 'verify.xml')
  writeFileSync(input, xml)
  const words = ['--verify', '--pubkey-cert-pem', certificate, '--id-attr:ID', element, input]
  try {
    execFileSync('xmlsec1', words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
