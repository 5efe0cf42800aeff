// Tells the styles that scripts run, before anything is drawn. Without it every part of a page is simply shown.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
