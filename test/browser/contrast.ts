/**
 * Runs in the page: texts whose colour is too close to what they stand on (WCAG 2.2 AA: 4.5, or 3 for large text).
 * An expression as text, because it uses what only a browser has.
 */
export const faintTexts = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((c, index) => c * a + under[index] * (1 - a))
  const ground = (element) => {
    if (!element) return [255, 255, 255]
    const own = channels(getComputedStyle(element).backgroundColor)
    return own[3] === 0 ? ground(element.parentElement) : over(own, own[3] === undefined ? own : ground(element.parentElement))
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const faint = []
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    const text = texts.currentNode.textContent.trim()
    if (text === '' || !element.checkVisibility() || element.closest('script, noscript, :disabled')) continue
    const style = getComputedStyle(element)
    const below = ground(element)
    const [a, b] = [light(over(channels(style.color), below)), light(below)]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(text.slice(0, 40) + ': ' + ratio.toFixed(2))
  }
  return faint
})()`
