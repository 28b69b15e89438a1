// Shows a start as it goes on. The browser reconnects by itself and asks for what it missed (Last-Event-ID).
const { texts } = window.jhdata
const page = document.getElementById('pending')
const frame = document.getElementById('progress-frame')
const bar = document.getElementById('progress-bar')
const message = document.getElementById('progress-message')
const log = document.getElementById('progress-log')
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium' })

function show({ progress, message: text }) {
  if (typeof progress === 'number') {
    frame.setAttribute('aria-valuenow', String(progress))
    bar.style.width = `${progress}%`
  }
  if (!text) return
  message.textContent = text
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 20
  const time = document.createElement('time')
  time.textContent = clock.format(new Date())
  const words = document.createElement('span')
  words.textContent = text
  const line = document.createElement('li')
  line.append(time, words)
  log.append(line)
  if (isAtEnd) log.scrollTop = log.scrollHeight
}

const events = new EventSource(page.dataset.progressUrl)

events.addEventListener('message', ({ data }) => {
  const event = JSON.parse(data)
  show(event)
  if (!event.ready && !event.failed && !event.stopped) return
  events.close()
  if (event.ready) {
    message.textContent = texts['pending.ready']
    return window.location.replace(page.dataset.url)
  }
  // The page at this address now tells why.
  if (event.failed) bar.classList.add('bg-danger')
  window.location.reload()
})

events.addEventListener('error', () => {
  message.textContent = texts['pending.lost']
  // Closed for good: the server is not starting any more, or the sign-in has ended. The page knows.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => window.location.reload(), 2000)
})
