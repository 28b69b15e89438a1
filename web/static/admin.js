// The table of users and servers. Its search and page stand in the address, so that they survive a reload.
import { call, serverPath } from './api.js'
import { tellTime } from './times.js'

const { texts } = window.jhdata
const text = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, hole) => String(values[hole] ?? ''))
const limit = Number(document.getElementById('admin').dataset.limit)
const rows = document.querySelector('#user-table tbody')
const labels = [...document.querySelectorAll('#user-table th')].map((heading) => heading.textContent)
const status = document.getElementById('admin-status')
const search = document.getElementById('user-search')
const previous = document.getElementById('previous-page')
const next = document.getElementById('next-page')

function wanted() {
  const query = new URLSearchParams(window.location.search)
  const offset = Number(query.get('offset') ?? 0)
  return {
    name: query.get('name_filter') ?? '',
    active: query.get('state') === 'active',
    offset: Number.isInteger(offset) ? Math.max(offset, 0) : 0,
  }
}

function go({ name, active, offset }) {
  const query = new URLSearchParams()
  if (name !== '') query.set('name_filter', name)
  if (active) query.set('state', 'active')
  if (offset > 0) query.set('offset', String(offset))
  history.pushState(null, '', `?${query}`)
  return load()
}

async function load() {
  const { name, active, offset } = wanted()
  search.elements.name_filter.value = name
  search.elements.state.checked = active
  const query = new URLSearchParams({ include_stopped_servers: '1', offset, limit, sort: 'name' })
  if (name !== '') query.set('name_filter', name)
  if (active) query.set('state', 'active')
  try {
    const { items, _pagination: page } = await call('GET', `users?${query}`)
    rows.replaceChildren(...items.flatMap(userRows))
    const values = { from: offset + 1, to: offset + items.length, total: page.total }
    status.textContent = items.length === 0 ? text('admin.none') : text('admin.range', values)
    previous.disabled = offset === 0
    next.disabled = page.next === null
  } catch (error) {
    status.textContent = text('admin.failed', { message: error.message })
  }
}

function userRows(user) {
  const servers = Object.values(user.servers ?? {}).sort((a, b) => (a.name < b.name ? -1 : 1))
  const all = servers.some(({ name }) => name === '')
    ? servers
    : [{ name: '', ready: false, pending: null }, ...servers]
  return all.map((server) => serverRow(user, server))
}

function serverRow(user, server) {
  const row = document.createElement('tr')
  const name = document.createElement('th')
  name.scope = 'row'
  name.textContent = user.name
  const label = server.name === '' ? text('admin.default-server') : server.display_name || server.name
  const activity = server.name === '' ? user.last_activity : server.last_activity
  row.append(
    name,
    cell(1, text(user.admin ? 'admin.yes' : 'admin.no')),
    cell(2, label),
    cell(3, stateOf(server)),
    cell(4, activity ? time(activity) : text('home.never')),
    actions(user, server, label),
  )
  return row
}

function cell(index, content) {
  const element = document.createElement('td')
  element.dataset.label = labels[index]
  element.append(content)
  return element
}

function stateOf({ ready, pending }) {
  const busy = pending === 'stop' ? 'stopping' : 'starting'
  const phase = pending ? busy : ready ? 'ready' : 'stopped'
  const element = document.createElement('span')
  element.className = `state state-${phase}`
  element.textContent = text(`state.${phase}`)
  return element
}

function time(at) {
  const element = document.createElement('time')
  element.dateTime = at
  tellTime(element)
  return element
}

function actions(user, server, label) {
  const element = document.createElement('td')
  const group = document.createElement('div')
  group.className = 'actions'
  const full = `${user.name}, ${label}`
  const path = serverPath(user.name, server.name)
  const act = (method) => async () => {
    try {
      await call(method, path)
    } catch (error) {
      status.textContent = text('admin.failed', { message: error.message })
      return
    }
    await load()
  }
  if (server.ready) {
    const open = document.createElement('a')
    open.className = 'btn btn-sm btn-outline-secondary'
    open.href = server.url
    open.textContent = text('home.row-open')
    open.setAttribute('aria-label', text('admin.open-label', { name: full }))
    group.append(open)
  }
  if (server.ready || server.pending) {
    group.append(
      button('home.row-stop', 'danger', { label: text('admin.stop-label', { name: full }), act: act('DELETE') }),
    )
  } else {
    group.append(
      button('home.row-start', 'secondary', { label: text('admin.start-label', { name: full }), act: act('POST') }),
    )
  }
  element.append(group)
  return element
}

function button(key, kind, { label, act }) {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = `btn btn-sm btn-outline-${kind}`
  element.textContent = text(key)
  element.setAttribute('aria-label', label)
  element.addEventListener('click', async () => {
    element.disabled = true
    await act()
    element.disabled = false
  })
  return element
}

search.addEventListener('submit', async (event) => {
  event.preventDefault()
  await go({ name: search.elements.name_filter.value.trim(), active: search.elements.state.checked, offset: 0 })
})
previous.addEventListener('click', () => go({ ...wanted(), offset: wanted().offset - limit }))
next.addEventListener('click', () => go({ ...wanted(), offset: wanted().offset + limit }))
window.addEventListener('popstate', load)

document.getElementById('add-users-form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.target
  const outcome = document.getElementById('add-status')
  const usernames = form.elements.usernames.value.split(/\s*\n\s*/).filter((name) => name !== '')
  try {
    const users = await call('POST', 'users', { usernames, admin: form.elements.admin.checked })
    outcome.textContent = text('admin.added', { names: users.map(({ name }) => name).join(', ') })
    form.reset()
    await load()
  } catch (error) {
    outcome.textContent = text('admin.failed', { message: error.message })
  }
})

await load()
