/** The registry in a process of its own: the bench waits for its contenders without turning. */
import { startRegistry } from '../../test/images/registry-server.ts'

const { host } = await startRegistry()
process.stdout.write(`${host}\n`)
process.once('SIGTERM', () => process.exit())
