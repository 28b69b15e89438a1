import { errorCatalog } from '#base/errors.ts'

/** Why a document can't be read. */
export const errors = errorCatalog({
  XML_MALFORMED: { status: 400, message: (d: { why: string }) => `This is no well-formed XML: ${d.why}` },
  XML_FORBIDDEN: { status: 400, message: (d: { what: string }) => `The XML holds ${d.what}, which is refused.` },
  XML_TOO_LARGE: {
    status: 400,
    message: (d: { depth: number; nodes: number }) =>
      `The XML has more than ${d.nodes} elements and attributes, or more than ${d.depth} levels.`,
  },
})
