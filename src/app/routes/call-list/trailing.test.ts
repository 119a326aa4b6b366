import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTrailing } from './trailing.ts'

describe('createTrailing', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 10_000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs the last function of a burst, once', () => {
    const ran: string[] = []
    const trailing = createTrailing({ waitMs: 100 })
    trailing.schedule(() => ran.push('first'))
    vi.advanceTimersByTime(90)
    trailing.schedule(() => ran.push('second'))
    vi.advanceTimersByTime(10)
    expect(ran).toEqual(['second'])
  })

  it('answers the first burst soon and later ones only after the gap', () => {
    let runs = 0
    const trailing = createTrailing({ waitMs: 100, gapMs: 3000 })
    trailing.schedule(() => runs++)
    vi.advanceTimersByTime(100)
    expect(runs).toBe(1)
    trailing.schedule(() => runs++)
    vi.advanceTimersByTime(2999)
    expect(runs).toBe(1)
    vi.advanceTimersByTime(1)
    expect(runs).toBe(2)
  })

  it('forgets what was scheduled when cancelled', () => {
    let runs = 0
    const trailing = createTrailing({ waitMs: 100 })
    trailing.schedule(() => runs++)
    trailing.cancel()
    vi.advanceTimersByTime(1000)
    expect(runs).toBe(0)
  })
})
