import { authenticatorContract } from '../contract.suite.ts'
import { testDeps } from '../deps.fixture.ts'
import { create } from './index.ts'

authenticatorContract({
  name: 'null',
  make: async () => create(testDeps({ id: 'null' })),
  bad: [{ username: 'ada', password: 'open sesame' }],
})
