// Runs before the first paint, outside the bundle, so that a dark page never flashes white.
;(() => {
  const stored = localStorage.getItem('talktrack.theme')
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
  const theme = stored === 'dark' || stored === 'light' ? stored : prefersDark ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme
})()
