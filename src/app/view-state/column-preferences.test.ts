import { describe, expect, it } from 'vitest'
import {
  areDefault,
  ColumnId,
  clampWidth,
  DEFAULT_PREFERENCES,
  fromViewColumns,
  moveColumn,
  parsePreferences,
  toggleColumn,
  toViewColumns,
} from './column-preferences.ts'

const stored = (changes: object) => JSON.stringify({ ...DEFAULT_PREFERENCES, ...changes })

describe('parsePreferences', () => {
  it('reads back what was stored', () => {
    const mine = {
      order: [...ColumnId.options].reverse(),
      hidden: ['topic' as const],
      widths: { callId: 200 },
      density: 'compact' as const,
    }
    expect(parsePreferences(JSON.stringify(mine))).toEqual(mine)
  })

  it.each([null, '', 'not json', '[]', '{"order":7}', stored({ density: 'huge' })])(
    'gives the defaults for %j',
    (text) => {
      expect(parsePreferences(text)).toEqual(DEFAULT_PREFERENCES)
    },
  )

  it('drops columns it does not know and shows one that is missing in its usual place', () => {
    const order = ['startedAt', 'sentiment', 'status', 'status']
    // Usual order: status, callId, …, topic, tags, …, state, startedAt; each missing column follows its usual neighbour.
    expect(parsePreferences(stored({ order })).order).toEqual([
      'startedAt',
      'status',
      'callId',
      'agentName',
      'customerNumber',
      'durationSeconds',
      'endedReason',
      'topic',
      'tags',
      'longestGapSeconds',
      'interruptionCount',
      'toolErrorCount',
      'state',
    ])
  })

  it('never hides the column with the link', () => {
    expect(parsePreferences(stored({ hidden: ['callId', 'topic'] })).hidden).toEqual(['topic'])
  })

  it('brings a width from elsewhere into range', () => {
    expect(
      parsePreferences(stored({ widths: { topic: 9000, status: 1, other: 3 } })).widths,
    ).toEqual({
      topic: 640,
      status: 56,
    })
  })

  it('shows columns that are newer than what is stored as everyone sees them', () => {
    const { order } = DEFAULT_PREFERENCES
    const older = order.filter((id) => id !== 'tags' && id !== 'toolErrorCount')
    const { hidden } = parsePreferences(stored({ order: older, hidden: ['topic'] }))
    expect(hidden).toEqual(['topic', 'toolErrorCount'])
  })
})

describe('toViewColumns', () => {
  it('comes back from a view with the same columns, order and widths', () => {
    const columns = [{ id: 'topic', widthPixels: 200 }, { id: 'callId' }, { id: 'tags' }]
    const preferences = fromViewColumns(columns, 'compact')
    expect(toViewColumns(preferences)).toEqual(columns)
    expect(preferences.order).toHaveLength(ColumnId.options.length)
  })

  it('never leaves out the column with the link', () => {
    expect(toViewColumns(fromViewColumns([{ id: 'topic' }], 'compact'))).toContainEqual({
      id: 'callId',
    })
  })
})

describe('moveColumn', () => {
  it('puts a column at the wanted place and stops at the ends', () => {
    const order = ['status', 'callId', 'topic'] as const
    expect(moveColumn(order, 'status', 1)).toEqual(['callId', 'status', 'topic'])
    expect(moveColumn(order, 'status', 9)).toEqual(['callId', 'topic', 'status'])
    expect(moveColumn(order, 'topic', -1)).toEqual(['topic', 'status', 'callId'])
  })
})

describe('toggleColumn', () => {
  it('hides, shows again, and refuses the column with the link', () => {
    expect(toggleColumn([], 'topic')).toEqual(['topic'])
    expect(toggleColumn(['topic', 'state'], 'topic')).toEqual(['state'])
    expect(toggleColumn([], 'callId')).toEqual([])
  })
})

describe('clampWidth', () => {
  it('rounds and stays in range', () => {
    expect([clampWidth(120.6), clampWidth(2), clampWidth(5000)]).toEqual([121, 56, 640])
  })
})

describe('areDefault', () => {
  it('sees any change', () => {
    expect(areDefault(parsePreferences(null))).toBe(true)
    expect(areDefault({ ...DEFAULT_PREFERENCES, density: 'compact' })).toBe(false)
  })
})
