import { describe, expect, it } from 'vitest'
import {
  areDefault,
  clampWidth,
  DEFAULT_PREFERENCES,
  FixedColumn,
  fromViewColumns,
  moveColumn,
  parsePreferences,
  shownMetrics,
  toggleColumn,
  toggleMetric,
  toViewColumns,
} from './column-preferences.ts'

const stored = (changes: object) => JSON.stringify({ ...DEFAULT_PREFERENCES, ...changes })

describe('parsePreferences', () => {
  it('reads back what was stored', () => {
    const mine = {
      order: [...FixedColumn.options].reverse(),
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
    expect(preferences.order).toHaveLength(FixedColumn.options.length)
  })

  it('never leaves out the column with the link', () => {
    expect(toViewColumns(fromViewColumns([{ id: 'topic' }], 'compact'))).toContainEqual({
      id: 'callId',
    })
  })
})

describe('columns of metrics', () => {
  it('stand in views and in what is stored as the others do', () => {
    const columns = [{ id: 'metric:7', widthPixels: 90 }, { id: 'callId' }, { id: 'metric:12' }]
    const preferences = fromViewColumns(columns, 'compact')
    expect(toViewColumns(preferences)).toEqual(columns)
    expect(parsePreferences(JSON.stringify(preferences))).toEqual(preferences)
  })

  it.each(['metric:', 'metric:0', 'metric:07', 'metric:7.5', 'metric:x', 'metric'])(
    'are not what %s names',
    (id) => {
      expect(toViewColumns(fromViewColumns([{ id }], 'compact'))).toEqual([{ id: 'callId' }])
    },
  )

  it('are as many as one request can ask for', () => {
    const columns = Array.from({ length: 25 }, (_, index) => ({ id: `metric:${index + 1}` }))
    const ids = shownMetrics(fromViewColumns(columns, 'compact')).split(',')
    // 20 of the 25, the first ones.
    expect([ids.length, ids.at(-1)]).toEqual([20, '20'])
  })

  it('are asked for in one order, whatever the order of the columns', () => {
    expect(shownMetrics({ order: ['metric:12', 'status', 'metric:7'] })).toBe('7,12')
    expect(shownMetrics(DEFAULT_PREFERENCES)).toBe('')
  })
})

describe('toggleMetric', () => {
  it('puts the first one before the state and the next ones behind it, and takes them out', () => {
    const order = ['callId', 'state', 'startedAt'] as const
    const one = toggleMetric(order, 7)
    expect(one).toEqual(['callId', 'metric:7', 'state', 'startedAt'])
    expect(toggleMetric(one, 9)).toEqual(['callId', 'metric:7', 'metric:9', 'state', 'startedAt'])
    expect(toggleMetric(one, 7)).toEqual(order)
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
