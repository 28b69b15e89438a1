import type { Hub } from '#hub'

/** On all addresses, IPv6 and IPv4; on IPv4 alone where the kernel knows no other. */
export async function listenAnywhere(hub: Hub, port: number): Promise<void> {
  try {
    await hub.listen('::', port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAFNOSUPPORT') throw error
    await hub.listen('0.0.0.0', port)
  }
}
