const { texts } = window.jhdata
const secret = document.getElementById('token-result')
const button = document.getElementById('copy-token')

if (secret && navigator.clipboard) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(secret.value)
    button.textContent = texts['token.copied']
  })
}
secret?.addEventListener('focus', () => secret.select())
