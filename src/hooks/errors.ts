import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  HOOK_FAILED: {
    status: 500,
    message: (d: { hook: string; place: string; why: string }) => `${d.why} (${d.hook}, ${d.place})`,
    hint: 'This comes from code that the administrator of the hub wrote.',
  },
  HOOK_REFUSED: {
    status: 403,
    message: (d: { why: string }) => d.why,
    hint: 'This was decided by code that the administrator of the hub wrote.',
  },
  HOOK_TIMEOUT: {
    status: 504,
    message: (d: { hook: string; place: string; seconds: number }) =>
      `The hook ${d.hook} (${d.place}) did not end within ${d.seconds} s.`,
    hint: 'Look for what it waits for or does without end; hub.hookTimeout gives it more time.',
  },
  HOOK_RESULT: {
    status: 500,
    message: (d: { hook: string; place: string; expected: string }) =>
      `The hook ${d.hook} (${d.place}) should give ${d.expected}.`,
    hint: 'The types are in types/hooks.d.ts; an editor shows what does not fit.',
  },
  HOOK_BROKEN: {
    status: 500,
    message: (d: { place: string; why: string }) => `The code at ${d.place} can't be loaded: ${d.why}`,
    hint: '`himalia config check` tells about all of it.',
  },
})
