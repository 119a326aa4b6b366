import { describe, expect, it } from 'vitest'
import type { ViewState } from '#contract/view.ts'
import { changedView } from './use-view-state.ts'
import { PLAIN_VIEW } from './view-url.ts'

const state: ViewState = {
  search: '',
  filter: '',
  sort: '-startedAt',
  columns: [{ id: 'callId' }],
  density: 'comfortable',
}

describe('changedView', () => {
  it('leaves columns and density to the browser until a view is open', () => {
    const plain = changedView({
      view: PLAIN_VIEW,
      state,
      changes: { columns: [{ id: 'topic' }], density: 'compact' },
    })
    expect([plain.columns, plain.density]).toEqual([null, null])
    const saved = changedView({ view: PLAIN_VIEW, state, changes: { viewId: 4 } })
    expect([saved.columns, saved.density]).toEqual([state.columns, 'comfortable'])
  })

  it('keeps the columns of a link, changed or not', () => {
    const linked = { ...PLAIN_VIEW, columns: [{ id: 'topic' }] }
    const changed = changedView({ view: linked, state, changes: { columns: [{ id: 'tags' }] } })
    expect(changed.columns).toEqual([{ id: 'tags' }])
  })

  it('forgets the order of matches with the search', () => {
    const searching = { ...PLAIN_VIEW, search: 'refund', sort: 'relevance' }
    expect(changedView({ view: searching, state, changes: { search: '' } }).sort).toBe('-startedAt')
  })
})
