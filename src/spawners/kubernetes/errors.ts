import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  TEMPLATE_INVALID: {
    status: 500,
    message: (d: { template: string; part: string; known: readonly string[] }) =>
      `"${d.template}" can't be filled in: ${d.part.length > 1 ? `there is no ${d.part}` : `"${d.part}" stands alone`}.`,
    hint: 'Ask the administrator to correct it in config.yaml. A brace that is meant as such is written twice: {{ or }}.',
  },
  FIELD_NAME: {
    status: 500,
    message: (d: { trait: string; key: string }) =>
      `${d.trait} needs Kubernetes' names in camelCase; "${d.key}" is none.`,
    hint: 'Ask the administrator to correct it in config.yaml.',
  },
})
