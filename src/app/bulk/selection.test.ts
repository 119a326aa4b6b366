import { describe, expect, it } from 'vitest'
import { BulkTarget } from '#contract/bulk-action.ts'
import { readFilter } from '#contract/filter-url.ts'
import { toExportedCalls } from './exported-calls.ts'
import {
  ALL,
  countChosen,
  extendToCall,
  isChosen,
  isNothing,
  loadedState,
  MAX_CHOSEN,
  NOTHING,
  type Selection,
  toggleCall,
  toggleLoaded,
  toTarget,
} from './selection.ts'

const loadedIds = [10, 11, 12, 13, 14, 15]

/** Clicks one after another; a negative id is a click with shift. */
function afterClicks(clicks: readonly number[], start: Selection = NOTHING): Selection {
  return clicks.reduce<Selection>(
    (selection, click) =>
      click < 0
        ? extendToCall(selection, { id: -click, loadedIds })
        : toggleCall(selection, { id: click, loadedIds }),
    start,
  )
}

function idsOf(selection: Selection) {
  return loadedIds.filter((id) => isChosen(selection, id))
}

describe('choosing calls one by one', () => {
  it('adds a call, and lets go of it at the second click', () => {
    expect(idsOf(afterClicks([11, 13]))).toEqual([11, 13])
    expect(idsOf(afterClicks([11, 13, 11]))).toEqual([13])
    expect(isNothing(afterClicks([11, 11]))).toBe(true)
  })

  it('adds a range in both directions', () => {
    expect(idsOf(afterClicks([11, -13]))).toEqual([11, 12, 13])
    expect(idsOf(afterClicks([14, -12]))).toEqual([12, 13, 14])
  })

  it('keeps the anchor for the next range', () => {
    // From 12 to 14, then from 12 again, to 10.
    expect(idsOf(afterClicks([12, -14, -10]))).toEqual([10, 11, 12, 13, 14])
  })

  it('lets go of a range that begins at a call just let go of', () => {
    expect(idsOf(afterClicks([11, -15, 12, -14]))).toEqual([11, 15])
  })

  it('takes a shift and a click without an anchor for a click', () => {
    expect(idsOf(afterClicks([-12]))).toEqual([12])
  })

  it('keeps calls chosen that are not among the loaded rows', () => {
    const before = afterClicks([99, 11])
    expect(isChosen(extendToCall(before, { id: 12, loadedIds }), 99)).toBe(true)
  })
})

describe('choosing all', () => {
  it('chooses the loaded rows first, and nothing at the second press', () => {
    const loaded = toggleLoaded(afterClicks([12]), loadedIds)
    expect(idsOf(loaded)).toEqual(loadedIds)
    expect(loadedState(loaded, loadedIds)).toBe('all')
    expect(toggleLoaded(loaded, loadedIds)).toEqual(NOTHING)
  })

  it('shows the header as half chosen while some loaded rows are not', () => {
    expect(loadedState(NOTHING, loadedIds)).toBe('none')
    expect(loadedState(afterClicks([12]), loadedIds)).toBe('some')
    expect(loadedState(toggleLoaded(NOTHING, loadedIds), [...loadedIds, 16])).toBe('some')
  })

  it('leaves the other loaded calls when one of all is let go of', () => {
    expect(idsOf(afterClicks([12], ALL))).toEqual([10, 11, 13, 14, 15])
    expect(countChosen(afterClicks([12], ALL), 12_345)).toBe(5)
  })

  it('counts what matches, also while nobody knows how many', () => {
    expect(countChosen(ALL, 12_345)).toBe(12_345)
    expect(countChosen(ALL, undefined)).toBeUndefined()
    expect(countChosen(afterClicks([11, -13]), undefined)).toBe(3)
  })
})

describe('a choice for the server', () => {
  it('never names more calls than an action takes', () => {
    const many = Array.from({ length: MAX_CHOSEN + 1 }, (_, index) => index + 1)
    const target = toTarget(toggleLoaded(NOTHING, many), {})
    expect(BulkTarget.safeParse(target).success).toBe(true)
    expect(BulkTarget.safeParse({ ids: many }).success).toBe(false)
    expect(loadedState(toggleLoaded(NOTHING, many), many)).toBe('all')
  })

  it('names calls, or says what they match, without the order', () => {
    const matching = { search: 'refund', filter: 'duration.gte.60', sort: 'topic' }
    expect(toTarget(afterClicks([11, 13]), matching)).toEqual({ ids: [11, 13] })
    expect(toTarget(ALL, matching)).toEqual({
      matching: { search: 'refund', filter: 'duration.gte.60' },
    })
  })

  it('exports the named calls whatever they match, in the order of the list', () => {
    const query = toExportedCalls(afterClicks([11, 13]), { search: 'refund', sort: 'topic' })
    expect(query).toEqual({ filter: 'id.in.(11,13)', sort: 'topic' })
    expect(readFilter(query.filter ?? '').ok).toBe(true)
  })

  it('exports a full choice within the length of a filter', () => {
    // Numbers of seven digits: as many as a thousand of ten million calls have.
    const many = Array.from({ length: MAX_CHOSEN }, (_, index) => 9_000_000 + index)
    const { filter = '' } = toExportedCalls(toggleLoaded(NOTHING, many), {})
    expect(readFilter(filter).ok).toBe(true)
  })
})
