/** Why images can't be built for tests on this machine, in one sentence; null if they can. */
export function whyNoImages(): string | null
