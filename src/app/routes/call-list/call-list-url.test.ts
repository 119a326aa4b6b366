import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallSortKey, CallStatus } from '#contract/call.ts'
import {
  callListSearch,
  hasFilter,
  nextSort,
  parseCallListQuery,
  withCallListQuery,
} from './call-list-url.ts'

const anyQuery = fc.record(
  {
    search: fc.string({ minLength: 1, maxLength: 200 }),
    status: fc.constantFrom(...CallStatus.options),
    agentId: fc.integer({ min: 1 }),
    sort: fc
      .tuple(fc.constantFrom('', '-'), fc.constantFrom(...CallSortKey.options))
      .map(([minus, key]) => minus + key)
      .filter((sort) => sort !== '-startedAt'),
  },
  { requiredKeys: [] },
)

describe('the list query in the URL', () => {
  it('comes back unchanged from any query', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        expect(parseCallListQuery(new URLSearchParams(callListSearch(query)))).toEqual(query)
      }),
    )
  })

  it('is empty for the default view', () => {
    expect(callListSearch({ sort: '-startedAt', search: '' })).toBe('')
  })

  it('writes fields in one order, whatever order the query has them in', () => {
    expect(callListSearch({ sort: 'topic', search: 'refund & co' })).toBe(
      '?search=refund+%26+co&sort=topic',
    )
  })

  it('leaves out what it cannot read and keeps the rest', () => {
    const params = new URLSearchParams('status=great&agentId=x&sort=-height&search=refund&page=2')
    expect(parseCallListQuery(params)).toEqual({ search: 'refund' })
  })

  it('takes an empty agent as no agent, not as agent 0', () => {
    expect(parseCallListQuery(new URLSearchParams('agentId='))).toEqual({})
  })
})

describe('withCallListQuery', () => {
  it('exchanges the list query and keeps what belongs to others', () => {
    const params = new URLSearchParams('add=1&status=success&sort=topic')
    expect(withCallListQuery(params, { agentId: 3, sort: 'topic' }).toString()).toBe(
      'add=1&agentId=3&sort=topic',
    )
  })
})

describe('hasFilter', () => {
  it('is false for an order alone', () => {
    expect(hasFilter({ sort: 'topic' })).toBe(false)
    expect(hasFilter({ agentId: 3 })).toBe(true)
  })
})

describe('nextSort', () => {
  it('starts times and lengths from the top and texts from A', () => {
    expect(nextSort('topic', 'durationSeconds')).toBe('-durationSeconds')
    expect(nextSort(undefined, 'topic')).toBe('topic')
  })

  it('turns the order of the column that is sorted already', () => {
    expect(nextSort(undefined, 'startedAt')).toBe('startedAt')
    expect(nextSort('topic', 'topic')).toBe('-topic')
  })
})
