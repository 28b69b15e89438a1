/** Two hubs on one PostgreSQL: either dies in the middle of a class's start, and nobody loses it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUsers, allReady, config, names, serverAnswers, start } from '../harness/class.ts'
import { startHub } from '../harness/hub.ts'
import { startPostgres } from '../harness/postgres.ts'

for (const victim of ['first', 'second'] as const) {
  test(`two hubs on one PostgreSQL: the ${victim} is killed during 20 starts, all 20 become ready`, async (t) => {
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const both = `${config}${databaseOf(postgres.url)}`
    const users = names(20)
    await using first = await startHub({ config: both })
    await using second = await startHub({ config: both, dataDir: first.dataDir })
    await addUsers(first, users)
    await Promise.all(users.map((user) => start(first, user)))

    await (victim === 'first' ? first : second).kill()

    await allReady(first, users)
    for (const user of users) assert.ok(await serverAnswers(first, user), `${user}'s server answers`)
  })
}

function databaseOf(url: string): string {
  return `
  db:
    type: postgres
    url: ${url}
`
}
