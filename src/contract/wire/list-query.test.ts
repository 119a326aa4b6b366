import { describe, expect, it } from 'vitest'
import { EVERY_CALL, type FilterGroup } from '../filter.ts'
import { parseFilter } from '../filter-parse.ts'
import { listOrderOf, pageSizeOf, toListFilter, WireListQuery } from './list-query.ts'

const read = (query: Record<string, string>) => WireListQuery.parse(query)

/** The rules that a query string stands for, each as `[field, op, value]`. */
function rulesOf(query: Record<string, string>): unknown[] {
  const { conditions } = toListFilter(read(query), EVERY_CALL)
  return conditions.slice(0, -1).map((node) => Object.values(node))
}

function refusals(query: Record<string, unknown>): Record<string, string[]> {
  const issues = WireListQuery.safeParse(query).error?.issues ?? []
  const byName = Map.groupBy(issues, ({ path }) => String(path[0]))
  return Object.fromEntries([...byName].map(([name, own]) => [name, own.map((i) => i.message)]))
}

const MORNING = '2026-03-15T10:00:00.000Z'

/** One example of every parameter that says which calls. */
const EXAMPLES = [
  ['timestamp_from', '2026-03-15T12:00:00+02:00', [['timestamp', 'gte', MORNING]]],
  ['timestamp_to', '2026-03-15', [['timestamp', 'lte', '2026-03-15T00:00:00.000Z']]],
  ['timestamp__gte', '2026-03-15T10:00Z', [['timestamp', 'gte', MORNING]]],
  ['timestamp__lte', '2026-03-15 10:00', [['timestamp', 'lte', MORNING]]],
  [
    'timestamp_range',
    '2026-03-15T10:00Z, 2026-03-16',
    [
      ['timestamp', 'gte', MORNING],
      ['timestamp', 'lte', '2026-03-16T00:00:00.000Z'],
    ],
  ],
  ['from_date', '2026-03-15', [['timestamp', 'gte', '2026-03-15']]],
  ['to_date', '2026-03-15', [['timestamp', 'lte', '2026-03-15']]],
  ['duration__gte', '60', [['duration', 'gte', 60]]],
  ['duration__lte', '1:30', [['duration', 'lte', 90]]],
  [
    'call_ended_reason__in',
    'hangup, completed',
    [['call_ended_reason', 'in', ['hangup', 'completed']]],
  ],
  ['call_ended_reason__icontains', '100%_', [['call_ended_reason', 'contains', '100%_']]],
  ['call_ended_reason_not_equals', 'hangup', [['call_ended_reason', 'neq', 'hangup']]],
  ['customer_number__in', '+1555,007', [['customer_number', 'in', ['+1555', '007']]]],
  ['customer_number__icontains', '555', [['customer_number', 'contains', '555']]],
  ['call_id__in', 'n-1,,7', [['call_id', 'in', ['n-1', '7']]]],
  ['call_id__icontains', 'N-1', [['call_id', 'contains', 'N-1']]],
  ['call_ids', '5181749, 5181752,', [['id', 'in', [5181749, 5181752]]]],
  ['id__in', '7', [['id', 'in', [7]]]],
  ['success', 'False', [['success', 'eq', false]]],
  ['metrics', '35,41', [['metric_evaluations.metric.id', 'in', [35, 41]]]],
  ['topic', 'refund', [['topic', 'eq', 'refund']]],
  ['assistant_id', 'asst_1', [['agent.assistant_id', 'eq', 'asst_1']]],
  ['agent_id', '7', [['agent.id', 'eq', 7]]],
  ['agent', '7', [['agent.id', 'eq', 7]]],
] as const

describe('toListFilter', () => {
  it.each(EXAMPLES)('reads %s=%s as its rules', (name, value, expected) => {
    expect(rulesOf({ [name]: value })).toEqual(expected)
  })

  it('has an example here of every parameter that says which calls', () => {
    const others = ['page', 'page_size', 'limit', 'ordering', 'filters_v2', 'search', 'ql']
    expect([...others, 'project_id', ...EXAMPLES.map(([name]) => name)].sort()).toEqual(
      Object.keys(WireListQuery.shape).sort(),
    )
  })

  it('is what the language itself would read, whatever the parameters', () => {
    for (const [name, value] of EXAMPLES) {
      const filter = toListFilter(read({ [name]: value }), EVERY_CALL)
      expect(parseFilter(filter)).toEqual({ ok: true, filter })
    }
  })

  it('lets every parameter and filters_v2 narrow what the others leave', () => {
    const filtersV2: FilterGroup = {
      operator: 'or',
      conditions: [{ field: 'topic', op: 'eq', value: 'a' }],
    }
    const query = read({
      agent_id: '7',
      success: 'true',
      timestamp_from: MORNING,
      id__in: '1',
      call_ids: '2',
    })
    const { operator, conditions } = toListFilter(query, filtersV2)
    expect(operator).toBe('and')
    expect(conditions.at(-1)).toBe(filtersV2)
    expect(conditions).toHaveLength(6)
  })

  it('is every call where nothing is asked, or only blanks', () => {
    const blanks = Object.fromEntries(Object.keys(WireListQuery.shape).map((name) => [name, '']))
    expect(rulesOf({})).toEqual([])
    expect(rulesOf(blanks)).toEqual([])
  })

  it.each([
    ['timestamp_from', 'yesterday', /^Expected an ISO 8601 date and time .*got "yesterday"\.$/],
    // Hours ahead of the last day that a year of four digits has.
    ['timestamp_to', '9999-12-31T23:59:00-18:00', /^Expected a time such as .*got "\+010000-/],
    ['timestamp_from', '0000-01-01', /^Expected a time such as /],
    [
      'timestamp_range',
      '2026-03-15',
      /^Expected two ISO 8601 times with a comma.*got "2026-03-15"\.$/,
    ],
    ['timestamp_range', '2026-03-15,', /^Expected two ISO 8601 times/],
    ['timestamp_range', '2026-03-15,2026-03-16,2026-03-17', /^Expected two ISO 8601 times/],
    ['timestamp_range', 'now-7d,now', /^Expected two ISO 8601 times/],
    ['from_date', 'now-7d', /^Expected a day such as 2026-03-15, got "now-7d"\.$/],
    ['to_date', '2026-02-30', /^Expected a day such as 2026-03-15, got "2026-02-30"\.$/],
    ['duration__gte', 'long', /^Expected a number of seconds, got "long"\.$/],
    ['duration__lte', '1e999', /^Expected a number of seconds, got "1e999"\.$/],
    ['call_ids', '1,n-3', /^Expected comma-separated call log ids .*got "n-3"\. .*call_id__in\.$/],
    ['id__in', '-1', /^Expected comma-separated call log ids .*got "-1"/],
    ['call_ids', ' , ', /^Expected comma-separated call log ids/],
    ['metrics', 'Latency', /^Expected comma-separated metric ids .*got "Latency"\.$/],
    ['success', 'perhaps', /^Expected true or false, got "perhaps"\.$/],
    ['topic', 'x'.repeat(501), /^Expected at most 500 characters, got "x+…"\.$/],
    ['topic', 'a\0b', /^Expected text without NUL/],
    ['customer_number__in', `1,${'x'.repeat(501)}`, /^Expected at most 500 characters/],
    [
      'call_id__in',
      Array.from({ length: 1001 }, (_, n) => n).join(),
      /^Expected at most 1000 values/,
    ],
    ['agent_id', 'Ada', /^Expected a whole number from 1, got "Ada"\.$/],
    ['page', '0', /^Expected a whole number from 1, got "0"\.$/],
    ['page', '99999999999999999999', /^Expected a whole number from 1, got "9+"\.$/],
    [
      'ordering',
      '-cost',
      /^Expected one of timestamp, duration, .*created_at, with a leading - .*got "-cost"\.$/,
    ],
    ['ordering', 'timestamp,id', /^Expected one of .*got "timestamp,id"\.$/],
    ['ordering', 'constructor', /^Expected one of .*got "constructor"\.$/],
  ])('refuses %s=%s by name, with what was expected and what came', (name, value, message) => {
    expect(refusals({ [name]: value })).toEqual({ [name]: [expect.stringMatching(message)] })
  })

  it('refuses a parameter that is repeated, and names every wrong one at once', () => {
    expect(refusals({ topic: ['a', 'b'], duration__gte: 'x', page: '-1' })).toEqual({
      topic: ['Expected one text, got ["a","b"].'],
      duration__gte: ['Expected a number of seconds, got "x".'],
      page: ['Expected a whole number from 1, got "-1".'],
    })
  })
})

describe('listOrderOf', () => {
  it('is newest first where nothing is asked', () => {
    expect(listOrderOf(read({}))).toBe('-startedAt')
  })

  it('reads the names of the wire, with a minus for descending', () => {
    const orders = ['timestamp', '-duration', 'agent_name', '-created_at', 'id']
    expect(orders.map((ordering) => listOrderOf(read({ ordering })))).toEqual([
      'startedAt',
      '-durationSeconds',
      'agentName',
      '-id',
      'id',
    ])
  })
})

describe('pageSizeOf', () => {
  it('takes page_size before limit, 30 without either, and never more than 200', () => {
    const sizes: Record<string, string>[] = [
      {},
      { limit: '2' },
      { limit: '2', page_size: '3' },
      { page_size: '201' },
    ]
    expect(sizes.map((query) => pageSizeOf(read(query)))).toEqual([30, 2, 3, 200])
  })
})
