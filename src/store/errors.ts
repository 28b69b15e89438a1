import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  DATABASE_URL_INVALID: {
    status: 500,
    message: (d: { reason: string }) => `The database's address can't be used: ${d.reason}.`,
    hint: 'Write hub.db.url as sqlite:///path/to/file or postgresql://user@host/name.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    message: (d: { reason: string }) => `The database does not answer (${d.reason}).`,
    hint: 'Look whether the database runs and can be reached, then try again.',
  },
  DATABASE_BUSY: {
    status: 503,
    message: (d: { seconds: number }) => `The database was busy with other changes for ${d.seconds} seconds.`,
    hint: 'Try again. If it stays so, look for another process that holds the database.',
  },
  DATABASE_FULL: {
    status: 503,
    message: () => 'The disk that the database is on is full; nothing can be written.',
    hint: 'Make room there, or make the volume larger. The hub goes on by itself then; nothing is lost.',
  },
  DATABASE_TOO_NEW: {
    status: 500,
    message: (d: { found: number; known: number }) =>
      `The database has schema version ${d.found}; this version of Himalia knows ${d.known}.`,
    hint: 'Run the newer Himalia that wrote it, or restore the backup from before the upgrade.',
  },
  USER_EXISTS: { status: 409, message: (d: { name: string }) => `User ${d.name} already exists.` },
  GROUP_EXISTS: { status: 409, message: (d: { name: string }) => `Group ${d.name} already exists.` },
})
