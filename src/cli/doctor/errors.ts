import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  NO_RELEASE: {
    status: 404,
    message: (d: { namespace: string; release: string | null }) =>
      d.release === null
        ? `There is no release in the namespace ${d.namespace}: no Service of a hub is there.`
        : `There is no release ${d.release} in the namespace ${d.namespace}: no Service of its hub is there.`,
    hint: 'Name the namespace with --namespace; `helm list --all-namespaces` shows where releases are.',
  },
  SEVERAL_RELEASES: {
    status: 409,
    message: (d: { namespace: string; releases: readonly string[] }) =>
      `There are several releases in the namespace ${d.namespace}: ${d.releases.join(', ')}.`,
    hint: 'Name one of them with --release.',
  },
})
