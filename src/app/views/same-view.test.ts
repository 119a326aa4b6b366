import { describe, expect, it } from 'vitest'
import type { ViewState } from '#contract/view.ts'
import { isSameView } from './same-view.ts'

const STATE: ViewState = {
  search: 'refund',
  filter: 'duration.gte.60,metadata.plan.in.(gold,silver)',
  sort: '-startedAt',
  columns: [{ id: 'status' }, { id: 'callId', widthPixels: 220 }],
  density: 'comfortable',
}

const isSame = (changes: Partial<ViewState>) => isSameView(STATE, { ...STATE, ...changes })

describe('isSameView', () => {
  it('sees every part of a view that changes what is shown', () => {
    expect(isSame({})).toBe(true)
    expect(isSame({ search: 'refunds' })).toBe(false)
    expect(isSame({ filter: 'duration.gte.61,metadata.plan.in.(gold,silver)' })).toBe(false)
    expect(isSame({ filter: '' })).toBe(false)
    expect(isSame({ sort: 'startedAt' })).toBe(false)
    expect(isSame({ density: 'compact' })).toBe(false)
  })

  it('sees another order, width or set of columns', () => {
    expect(isSame({ columns: STATE.columns.toReversed() })).toBe(false)
    expect(isSame({ columns: [{ id: 'status' }, { id: 'callId', widthPixels: 221 }] })).toBe(false)
    expect(isSame({ columns: [{ id: 'status' }, { id: 'callId' }] })).toBe(false)
    expect(isSame({ columns: [...STATE.columns, { id: 'topic' }] })).toBe(false)
  })

  it('takes the same filter in another spelling for the same', () => {
    const json = JSON.stringify({
      operator: 'and',
      conditions: [
        { field: 'duration', op: 'gte', value: '1:00' },
        { field: 'metadata.plan', op: 'in', value: ['gold', 'silver'] },
      ],
    })
    expect(isSame({ filter: json })).toBe(true)
    expect(isSame({ filter: ` ${STATE.filter}` })).toBe(true)
  })

  it('sees a rule that is switched off', () => {
    expect(isSame({ filter: `~${STATE.filter}` })).toBe(false)
  })

  it('overlooks blanks around the search, and columns that are gone from the product', () => {
    expect(isSame({ search: ' refund ' })).toBe(true)
    expect(isSame({ columns: [...STATE.columns, { id: 'no-such-column' }] })).toBe(true)
  })

  it('compares filters that cannot be read by their text', () => {
    const broken = { ...STATE, filter: 'or(' }
    expect(isSameView(broken, { ...broken })).toBe(true)
    expect(isSameView(broken, { ...broken, filter: 'or((' })).toBe(false)
  })
})
