import { errorCatalog } from '#base/errors.ts'

/** Why metadata is not taken. The copy from before stays in use until it ends. */
export const metadataErrors = errorCatalog({
  METADATA_UNSIGNED: {
    status: 502,
    message: () => 'The metadata is not signed.',
    hint: 'A signature must be the first child of its root; take the address of the signed metadata.',
  },
  METADATA_SIGNATURE_WRONG: {
    status: 502,
    message: (d: { why: string }) => `The signature of the metadata does not hold: ${d.why}.`,
    hint: "Compare the configured certificate with the federation's present one; they change every few years.",
  },
  METADATA_EXPIRED: {
    status: 502,
    message: (d: { since: string }) => `The metadata ended on ${d.since}.`,
    hint: 'Look whether the address is still the right one, and at the clock of this machine.',
  },
  METADATA_VALIDITY_MISSING: {
    status: 502,
    message: () => 'The metadata has no validUntil, so an old copy could be passed off as the present one.',
    hint: 'Ask the federation, or set max_validity_days of this source to 0, which asks for none.',
  },
  METADATA_VALIDITY_TOO_LONG: {
    status: 502,
    message: (d: { days: number }) => `The metadata claims to be valid for more than ${d.days} days.`,
    hint: 'Ask the federation, or raise max_validity_days of this source.',
  },
  METADATA_MALFORMED: { status: 502, message: (d: { why: string }) => `This is no SAML metadata: ${d.why}.` },
  METADATA_UNREACHABLE: {
    status: 502,
    message: (d: { source: string; why: string }) => `The metadata at ${d.source} can't be read: ${d.why}.`,
  },
  METADATA_TOO_LARGE: {
    status: 502,
    message: (d: { source: string; megabytes: number }) =>
      `The metadata at ${d.source} is larger than ${d.megabytes} MB.`,
  },
})
