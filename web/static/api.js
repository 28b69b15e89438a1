// The REST API as the signed-in person.
const { base_url: hub, xsrf_token: xsrf } = window.jhdata

/** The JSON of the answer, or null without any. Throws an Error with the hub's own sentence. */
export async function call(method, path, body) {
  const headers = { accept: 'application/jupyterhub-pagination+json, application/json', 'x-xsrftoken': xsrf }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const answer = await fetch(`${hub}api/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const data = text === '' ? null : JSON.parse(text)
  if (!answer.ok) throw new Error(data?.message ?? answer.statusText)
  return data
}

/** The path of a server in the API. */
export function serverPath(user, server) {
  const start = `users/${encodeURIComponent(user)}`
  return server === '' ? `${start}/server` : `${start}/servers/${encodeURIComponent(server)}`
}
