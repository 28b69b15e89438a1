import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings } from '#config'
import { LiveSettings } from './index.ts'
import { restartSettings, valueAt } from './restart.ts'

const settings = defaultSettings()

test('each setting that needs a restart is one of the settings', () => {
  for (const { key, path } of restartSettings) assert.notEqual(valueAt(settings, path), undefined, key)
})

test('what needs a restart keeps its value and is named, the rest is taken', () => {
  const live = new LiveSettings(settings)
  const prepared = live.prepare({
    ...settings,
    hub: { ...settings.hub, baseUrl: '/other/', templateVars: { announcement: 'Exams' } },
  })
  live.take(prepared, 5)

  assert.equal(live.current().hub.baseUrl, settings.hub.baseUrl)
  assert.deepEqual(live.current().hub.templateVars, { announcement: 'Exams' })
  assert.deepEqual(live.state(), { at: 5, waiting: ['hub.baseUrl'], refused: null })
})

test('a refused file changes nothing and is remembered until one is taken', () => {
  const live = new LiveSettings(settings)
  live.refuse('config.yaml:1:1: error', 7)
  assert.equal(live.current(), settings)
  assert.equal(live.state().refused, 'config.yaml:1:1: error')

  live.take(live.prepare(settings), 8)
  assert.deepEqual(live.state(), { at: 8, waiting: [], refused: null })
})
