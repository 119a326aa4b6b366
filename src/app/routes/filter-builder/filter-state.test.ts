import { describe, expect, it } from 'vitest'
import { emptyRule } from '../../filters/edit-tree.ts'
import { record } from '../../filters/history.ts'
import { addNode } from '../../filters/tree-edits.ts'
import { adoptAddress, builderSearch, readLink, spelledTree, startBuilder } from './filter-state.ts'

const SLOW = 'longest_response_gap.gt.3'
const LONG = 'duration.gte.60'

describe('the address', () => {
  it('is read at the start', () => {
    expect(spelledTree(startBuilder(SLOW).history.present)).toBe(SLOW)
  })

  it('that cannot be read is kept, beside an empty tree', () => {
    const state = startBuilder('duration.gte.soon')
    expect(state.broken).toBe('duration.gte.soon')
    expect(state.history.present.children).toEqual([])
  })

  it('that we wrote ourselves changes nothing, also when newer edits are on their way', () => {
    const start = startBuilder('')
    const state = { ...start, pending: [SLOW, LONG] }
    const arrived = adoptAddress(state, SLOW, 0)
    expect(arrived.history).toBe(state.history)
    expect(arrived.pending).toEqual([LONG])
  })

  it('of an earlier step goes back to it, with the rules that are unfinished', () => {
    const start = startBuilder(LONG)
    const tree = start.history.present
    const withOpenRule = addNode(tree, emptyRule(), { parentId: tree.id, index: 1 })
    let history = record(start.history, withOpenRule, { nowMs: 0 })
    const other = startBuilder(SLOW).history.present
    history = record(history, other, { nowMs: 0 })
    const back = adoptAddress({ ...start, history, seen: SLOW }, LONG, 0)
    expect(back.history.present).toBe(withOpenRule)
    expect(back.history.future).toEqual([other])
  })

  it('of another filter is a step that can be undone', () => {
    const start = startBuilder(LONG)
    const next = adoptAddress(start, SLOW, 0)
    expect(spelledTree(next.history.present)).toBe(SLOW)
    expect(next.history.past).toEqual([start.history.present])
  })
})

describe('builderSearch', () => {
  it('keeps the params of others and leaves out what is empty', () => {
    const others = new URLSearchParams('add=1&filter=old')
    expect(builderSearch({ filter: LONG, search: 'late fee', call: '' }, others)).toBe(
      `?filter=${LONG}&search=late+fee&add=1`,
    )
    expect(builderSearch({ filter: '', search: '', call: '' })).toBe('')
  })
})

describe('readLink', () => {
  it('takes filter and search out of a link', () => {
    const link = 'https://calls.example/calls?search=fee&filter=topic.eq.late+fee#top'
    expect(readLink(link)).toEqual({ filter: 'topic.eq.late fee', search: 'fee' })
    expect(readLink('?filter=duration.gte.60')).toEqual({ filter: LONG, search: '' })
  })

  it('takes any other text for the filter itself', () => {
    expect(readLink(LONG)).toEqual({ filter: LONG, search: null })
  })
})
