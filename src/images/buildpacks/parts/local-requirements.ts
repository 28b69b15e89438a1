/** Whether a line of a requirements file reads the repository, so that it can be installed only with all of it there. */
export function isLocalRequirement(line: string): boolean {
  const text = line.replace(/(^|\s)#.*/, '').trim()
  if (/^(-r|-c|--requirement|--constraint)(?![\w-])/.test(text) || /^-[rc]\S/.test(text)) return true
  if (text.startsWith('--pre')) return false
  if (text.startsWith('--')) {
    const [, value] = /^--[\w-]+[= ](.*)$/.exec(text) ?? []
    return value !== undefined && isLocalRequirement(value)
  }
  if (text.startsWith('-')) {
    const [, value] = /^-\w\s*(\S.*)$/.exec(text) ?? []
    return value !== undefined && isLocalRequirement(value)
  }
  if (text.includes('file://')) return true
  return (text.includes('://') ? (text.split('://')[1] ?? '') : text).startsWith('.')
}

export function hasLocalRequirements(text: string): boolean {
  return text.split(/\r?\n/).some(isLocalRequirement)
}
