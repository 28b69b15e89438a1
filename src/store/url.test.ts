import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDatabaseUrl } from './url.ts'

test('addresses are read as SQLAlchemy writes them', () => {
  const sqlite = (path: string) => ({ engine: 'sqlite', path })
  assert.deepEqual(parseDatabaseUrl('sqlite:///jupyterhub.sqlite'), sqlite('jupyterhub.sqlite'))
  assert.deepEqual(parseDatabaseUrl('sqlite:////srv/hub/a.sqlite'), sqlite('/srv/hub/a.sqlite'))
  for (const url of ['sqlite:///:memory:', 'sqlite://', 'sqlite:///']) {
    assert.deepEqual(parseDatabaseUrl(url), sqlite(':memory:'))
  }
  for (const scheme of ['postgresql', 'postgres', 'postgresql+psycopg2', 'postgresql+psycopg']) {
    assert.deepEqual(parseDatabaseUrl(`${scheme}://u:p@h:5/d?sslmode=require`), {
      engine: 'postgresql',
      connectionString: 'postgresql://u:p@h:5/d?sslmode=require',
    })
  }
})

test('what can not be used is refused without repeating its password', () => {
  for (const url of ['', 'hub.sqlite', 'oracle://u:hunter2@h/d', 'sqlite://hunter2/a']) {
    assert.throws(
      () => parseDatabaseUrl(url),
      (error: Error & { code?: string }) => error.code === 'DATABASE_URL_INVALID' && !error.message.includes('hunter2'),
    )
  }
})
