// Finds institutions while one types, and remembers in this browser which were chosen. Without it links and form do.
const kept = 'himalia-institutions'
const most = 3
const waitMs = 150

const read = () => {
  try {
    const list = JSON.parse(localStorage.getItem(kept) ?? '[]')
    return Array.isArray(list)
      ? list.filter(({ entity, name }) => typeof entity === 'string' && typeof name === 'string')
      : []
  } catch {
    return []
  }
}

const write = (list) => {
  try {
    localStorage.setItem(kept, JSON.stringify(list.slice(0, most)))
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

const root = document.getElementById('institutions')
const form = document.getElementById('institutions-form')
const base = root.dataset.login

root.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-entity]')
  if (!link) return
  const { entity, name } = link.dataset
  write([{ entity, name }, ...read().filter((one) => one.entity !== entity)])
})

const before = document.getElementById('institutions-before')
for (const { entity, name } of read()) {
  const link = document.createElement('a')
  link.className = 'd-block p-3 text-decoration-none'
  const url = new URL(base, location.href)
  url.searchParams.set('entityID', entity)
  link.href = url.pathname + url.search
  link.textContent = name
  Object.assign(link.dataset, { entity, name })
  const item = document.createElement('li')
  item.className = 'list-group-item p-0'
  item.append(link)
  before.querySelector('ul').append(item)
  before.hidden = false
}

let timer = 0
let asked = 0
form?.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(find, waitMs)
})

const find = async () => {
  const number = ++asked
  const url = `${form.action.split('?')[0]}?${new URLSearchParams(new FormData(form))}`
  const answer = await fetch(url, { headers: { accept: 'text/html' } }).catch(() => null)
  if (!answer?.ok || number !== asked) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  document.getElementById('institutions-found').replaceWith(page.getElementById('institutions-found'))
}
