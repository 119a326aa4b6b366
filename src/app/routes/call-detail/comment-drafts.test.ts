import { describe, expect, it } from 'vitest'
import type { CallComment } from '#contract/comment.ts'
import { type Drafts, unresolvedThreads, withDraft } from './comment-drafts.ts'
import { toThreads, WHOLE_CALL } from './comment-threads.ts'

const NO_DRAFTS: Drafts = new Map()

const comment = (id: number, parentId: number | null): CallComment => ({
  id,
  callId: 1,
  parentId,
  author: 'Ada',
  isOwn: true,
  text: 'x',
  ...WHOLE_CALL,
  isResolved: id === 2,
  resolvedBy: '',
  createdAt: '2026-11-21T12:00:00.000Z',
  updatedAt: '2026-11-21T12:00:00.000Z',
})

const THREADS = toThreads([comment(2, null), comment(5, 2), comment(4, null)])

const idsWith = (drafts: Drafts) => unresolvedThreads(THREADS, drafts).map(({ id }) => id)

describe('unresolvedThreads', () => {
  it('leaves out what was resolved', () => {
    expect(idsWith(NO_DRAFTS)).toEqual([4])
  })

  it.each(['reply-2', 'edit-2', 'edit-5'] as const)(
    'keeps a thread with the form %s open',
    (key) => {
      expect(idsWith(withDraft(NO_DRAFTS, key, { text: 'half a', isOpen: true }))).toEqual([2, 4])
      expect(idsWith(withDraft(NO_DRAFTS, key, { text: 'half a', isOpen: false }))).toEqual([4])
    },
  )
})

describe('withDraft', () => {
  it('keeps one draft per form and takes one away', () => {
    const one = withDraft(NO_DRAFTS, 'reply-2', { text: 'a', isOpen: true })
    const two = withDraft(one, 'edit-2', { text: 'b', isOpen: true })
    const three = withDraft(two, 'reply-2', { text: 'c', isOpen: false })
    expect([...three]).toEqual([
      ['reply-2', { text: 'c', isOpen: false }],
      ['edit-2', { text: 'b', isOpen: true }],
    ])
    expect([...withDraft(three, 'reply-2', null).keys()]).toEqual(['edit-2'])
    expect([...one.values()]).toEqual([{ text: 'a', isOpen: true }])
  })
})
