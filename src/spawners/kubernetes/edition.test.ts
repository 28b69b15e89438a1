import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '#kube'
import { editionIn, editionOf, withEdition } from './edition.ts'

// Safe: what is looked at is here.
const pod = {
  metadata: { name: 'jupyter-ada', annotations: { note: 'x' } },
  spec: {
    containers: [
      { name: 'beside', image: 'other:1' },
      {
        name: 'notebook',
        image: 'lab:2',
        resources: { limits: { memory: 1073741824, cpu: 2 }, requests: { cpu: 1 } },
        volumeMounts: [{ mountPath: '/shared' }, { mountPath: '/home/jovyan' }],
      },
    ],
  },
} as unknown as Pod

test("an edition is the server's image, limits and folders", () => {
  const edition = { image: 'lab:2', memory: '1073741824', cpu: '2', folders: '/home/jovyan, /shared' }

  assert.deepEqual(editionOf(pod), edition)
})

test('what is written on a pod is read again, whatever became of the pod since', () => {
  const made = withEdition(pod, { image: 'lab:2' })

  assert.deepEqual(editionIn(made.metadata), { image: 'lab:2' })
  assert.equal(made.metadata.annotations?.note, 'x')
})

test('of a pod of another hub nothing is known', () => {
  assert.equal(editionIn(pod.metadata), null)
  assert.equal(editionIn({ name: 'a', annotations: { 'hub.jupyter.org/himalia-edition': '{' } }), null)
})
