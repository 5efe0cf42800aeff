// Keeps what is typed on the server, under whoever types it: every 20 seconds, on leaving a box, on leaving the page.
// What is sent is the form as it stands. It changes nothing but the writer's own kept text. One save at a time, and then
// what was typed meanwhile; each says how many came before it, so that an earlier one never replaces a later one.
const EVERY = 20_000
const keeper = document.querySelector('[data-keep]')
let count = 0 // of the saves of this page
const UNTOUCHED = ['hidden', 'submit', 'button', 'search', 'password']

const boxes = (form) => [...form.elements].filter((box) => box.name && !UNTOUCHED.includes(box.type))
const kept = (form) => form.querySelector('[name=sending]') && boxes(form).length > 0 &&
  !form.querySelector('[type=password], [name=credential], [name=code]')

function said (form) {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  const action = new URL(form.action)
  body.set('_path', action.pathname)
  return body
}

function watch (form) {
  const drawn = said(form).toString()
  let last = drawn
  let sent = false
  let running
  const line = document.createElement('p')
  line.className = 'govuk-hint undrift-kept'
  line.setAttribute('role', 'status')

  const changed = () => !sent && said(form).toString() !== last

  function tell () {
    const now = new Date().toLocaleTimeString('en-GB', { hour: 'numeric', minute: '2-digit' })
    line.textContent = `What you have typed was kept at ${now}. It is not sent yet. Only you can see it.`
    if (!line.isConnected) form.append(line)
  }

  function counted (body) {
    if (body.toString() === drawn) body.set('_as_drawn', '1') // taken out again: nothing is left that anybody typed
    body.set('_count', ++count)
    return body
  }

  async function keep () {
    if (running || !changed()) return
    const body = said(form)
    const now = body.toString()
    running = new AbortController()
    const slow = setTimeout(() => running?.abort(), EVERY)
    try {
      const answer = await fetch(keeper.dataset.keep, { method: 'POST', body: counted(body), signal: running.signal, redirect: 'manual' })
      if (!answer.ok) return
      last = now
      if ((await answer.json()).kept) tell()
    } catch { /* no network, or it is being sent: what is on the page is tried again */ } finally {
      clearTimeout(slow)
      running = undefined
      if (last === now) keep()
    }
  }

  function part () {
    if (changed()) navigator.sendBeacon(keeper.dataset.keep, counted(said(form)))
  }

  form.addEventListener('focusout', keep)
  form.addEventListener('change', keep)
  form.addEventListener('submit', () => { sent = true; running?.abort() })
  setInterval(keep, EVERY)
  window.addEventListener('pagehide', part)
  document.addEventListener('visibilitychange', () => { if (document.hidden) running ? part() : keep() })
}

if (keeper) document.querySelectorAll('main form[method=post]').forEach((form) => { if (kept(form)) watch(form) })

// A page that the browser had put aside was drawn before it was sent: it is asked for again.
window.addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
