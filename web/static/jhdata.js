// The page's data, under the name that scripts of deployments read it by.
window.jhdata = JSON.parse(document.getElementById('jhdata').textContent)
