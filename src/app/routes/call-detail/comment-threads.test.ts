import { describe, expect, it } from 'vitest'
import type { CallComment } from '#contract/comment.ts'
import { placeText, toThreads, WHOLE_CALL } from './comment-threads.ts'

const comment = (id: number, parentId: number | null): CallComment => ({
  id,
  callId: 1,
  parentId,
  author: 'Ada',
  isOwn: true,
  text: 'x',
  ...WHOLE_CALL,
  isResolved: false,
  resolvedBy: '',
  createdAt: '2026-11-21T12:00:00.000Z',
  updatedAt: '2026-11-21T12:00:00.000Z',
})

describe('toThreads', () => {
  it('puts replies below what they answer', () => {
    const threads = toThreads([comment(4, null), comment(2, null), comment(5, 2), comment(7, 2)])
    expect(threads.map(({ id, replies }) => [id, replies.map((reply) => reply.id)])).toEqual([
      [4, []],
      [2, [5, 7]],
    ])
  })
})

describe('placeText', () => {
  it('says the second, else the segment as people count, else that it is the whole call', () => {
    expect(placeText({ atSeconds: 72.9, segmentIndex: 3 })).toBe('1:12')
    expect(placeText({ atSeconds: null, segmentIndex: 3 })).toBe('Segment 4')
    expect(placeText(WHOLE_CALL)).toBe('Whole call')
  })
})
