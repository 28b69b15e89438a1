// Turns the times on the page, which are in UTC, into the reader's own.
const language = document.documentElement.lang
const full = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** “3 hours ago”, as text for a `time` element, whose title then tells exactly. */
export function tellTime(element) {
  const at = new Date(element.dateTime)
  const seconds = (at.getTime() - Date.now()) / 1000
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60]
  element.textContent =
    Math.abs(seconds) > 30 * 86_400 ? full.format(at) : relative.format(Math.round(seconds / size), unit)
  element.title = full.format(at)
}

for (const element of document.querySelectorAll('time[datetime]')) tellTime(element)
