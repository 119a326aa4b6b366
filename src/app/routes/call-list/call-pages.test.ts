import { describe, expect, it } from 'vitest'
import type { CallRow } from '#contract/api.ts'
import type { CallPage, CallPages } from '../../api/call-rows.ts'
import { countNew, flattenPages, mergeHead } from './call-pages.ts'

/** Call `id` started `id` minutes after midnight, so a higher id is newer. */
function call(id: number, changes: Partial<CallRow> = {}): CallRow {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, id)).toISOString()
  return {
    id,
    callId: `call-${id}`,
    agentId: 1,
    agentName: 'Front desk',
    startedAt,
    isStartedAtReceipt: false,
    durationSeconds: 60,
    status: 'evaluating',
    isJudged: false,
    isReviewed: false,
    customerNumber: '',
    endedReason: '',
    topic: '',
    tags: [],
    longestGapSeconds: null,
    interruptionCount: null,
    toolErrorCount: 0,
    transcriptState: 'ready',
    recordingState: 'ready',
    errorMessage: null,
    isDemo: false,
    updatedAt: startedAt,
    results: [],
    ...changes,
  }
}

const page = (ids: number[], nextCursor: string | null = `after-${ids.at(-1)}`): CallPage => ({
  items: ids.map((id) => call(id)),
  nextCursor,
})

const loaded = (...pages: CallPage[]): CallPages => ({
  pages,
  pageParams: [
    undefined,
    ...pages.slice(1).map((_, index) => pages[index]?.nextCursor ?? undefined),
  ],
})

const ids = ({ pages }: CallPages) => flattenPages(pages).map((row) => row.id)

describe('flattenPages', () => {
  it('shows a call once that two pages name', () => {
    expect(ids(loaded(page([9, 8]), page([8, 7])))).toEqual([9, 8, 7])
  })
})

describe('mergeHead', () => {
  it('puts new calls on top and keeps the rows below with their cursors', () => {
    const after = mergeHead(loaded(page([9, 8, 7]), page([6, 5])), page([11, 10, 9]))
    expect(ids(after)).toEqual([11, 10, 9, 8, 7, 6, 5])
    expect(after.pages.map((one) => one.nextCursor)).toEqual(['after-7', 'after-5'])
  })

  it('drops a row inside the fresh stretch that the server no longer lists', () => {
    // The head covers 10 to 7; 8 is not in it, so it was deleted or stopped matching.
    expect(ids(mergeHead(loaded(page([9, 8, 7]), page([6])), page([10, 9, 7])))).toEqual([
      10, 9, 7, 6,
    ])
  })

  it('moves a call up whose time changed, without losing the rows between', () => {
    const moved = { ...page([12, 9, 8]) }
    moved.items[0] = call(5, { startedAt: call(12).startedAt })
    expect(ids(mergeHead(loaded(page([9, 8, 7]), page([6, 5, 4])), moved))).toEqual([
      5, 9, 8, 7, 6, 4,
    ])
  })

  it('orders calls of the same second by id, as the server does', () => {
    const sameTime = { startedAt: call(9).startedAt }
    const old: CallPage = {
      items: [call(9), call(3, sameTime), call(2, sameTime)],
      nextCursor: 'x',
    }
    const head: CallPage = { items: [call(9), call(4, sameTime)], nextCursor: 'y' }
    // 4 belongs between 9 and 3: both remaining rows have lower ids at the same time.
    expect(ids(mergeHead(loaded(old), head))).toEqual([9, 4, 3, 2])
  })

  it('starts anew where nothing overlaps, since the rows between are unknown', () => {
    const head = page([30, 29, 28])
    expect(mergeHead(loaded(page([9, 8]), page([7])), head)).toEqual(loaded(head))
  })

  it('takes a head without a next page as the whole list', () => {
    expect(ids(mergeHead(loaded(page([9, 8]), page([7])), page([9], null)))).toEqual([9])
  })
})

describe('countNew', () => {
  it('counts calls of the head that no page has', () => {
    expect(countNew([page([9, 8]), page([7])], page([11, 10, 9, 7]))).toBe(2)
  })
})
