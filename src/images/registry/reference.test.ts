import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isImageName, parseReference } from './reference.ts'

for (const name of [
  'image',
  'image:tag',
  'user/image',
  'registry.example.org/user/image',
  'registry.example.org:5000/a/b/c:1.2_x-y',
  'localhost/image',
  'a.B.c/image',
  'image__a/b--c',
  `image@sha256:${'0'.repeat(64)}`,
]) {
  test(`${name} is an image's name`, () => assert.ok(isImageName(name)))
}

for (const name of [
  '_x',
  'a..b',
  'Image',
  'image:',
  'image:-x',
  'a/',
  '/a',
  'a b',
  `image@sha256:${'0'.repeat(8)}`,
  'a/B',
]) {
  test(`${name} is no image's name`, () => assert.ok(!isImageName(name)))
}

test('a name without a registry is of Docker Hub', () => {
  assert.deepEqual(parseReference('ubuntu:24.04'), {
    registry: 'registry-1.docker.io',
    repository: 'library/ubuntu',
    tag: '24.04',
    digest: null,
  })
  assert.equal(parseReference('docker.io/jupyter/base').repository, 'jupyter/base')
})

test('a registry has a dot, a port, or is localhost', () => {
  assert.equal(parseReference('registry:5000/a').registry, 'registry:5000')
  assert.equal(parseReference('localhost/a/b').repository, 'a/b')
  assert.equal(parseReference('course/a').registry, 'registry-1.docker.io')
})
