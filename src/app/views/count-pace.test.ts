import { describe, expect, it } from 'vitest'
import { restAfter } from './count-pace.ts'

describe('restAfter', () => {
  it('never counts more often than every three seconds', () => {
    expect(restAfter(20)).toBe(3000)
  })

  it('rests nine times as long as the counting took', () => {
    // Twenty views of 50 ms each: a second of work, nine of rest.
    expect(restAfter(20 * 50)).toBe(9000)
  })

  it('counts once a minute however slow the database is', () => {
    expect(restAfter(30_000)).toBe(60_000)
  })
})
