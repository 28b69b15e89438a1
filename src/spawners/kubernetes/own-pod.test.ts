import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '#kube'
import { attemptAnnotation, idAnnotation } from './metadata.ts'
import { withHook } from './own-pod.ts'

// Safe: what is looked at is here.
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'jupyter-ada',
    namespace: 'class',
    labels: { app: 'jupyterhub', component: 'singleuser-server', note: 'ours' },
    annotations: { [idAnnotation]: '7', [attemptAnnotation]: '2', note: 'x' },
  },
  spec: { containers: [{ name: 'notebook', image: 'a:1' }] },
} as unknown as Pod

test('without a hook the pod is as it was', async () => assert.equal(await withHook(pod, {}), pod))

test('a hook may change anything but what the pod is found again by', async () => {
  const changed = await withHook(pod, {
    modifyPod: async () => ({
      metadata: { name: 'other', labels: { team: 'a', component: 'mine' }, annotations: { [idAnnotation]: '8' } },
      spec: { containers: [{ name: 'notebook', image: 'b:2' }], hostNetwork: true },
    }),
  })
  assert.deepEqual(changed, {
    metadata: {
      name: 'jupyter-ada',
      namespace: 'class',
      labels: { team: 'a', app: 'jupyterhub', component: 'singleuser-server' },
      annotations: { [idAnnotation]: '7', [attemptAnnotation]: '2' },
    },
    spec: { containers: [{ name: 'notebook', image: 'b:2' }], hostNetwork: true },
  })
})

test('what is no pod is refused in words', async () => {
  for (const wrong of [{}, { metadata: {} }, { metadata: {}, spec: { containers: [] } }])
    await assert.rejects(withHook(pod, { modifyPod: async () => wrong }), /no pod with metadata and a spec/)
})
