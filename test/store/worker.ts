/** A second process for the tests: `node worker.ts URL count TIMES` or `node worker.ts URL open`. */
import { systemClock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import { openStore } from '#store'

const [, , url = '', work, times] = process.argv

// Both processes begin when the test says so, as close together as can be.
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
const store = await openStore(url, { log: silentLog, clock: systemClock })
if (work === 'count') {
  for (let turn = 0; turn < Number(times); turn += 1) {
    await store.transaction(async (db) => {
      const { fence } = await db
        .selectFrom('leases')
        .select('fence')
        .where('name', '=', 'count')
        .executeTakeFirstOrThrow()
      await db
        .updateTable('leases')
        .set({ fence: fence + 1 })
        .where('name', '=', 'count')
        .execute()
    })
  }
}
await store.close()
process.stdin.destroy()
