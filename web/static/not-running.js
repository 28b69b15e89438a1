// Starts the server after a while, as the administrator has set; the button does so at once.
const { seconds, url } = document.getElementById('implicit-spawn').dataset
setTimeout(() => window.location.assign(url), Number(seconds) * 1000)
