// The page at this address changes once the server has stopped.
setTimeout(() => window.location.reload(), 1500)
