// The button is for browsers without scripts.
document.getElementById('post-on').submit()
