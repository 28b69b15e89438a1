/** What an image is made of; the same key, the same content. */
export const keyLabel = 'org.himalia.key'
