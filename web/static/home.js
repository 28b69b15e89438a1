// Asks before a server is deleted or started again, and reloads the page when a server that was on its way has arrived.
for (const form of document.querySelectorAll('form[data-confirm]')) {
  form.addEventListener('submit', (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault()
  })
}

const moving = ['queued', 'starting', 'stopping']
const phases = (root) => [...root.querySelectorAll('[data-phase]')].map((element) => element.dataset.phase)
const pauseMs = 3000

async function look() {
  // What somebody is typing must not be lost to a reload.
  const isTyping = document.activeElement?.matches('input, textarea') && document.activeElement.value !== ''
  if (!document.hidden && !isTyping) {
    const answer = await fetch(window.location.href).catch(() => null)
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
    if (page && String(phases(page)) !== String(phases(document))) return window.location.reload()
  }
  setTimeout(look, pauseMs)
}

if (phases(document).some((phase) => moving.includes(phase))) setTimeout(look, pauseMs)
