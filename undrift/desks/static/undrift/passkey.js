// Asks the browser for a passkey, or for a new one, and sends what it says with the form it stands in.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const described = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }))

async function create (options) {
  const asked = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials)
  }
  const made = await navigator.credentials.create({ publicKey: asked })
  return { attestationObject: toText(made.response.attestationObject), of: made }
}

async function get (options) {
  const asked = { ...options, challenge: toBytes(options.challenge), allowCredentials: described(options.allowCredentials) }
  const given = await navigator.credentials.get({ publicKey: asked })
  return {
    authenticatorData: toText(given.response.authenticatorData),
    signature: toText(given.response.signature),
    userHandle: given.response.userHandle ? toText(given.response.userHandle) : null,
    of: given
  }
}

async function optionsOf (form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options)
  const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: 'application/json' } })
  return answer.json()
}

async function ask (form) {
  const { publicKey } = await optionsOf(form)
  const { of, ...response } = await (form.dataset.passkey === 'create' ? create : get)(publicKey)
  response.clientDataJSON = toText(of.response.clientDataJSON)
  return {
    id: of.id, rawId: toText(of.rawId), type: of.type, response, clientExtensionResults: of.getClientExtensionResults()
  }
}

if (window.PublicKeyCredential) {
  document.querySelectorAll('form[data-passkey]').forEach((form) => {
    form.hidden = false
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      const wrong = form.querySelector('[role=alert]')
      wrong.hidden = true
      try {
        form.elements.credential.value = JSON.stringify(await ask(form))
      } catch (error) {
        // The browser's "not here" is no person's "no": it gives no passkey to an address of digits.
        const why = error.name === 'SecurityError' ? 'address' : 'no'
        wrong.querySelectorAll('[data-when]').forEach((each) => { each.hidden = each.dataset.when !== why })
        wrong.hidden = false
        return
      }
      form.submit()
    })
  })
}
