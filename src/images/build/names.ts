/** Names of images, as repo2docker makes them, so that both find the other's. */

/** Letters and digits stay; every other byte becomes a dash and two hex digits. */
export function escapeName(text: string): string {
  return text.replace(/[^A-Za-z0-9]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `-${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

/** `r2dhttps-3a-2f-2fgithub-2ecom-2fbinder-2dexamples-2fconda4373085` */
export function generatedName({
  source,
  subdir,
  contentId,
}: {
  source: string
  subdir: string
  contentId: string
}): string {
  return `${escapeName(`r2d${source}${subdir}${contentId}`)}`.toLowerCase()
}
