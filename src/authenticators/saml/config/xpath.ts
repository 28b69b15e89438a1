import { idOfAttribute } from '../attributes/names.ts'
import { configErrors as errors } from './errors.ts'

export const nameIdAttribute = 'name-id'

/** The attribute that an XPath of jupyterhub-samlauthenticator leads to. Errors: SAML_XPATH_UNKNOWN. */
export function attributeOfXpath(trait: string, xpath: string): string {
  if (/^\/\/(?:\w+:)?NameID(?:\/text\(\))?$/.test(xpath.trim())) return nameIdAttribute
  const name =
    /^\/\/(?:\w+:)?Attribute\[@Name\s*=\s*(["'])([^"']+)\1\](?:\/(?:\w+:)?AttributeValue)?(?:\/text\(\))?$/.exec(
      xpath.trim(),
    )?.[2]
  if (name === undefined) throw errors.SAML_XPATH_UNKNOWN({ trait, xpath })
  return idOfAttribute(name)
}
