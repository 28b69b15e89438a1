/** Where an environment of Python stands; `HIMALIA_PYTHON` names one of your own for the servers. */
export function environmentPath(name: string): string
