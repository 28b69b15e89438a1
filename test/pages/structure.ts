/** What is wrong with a page's markup, as far as its text shows; for the rest there is a browser. */

const empty = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'])
const drawn = new Set(['circle', 'path'])

export function problemsOf(html: string): string[] {
  const body = html.replace(/<!--[\s\S]*?-->/g, '').replace(/(<script[^>]*>)[\s\S]*?(<\/script>)/g, '$1$2')
  const tags = [...body.matchAll(/<[a-zA-Z](?:"[^"]*"|[^">])*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, ''))
  const attributes = tags.flatMap((tag) => [...tag.matchAll(/\s([^\s=>/]+)/g)].map(([, name]) => name ?? ''))
  const ids = [...body.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id ?? '')
  return [
    ...nestingProblems(body),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id ${id} stands twice`),
    ...attributes.filter((name) => /^on|^style$/.test(name)).map((name) => `inline ${name}`),
    ...[...html.matchAll(/<script(?![^>]*\b(?:src=|type="application\/json"))[^>]*>/g)].map(([tag]) => `inline ${tag}`),
    ...unlabelled(body),
    ...[...body.matchAll(/\s(?:aria-labelledby|aria-describedby|for)="([^"]*)"/g)]
      .filter(([, id]) => !ids.includes(id ?? ''))
      .map(([text]) => `${text.trim()} leads nowhere`),
    ...[...body.matchAll(/<img(?![^>]*\salt=)[^>]*>/g)].map(() => 'picture without alt'),
    ...(/<html lang="(?:en|de)">/.test(html) ? [] : ['no language']),
    ...(/<h1[\s>]/.test(body) ? [] : ['no h1']),
    ...(/<main[\s>]/.test(body) ? [] : ['no main']),
  ]
}

function nestingProblems(body: string): string[] {
  const open: string[] = []
  const problems: string[] = []
  for (const [, slash, given = '', rest = ''] of body.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g)) {
    const name = given.toLowerCase()
    if (empty.has(name) || (drawn.has(name) && rest.endsWith('/'))) continue
    if (slash !== '/') open.push(name)
    else if (open.at(-1) === name) open.pop()
    else problems.push(`</${name}> inside <${open.at(-1)}>`)
  }
  return [...problems, ...open.map((name) => `<${name}> is not closed`)]
}

function unlabelled(body: string): string[] {
  const labels = new Set([...body.matchAll(/<label[^>]*\sfor="([^"]*)"/g)].map(([, id]) => id))
  const fields = [...body.matchAll(/<(?:input|select|textarea)(?:"[^"]*"|[^">])*>/g)].map(([tag]) => tag)
  return fields
    .filter((tag) => !/\stype="hidden"/.test(tag))
    .filter((tag) => !labels.has(/\sid="([^"]*)"/.exec(tag)?.[1]) && !/\saria-label/.test(tag))
    .map((tag) => `no label for ${tag}`)
}
