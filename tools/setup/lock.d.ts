/** Does `work` while no other set-up of this clone works; `note` is told when there is one to wait for. */
export function locked<T>(note: (text: string) => void, work: () => Promise<T>): Promise<T>
