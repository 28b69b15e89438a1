// Warns before a password is typed into a page that travels in the clear; loopback is not a network.
const warning = document.getElementById('insecure-login-warning')
if (warning && !window.isSecureContext) warning.hidden = false
