import { errorCatalog } from '#base/errors.ts'

/** Mistakes in the configuration, found at the start. */
export const configErrors = errorCatalog({
  SAML_PUBLIC_URL_MISSING: {
    status: 500,
    message: () => 'SAML needs to know the address of the hub, since what a browser says of it can be forged.',
    hint: 'Set hub.config.JupyterHub.public_url (https://hub.example.org/), or hub.config.SAMLAuthenticator.entity_id.',
  },
  SAML_NO_METADATA: {
    status: 500,
    message: () => 'SAML knows no identity provider.',
    hint: 'Set hub.config.SAMLAuthenticator.metadata to a list with a file, url or mdq.',
  },
  SAML_SOURCE_UNCLEAR: {
    status: 500,
    message: (d: { number: number }) =>
      `Entry ${d.number} of SAMLAuthenticator.metadata must have one of file, url, mdq and content.`,
  },
  SAML_SOURCE_UNSIGNED: {
    status: 500,
    message: (d: { url: string }) =>
      `The metadata at ${d.url} comes over plain http and has no certificate, so anybody on the way could change it.`,
    hint: 'Give the certificate that it is signed with, or an address that begins with https.',
  },
  SAML_KEY_UNREADABLE: {
    status: 500,
    message: (d: { what: string; why: string }) => `${d.what} can't be read: ${d.why}.`,
    hint: 'Give PEM text (-----BEGIN …) or the path of a file that the hub may read.',
  },
  SAML_KEY_WEAK: {
    status: 500,
    message: (d: { what: string }) => `${d.what} is too weak: RSA needs 2048 bits, EC one of P-256, P-384, P-521.`,
  },
  SAML_KEY_OTHER: {
    status: 500,
    message: (d: { number: number }) => `Key ${d.number} of SAMLAuthenticator.keys does not belong to its certificate.`,
  },
  SAML_XPATH_UNKNOWN: {
    status: 500,
    message: (d: { trait: string; xpath: string }) =>
      `SAMLAuthenticator.${d.trait} is ${d.xpath}, which is none of the forms that are understood.`,
    hint: 'Write //saml:NameID/text() or //saml:Attribute[@Name="…"]/saml:AttributeValue/text(), or set user_name or required_attributes instead.',
  },
  SAML_ACS_PATH: {
    status: 500,
    message: (d: { url: string }) => `SAMLAuthenticator.acs_endpoint_url can't be ${d.url}.`,
    hint: "Use a path of the hub that is free, e.g. /hub/saml/acs; /hub/login is the hub's own.",
  },
  SAML_SHIBBOLETH_DIR: {
    status: 500,
    message: (d: { file: string; why: string }) => `${d.file} can't be taken over: ${d.why}.`,
  },
})
