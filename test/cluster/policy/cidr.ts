/** IPv4 blocks as numbers. */
interface Block {
  readonly first: number
  readonly bits: number
}

/** The blocks that are left of `cidr`, as few as can be; iptables knows no exceptions. IPv6 is left out. */
export function withoutExceptions(cidr: string, exceptions: readonly string[]): string[] {
  if (cidr.includes(':')) return []
  return subtract(parse(cidr), exceptions.filter((each) => !each.includes(':')).map(parse)).map(format)
}

function subtract(block: Block, exceptions: readonly Block[]): Block[] {
  if (exceptions.some((each) => contains(each, block))) return []
  if (!exceptions.some((each) => contains(block, each))) return [block]
  const bits = block.bits + 1
  const halves = [block.first, block.first + sizeOf(bits)]
  return halves.flatMap((first) => subtract({ first, bits }, exceptions))
}

const sizeOf = (bits: number) => 2 ** (32 - bits)

function contains(outer: Block, inner: Block): boolean {
  return outer.bits <= inner.bits && Math.floor(inner.first / sizeOf(outer.bits)) * sizeOf(outer.bits) === outer.first
}

function parse(cidr: string): Block {
  const [address = '', length = '32'] = cidr.split('/')
  const bits = Number(length)
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return { first: Math.floor(number / sizeOf(bits)) * sizeOf(bits), bits }
}

function format({ first, bits }: Block): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`
}
