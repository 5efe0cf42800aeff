import { initAll } from '../vendor/govuk.js'

initAll()

// A follow-up question appears with its choice. The design system's own way puts aria-expanded on radio
// buttons, where the standard does not allow it.
document.querySelectorAll('[data-reveals]').forEach((choice) => {
  const followUp = document.getElementById(choice.dataset.reveals)
  const follow = () => { followUp.hidden = !choice.checked }
  choice.closest('form').addEventListener('change', follow)
  window.addEventListener('pageshow', follow)
  follow()
})

// On paper every folded part is open; afterwards the reader finds the page as it was.
const folded = () => document.querySelectorAll('details:not([open])')
let opened = []
window.addEventListener('beforeprint', () => {
  opened = [...folded()]
  opened.forEach((part) => { part.open = true })
})
window.addEventListener('afterprint', () => {
  opened.forEach((part) => { part.open = false })
  opened = []
})

// What takes its time says so. What is read aloud is the sentence, once; the seconds are for the eye.
document.querySelectorAll('[data-working]').forEach((place) => {
  place.closest('form').addEventListener('submit', () => {
    const said = document.createElement('p')
    said.className = 'govuk-body'
    said.textContent = place.dataset.working
    const bar = document.createElement('progress')
    bar.setAttribute('aria-label', place.dataset.working)
    const seconds = document.createElement('span')
    seconds.className = 'govuk-hint'
    seconds.setAttribute('aria-hidden', 'true')
    place.replaceChildren(said, bar, seconds)
    place.hidden = false
    const began = Date.now()
    setInterval(() => { seconds.textContent = ` ${Math.round((Date.now() - began) / 1000)} seconds` }, 1000)
  })
})
