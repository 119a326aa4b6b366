/**
 * Where to go after signing in: `next` of the search params if it is a path of this app, else the
 * calls. Anything that a browser could read as another site is refused.
 */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? ''
  const isOwnPath = /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in')
  return isOwnPath ? next : '/calls'
}

/** The one-time token of a sign-in link, `#token=…`; null without one. */
export function tokenFromHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || null
}
