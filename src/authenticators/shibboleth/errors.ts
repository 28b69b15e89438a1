import { errorCatalog } from '#base/errors.ts'

export const shibbolethErrors = errorCatalog({
  SHIBBOLETH_HEADERS_EMPTY: {
    status: 500,
    message: () => 'ShibbolethAuthenticator.headers is empty, so there is no user name.',
    hint: 'Name the header that holds it first, or leave the setting out.',
  },
})
