// Says two minutes before a session ends that it will; at its end hands in what was typed, and clears the screen.
const notice = document.querySelector('[data-session]')
const WARN_SECONDS = 120
let ends = Date.now() + Number(notice.dataset.session) * 1000
let timer

const left = () => Math.max(0, Math.round((ends - Date.now()) / 1000))
const token = () => notice.querySelector('[name=csrfmiddlewaretoken]').value

// Another window may have kept the session going, so the server is asked before anything is said.
async function ask () {
  try {
    const answer = await fetch(notice.dataset.left, { cache: 'no-store' })
    ends = Date.now() + (await answer.json()).seconds * 1000
  } catch { /* no network: go by what we knew */ }
}

async function stay () {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token() })
  try {
    const answer = await fetch(notice.dataset.stay, { method: 'POST', body })
    ends = Date.now() + (await answer.json()).seconds * 1000
  } catch { return }
  notice.close()
  wait()
}

function typed () {
  const changed = (field) => field.type === 'checkbox' || field.type === 'radio'
    ? field.checked !== field.defaultChecked
    : field.tagName === 'SELECT' ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.type !== 'hidden' && field.value !== field.defaultValue
  const form = [...document.querySelectorAll('main form[method=post]')].find((one) => [...one.elements].some(changed))
  const body = new URLSearchParams()
  if (form) {
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
    body.set('_path', new URL(form.action).pathname)
  }
  body.set('csrfmiddlewaretoken', token())
  return body
}

async function end () {
  await ask()
  if (left() > 5) { wait(); return }
  try { await fetch(notice.dataset.end, { method: 'POST', body: typed(), redirect: 'manual' }) } catch { /* it ends by itself */ }
  const onward = location.pathname + location.search
  location.replace(`${notice.dataset.ended}?next=${encodeURIComponent(onward)}`)
}

function say () {
  const minutes = Math.max(1, Math.ceil(left() / 60))
  notice.querySelector('[data-minutes]').textContent = minutes === 1 ? '1 minute' : `${minutes} minutes`
}

async function look () {
  await ask()
  if (left() > WARN_SECONDS) { wait(); return }
  say()
  if (!notice.open) notice.showModal()
  timer = setTimeout(left() > 65 ? look : end, (left() > 65 ? left() - 60 : Math.max(0, left() - 4)) * 1000)
}

function wait () {
  clearTimeout(timer)
  timer = setTimeout(look, Math.max(0, left() - WARN_SECONDS) * 1000)
}

notice.querySelector('[data-stays]').addEventListener('click', stay)
notice.addEventListener('cancel', (event) => { event.preventDefault(); stay() })
document.addEventListener('visibilitychange', () => { if (!document.hidden && left() <= WARN_SECONDS) look() })
wait()
