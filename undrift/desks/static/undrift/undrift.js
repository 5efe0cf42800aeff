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
