import { describe, expect, it } from 'vitest'
import { type MarkedThread, threadOf, withComments } from './comment-marks.ts'
import type { Mark } from './marks.ts'

const slow: Mark = { kind: 'slow-reply', startSeconds: 4, endSeconds: 7, text: 'x' }
const thread = (atSeconds: number | null, text = 'Too late'): MarkedThread => ({
  atSeconds,
  author: 'Ada',
  text,
})

describe('withComments', () => {
  it('puts each thing written at a second between the other marks once', () => {
    const marks = withComments([slow], [thread(5), thread(5), thread(2)])
    expect(marks.map(({ kind, startSeconds, text }) => [kind, startSeconds, text])).toEqual([
      ['comment', 2, 'Ada: Too late'],
      ['slow-reply', 4, 'x'],
      ['comment', 5, 'Ada: Too late'],
    ])
  })

  it('leaves out what is about no second', () => {
    expect(withComments([slow], [thread(null)])).toEqual([slow])
  })

  it('says the beginning of a long text, and the first line of several', () => {
    const marks = withComments([], [thread(1, 'x'.repeat(81)), thread(2, 'One\nTwo')])
    expect(marks.map(({ text }) => text)).toEqual([`Ada: ${'x'.repeat(80)}…`, 'Ada: One…'])
  })
})

describe('threadOf', () => {
  it('finds what a mark speaks of among threads of the same second', () => {
    const threads = [thread(2, 'One'), thread(2, 'Two')]
    const [, mark] = withComments([], threads)
    expect(mark && threadOf(mark, threads)).toBe(threads[1])
  })

  it('is null for a mark of another kind', () => {
    expect(threadOf(slow, [thread(4, 'x')])).toBeNull()
  })
})
