import { describe, expect, it } from 'vitest'
import { createTurns } from './take-turns.ts'

const { signal: forever } = new AbortController()

describe('createTurns', () => {
  it('starts the third only when one of the first two has ended', async () => {
    const takeTurn = createTurns(2)
    const started: string[] = []
    const work = (name: string, until: Promise<void>) => () => {
      started.push(name)
      return until
    }
    const first = Promise.withResolvers<void>()
    const all = [
      takeTurn(work('a', first.promise), forever),
      takeTurn(work('b', Promise.withResolvers<void>().promise), forever),
      takeTurn(work('c', Promise.resolve()), forever),
    ]
    await Promise.resolve()
    expect(started).toEqual(['a', 'b'])
    first.resolve()
    await all[2]
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('never starts what is cancelled while it waits, and gives its turn to the next', async () => {
    const takeTurn = createTurns(1)
    const first = Promise.withResolvers<string>()
    const cancel = new AbortController()
    const running = takeTurn(() => first.promise, forever)
    const cancelled = takeTurn(() => Promise.resolve('never'), cancel.signal)
    const last = takeTurn(() => Promise.resolve('last'), forever)
    cancel.abort(new Error('superseded'))
    await expect(cancelled).rejects.toThrow('superseded')
    first.resolve('first')
    expect(await running).toBe('first')
    expect(await last).toBe('last')
  })

  it('goes on after a failure', async () => {
    const takeTurn = createTurns(1)
    await expect(takeTurn(() => Promise.reject(new Error('broken')), forever)).rejects.toThrow()
    expect(await takeTurn(() => Promise.resolve(1), forever)).toBe(1)
  })
})
