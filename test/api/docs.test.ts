import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { allRoutes, notBuiltList, openapi, routeTable } from '#api'

const file = join(import.meta.dirname, '..', '..', 'docs', 'api.md')

function filled(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`]
  return `${text.slice(0, text.indexOf(start) + start.length)}${content}\n${text.slice(text.indexOf(end))}`
}

test('docs/api.md lists the routes of the contract', () => {
  const text = readFileSync(file, 'utf8')
  const wanted = filled(filled(text, 'routes', routeTable()), 'not built', notBuiltList())
  if (process.env.UPDATE) writeFileSync(file, wanted)

  assert.equal(process.env.UPDATE ? wanted : text, wanted, 'run UPDATE=1 node --test test/api/docs.test.ts')
})

test('the OpenAPI document has every route, and every name in a path as a parameter', () => {
  const { paths } = openapi('1', '/hub/api') as { paths: Record<string, Record<string, Operation>> }

  assert.equal(new Set(allRoutes.map(({ id }) => id)).size, allRoutes.length)
  for (const { method, path, id } of allRoutes) {
    const operation = paths[path]?.[method.toLowerCase()]
    assert.equal(operation?.operationId, id)
    const inPath = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`)
    assert.deepEqual(inPath, path.match(/\{\w+\}/g) ?? [])
  }
})

interface Operation {
  readonly operationId: string
  readonly parameters: { readonly in: string; readonly name: string }[]
}
