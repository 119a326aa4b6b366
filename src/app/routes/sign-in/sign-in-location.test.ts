import { describe, expect, it } from 'vitest'
import { nextPath, tokenFromHash } from './sign-in-location.ts'

describe('nextPath', () => {
  it('keeps the path, the filter and the hash of a link that was opened', () => {
    const search = `?next=${encodeURIComponent('/calls/7?t=134.2&search=a b#x')}`
    expect(nextPath(search)).toBe('/calls/7?t=134.2&search=a b#x')
  })

  it('goes to the calls without a next', () => {
    expect(nextPath('')).toBe('/calls')
  })

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])(
    'refuses to leave the app by %s',
    (next) => {
      expect(nextPath(`?next=${encodeURIComponent(next)}`)).toBe('/calls')
    },
  )

  it('does not come back to the sign-in', () => {
    expect(nextPath('?next=/sign-in')).toBe('/calls')
  })
})

describe('tokenFromHash', () => {
  it('reads the token of a sign-in link', () => {
    expect(tokenFromHash('#token=abc-123')).toBe('abc-123')
  })

  it('is null for any other hash', () => {
    expect(tokenFromHash('')).toBeNull()
    expect(tokenFromHash('#token=')).toBeNull()
    expect(tokenFromHash('#content')).toBeNull()
  })
})
