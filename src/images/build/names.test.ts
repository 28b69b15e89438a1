import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isImageName } from '../registry/reference.ts'
import { generatedName } from './names.ts'

test("a generated name is repo2docker's own", () => {
  const name = generatedName({ source: 'https://github.com/binder-examples/conda', subdir: '', contentId: '4373085' })

  assert.equal(name, 'r2dhttps-3a-2f-2fgithub-2ecom-2fbinder-2dexamples-2fconda4373085')
  assert.ok(isImageName(name))
})

test('letters of other alphabets are written byte by byte', () => {
  assert.equal(generatedName({ source: 'é', subdir: '', contentId: 'x' }), 'r2d-c3-a9x')
})
