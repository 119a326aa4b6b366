import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FILTER_LIMITS, FILTER_OPS, type FilterNode, GROUP_OPERATORS } from '#contract/filter.ts'
import { scored } from '#contract/metric-result.ts'
import { WireListQuery } from '#contract/wire/list-query.ts'
import { ensureMetric } from '#server/store/metrics.ts'
import { recordVerdicts } from '#server/store/verdicts.ts'
import { type StoredCall, storeCalls } from '#testing/call-builder.ts'
import { anyFilter } from '#testing/filter-arbitrary.ts'
import { damageJson, damages } from '#testing/mutate-json.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject, THEIR_PROJECT } from '#testing/their-project.ts'

let server: TestServer
/** A key of the second project alone. */
let theirs: Record<string, string>
let latency: number
let words: number

const LIST = '/observability/v1/call-logs/'
const NOW = Date.parse('2026-03-15T12:00:00Z')
const DAY_MS = 86_400_000
const daysAgo = (days: number) => NOW - days * DAY_MS

/** Keys and values that mean something to SQL, LIKE, JSON or a URL. */
const ODD_TEXTS = [
  '%',
  '_',
  '100%',
  "'",
  "' or 1=1 --",
  "'); drop table call; --",
  '"',
  'a"b',
  '\\',
  '\\%',
  '$.a',
  '?',
  ':name',
  '@p1',
  '$1',
  '[0]',
  '*',
  'a&b=c#d+e',
  '{"field":"id"}',
  'ünï 😀',
  'constructor',
]

type Seed = StoredCall & { latencyMs?: number; wordCount?: number }

const call = (callId: string, fields: StoredCall['fields'], metadata: object = {}): Seed => ({
  callId,
  fields: { agent_id: 1, agent_name: 'One', ...fields },
  content: { metadata: JSON.stringify(metadata) },
})

const SEEDS: Seed[] = [
  {
    ...call(
      'done',
      {
        started_at: daysAgo(1),
        duration_ms: 61_000,
        status: 'success',
        success: 1,
        ended_reason: 'completed',
        topic: 'greeting',
      },
      { plan: 'gold', order: { items: [{ sku: 'a-1' }, { sku: 'b-2' }] } },
    ),
    latencyMs: 2600,
    wordCount: 40,
  },
  {
    ...call(
      'hung',
      {
        agent_id: 2,
        agent_name: 'Two',
        started_at: daysAgo(8),
        duration_ms: 30_000,
        status: 'failure',
        success: 0,
        ended_reason: 'hangup',
        customer_number: '+15550100',
      },
      { plan: 'silver' },
    ),
    // No latency above 2500, but another metric's value is.
    latencyMs: 900,
    wordCount: 3000,
  },
  call(
    'open',
    { started_at: daysAgo(2), status: 'evaluating', ended_reason: 'Hangup', duration_ms: null },
    { plan: 'Gold' },
  ),
  call('refund', {
    agent_id: 2,
    agent_name: 'Two',
    started_at: daysAgo(3),
    duration_ms: 119_000,
    status: 'reviewed_success',
    success: 1,
    is_reviewed: 1,
    topic: 'Refund of a parcel',
  }),
  call('bad', {
    agent_id: 3,
    agent_name: 'Three',
    started_at: daysAgo(40),
    duration_ms: 120_000,
    status: 'reviewed_failure',
    success: 0,
    is_reviewed: 1,
    topic: 'refund',
  }),
]

const ODD_SEEDS = ODD_TEXTS.map((text, index) =>
  call(
    `odd-${index}`,
    { started_at: daysAgo(100 + index), duration_ms: 1000, topic: text, agent_name: text },
    { value: text, [text]: 'here' },
  ),
)

beforeAll(async () => {
  server = await startTestServer()
  server.setNow(new Date(NOW))
  const { writer } = server.database
  for (const name of ['Two', 'Three']) {
    const payload = { agent_name: name, assistant_id: `asst_${name}` }
    const url = '/test_framework/v1/aiagents/'
    await server.app.inject({ method: 'POST', url, headers: server.admin, payload })
  }
  theirs = await addTheirProject(server.database)
  const metric = { evalType: 'numeric', unit: '', enumValues: [], now: NOW } as const
  const [ours, other] = [
    { ...metric, projectId: 1 },
    { ...metric, projectId: THEIR_PROJECT },
  ]
  latency = await ensureMetric(writer, { ...ours, code: 'latency', name: 'Latency (in ms)' })
  words = await ensureMetric(writer, { ...ours, code: 'words', name: 'Words' })
  const theirMetric = await ensureMetric(writer, { ...other, code: 'latency', name: 'Latency' })
  const ids = await storeCalls(server.database, [...SEEDS, ...ODD_SEEDS])
  for (const [index, { latencyMs, wordCount }] of SEEDS.entries()) {
    if (latencyMs === undefined || wordCount === undefined) continue
    await record(ids[index] ?? 0, { [latency]: latencyMs, [words]: wordCount })
  }
  const [theirCall = 0] = await storeCalls(server.database, [
    {
      ...call('theirs', { agent_id: null, started_at: daysAgo(1) }, { plan: 'gold' }),
      projectId: THEIR_PROJECT,
    },
  ])
  await record(theirCall, { [theirMetric]: 9999 })
})

afterAll(() => server.close())

function record(callId: number, scores: Record<number, number>): Promise<void> {
  const verdicts = Object.entries(scores).map(([metricId, score]) => ({
    ...scored({ score }),
    metricId: Number(metricId),
    source: 'recorded' as const,
  }))
  return server.database.transaction((trx) => recordVerdicts(trx, { callId, verdicts, now: NOW }))
}

type Query = Record<string, string>

function get(query: Query, { path = LIST, headers = server.admin } = {}) {
  const search = new URLSearchParams({ project_id: '1', ...query }).toString()
  return server.app.inject({ url: `${path}?${search}`, headers })
}

const filtersV2 = (filter: unknown): Query => ({ filters_v2: JSON.stringify(filter) })
const rule = (field: string, op: string, value: unknown) => ({ field, op, value })
const all = (...conditions: unknown[]) => ({ operator: 'and', conditions })
const any = (...conditions: unknown[]) => ({ operator: 'or', conditions })
const sameRow = (...conditions: unknown[]) => ({ operator: 'same_row', conditions })

/** The sender's ids of the calls found, newest first; the count is theirs. */
async function found(query: Query): Promise<string[]> {
  const response = await get({ page_size: '200', ...query })
  expect([response.statusCode, response.json()]).toMatchObject([200, {}])
  const { count, results } = response.json()
  expect(count).toBe(results.length)
  return results.map((item: { call_id: string }) => item.call_id)
}

describe('the examples of the API', () => {
  it.each([
    [
      'successes over a minute',
      all(rule('success', 'eq', true), rule('duration', 'gte', 60)),
      ['done', 'refund'],
    ],
    [
      'completed or hung up',
      any(rule('call_ended_reason', 'eq', 'completed'), rule('call_ended_reason', 'eq', 'hangup')),
      ['done', 'hung'],
    ],
    [
      'two agents, last week',
      all(rule('agent.id', 'in', [1, 2]), rule('timestamp', 'gte', 'now-7d')),
      ['done', 'open', 'refund'],
    ],
    ['customer plan', rule('metadata.plan', 'in', ['gold', 'silver']), ['done', 'hung']],
    [
      'unreviewed failures',
      all(rule('success', 'eq', false), rule('is_reviewed', 'eq', false)),
      ['hung'],
    ],
    [
      'slow calls',
      sameRow(
        rule('metric_evaluations.metric.name', 'eq', 'Latency (in ms)'),
        rule('metric_evaluations.value', 'gt', 2500),
      ),
      ['done'],
    ],
    [
      'nested',
      // `refund` is a second short of 120 but has its topic; `done` has neither.
      all(
        rule('success', 'eq', true),
        any(rule('duration', 'gte', 120), rule('topic', 'contains', 'refund')),
      ),
      ['refund'],
    ],
    ['a call by its own id', rule('call_id', 'eq', 'hung'), ['hung']],
    [
      'the audit of a week',
      all(rule('timestamp', 'gte', 'now-9d'), rule('success', 'eq', false)),
      ['hung'],
    ],
  ])('find %s', async (_name, filter, expected) => {
    expect(await found(filtersV2(filter))).toEqual(expected)
  })

  it('find what is still evaluating', async () => {
    const filter = all(rule('success', 'isnull', true), rule('agent.agent_name', 'eq', 'One'))
    expect(await found(filtersV2(filter))).toEqual(['open'])
  })
})

describe('rules about metric results', () => {
  const slow = () => [
    rule('metric_evaluations.metric.id', 'eq', latency),
    rule('metric_evaluations.value', 'gt', 2500),
  ]

  it('hold for different results under and, for one and the same under same_row', async () => {
    expect(await found(filtersV2(all(...slow())))).toEqual(['done', 'hung'])
    expect(await found(filtersV2(sameRow(...slow())))).toEqual(['done'])
  })

  it('hold for the result of one metric where its number is named', async () => {
    const field = `metric_evaluations.${words}.value`
    expect(await found(filtersV2(rule(field, 'gt', 2500)))).toEqual(['hung'])
  })
})

describe('the older parameters', () => {
  const at = (ms: number) => new Date(ms).toISOString()

  it.each([
    [
      'duration__gte and duration__lte, both ends included',
      { duration__gte: '61', duration__lte: '119' },
      ['done', 'refund'],
    ],
    ['duration__gte as a clock', { duration__gte: '1:59' }, ['refund', 'bad']],
    [
      'call_ended_reason__in, in its own case',
      { call_ended_reason__in: 'hangup,completed' },
      ['done', 'hung'],
    ],
    ['call_ended_reason__icontains', { call_ended_reason__icontains: 'HANG' }, ['open', 'hung']],
    [
      'call_ended_reason_not_equals, also where there is none',
      { call_ended_reason_not_equals: 'hangup', timestamp_from: at(daysAgo(50)) },
      ['done', 'open', 'refund', 'bad'],
    ],
    ['customer_number__in', { customer_number__in: '+15550100' }, ['hung']],
    ['customer_number__icontains', { customer_number__icontains: '5501' }, ['hung']],
    ['call_id__icontains', { call_id__icontains: 'UN' }, ['refund', 'hung']],
    ['topic', { topic: 'refund' }, ['bad']],
    [
      'timestamp_range',
      { timestamp_range: `${at(daysAgo(8))},${at(daysAgo(2))}` },
      ['open', 'refund', 'hung'],
    ],
    // The calls begin at noon: the whole of 7 March is eight days before the 15th.
    [
      'from_date and to_date, whole days',
      { from_date: '2026-03-07', to_date: '2026-03-12' },
      ['refund', 'hung'],
    ],
    ['assistant_id', { assistant_id: 'asst_Two' }, ['refund', 'hung']],
  ] as const)('find calls by %s', async (_name, query, expected) => {
    expect(await found(query)).toEqual(expected)
  })

  it('find calls that have a result of any of several metrics', async () => {
    expect(await found({ metrics: `${latency},999` })).toEqual(['done', 'hung'])
    expect(await found({ metrics: '999' })).toEqual([])
  })

  it('narrow what filters_v2 leaves', async () => {
    const filter = filtersV2(any(rule('topic', 'contains', 'refund'), rule('success', 'eq', false)))
    expect(await found(filter)).toEqual(['refund', 'hung', 'bad'])
    expect(await found({ ...filter, success: 'false' })).toEqual(['hung', 'bad'])
    expect(await found({ ...filter, success: 'false', duration__lte: '60' })).toEqual(['hung'])
    expect(await found({ ...filter, agent_id: '2', call_id__in: 'refund,bad' })).toEqual(['refund'])
  })
})

describe('ordering', () => {
  const named = { call_id__in: 'done,hung,open,refund,bad' }

  it.each([
    ['timestamp', ['bad', 'hung', 'refund', 'open', 'done']],
    // A call without a duration comes first.
    ['duration', ['open', 'hung', 'done', 'refund', 'bad']],
    ['-duration', ['bad', 'refund', 'done', 'hung', 'open']],
    ['-agent_name', ['refund', 'hung', 'bad', 'open', 'done']],
    ['id', ['done', 'hung', 'open', 'refund', 'bad']],
    ['-created_at', ['bad', 'refund', 'open', 'hung', 'done']],
  ])('by %s, equal values by id', async (ordering, expected) => {
    expect(await found({ ...named, ordering })).toEqual(expected)
  })

  it('holds across pages, also where nothing is filtered', async () => {
    const pages = ['1', '2', '3'].map((page) => get({ ordering: 'id', page_size: '9', page }))
    const ids = (await Promise.all(pages)).flatMap((page) =>
      page.json().results.map(({ id }: { id: number }) => id),
    )
    expect(ids).toHaveLength(SEEDS.length + ODD_SEEDS.length)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  })

  it('refuses what no order is for, and names those there are', async () => {
    const response = await get({ ordering: 'metadata' })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({
      ordering: [expect.stringMatching(/^Expected one of timestamp, .*got "metadata"\.$/)],
    })
  })
})

describe('odd texts', () => {
  const names = ODD_TEXTS.map((text, index) => [text, `odd-${index}`] as const)

  it.each(names)('%s is found as the value that it is', async (text, callId) => {
    expect(await found(filtersV2(rule('metadata.value', 'eq', text)))).toEqual([callId])
    expect(await found(filtersV2(rule('topic', 'in', [text])))).toEqual([callId])
    expect(await found({ topic: text })).toEqual([callId])
    const containing = names.filter(([other]) => other.includes(text)).map(([, id]) => id)
    expect(await found(filtersV2(rule('topic', 'contains', text)))).toEqual(containing)
    expect(await found(filtersV2(rule('metadata.value', 'contains', text)))).toEqual(containing)
  })

  it.each(names)('%s is found as the metadata path that it is', async (text, callId) => {
    expect(await found(filtersV2(rule(`metadata.${text}`, 'eq', 'here')))).toEqual([callId])
  })

  it('leave the calls where they are', async () => {
    expect(await found({})).toHaveLength(SEEDS.length + ODD_SEEDS.length)
  })
})

describe('a filters_v2 that cannot be read', () => {
  const deep = (levels: number): unknown =>
    levels === 0 ? rule('id', 'eq', 1) : all(deep(levels - 1))
  const many = Array.from({ length: FILTER_LIMITS.nodes }, () => rule('id', 'eq', 1))
  const nested = (inner: unknown) => all(rule('id', 'gt', 0), any(inner))

  it.each([
    ['{', /^line 1, column 2: expected a key/],
    ['{"field":"id","op":"eq","value":1}]', /^line 1, column 35: expected the end/],
    ['{"operator":"and",\n"conditions":[,]}', /^line 2, column 15: expected a value or “]”/],
    ["{'field':'id'}", /^line 1, column 2: expected a key in double quotes/],
    ['[]', /^expected a rule .* got a list of 0$/],
    ['null', /^expected a rule .* got null$/],
    ['1', /^expected a rule .* got 1$/],
    ['"id"', /^expected a rule .* got "id"$/],
    ['['.repeat(30_000), /^line 1, column 30001: /],
    [`{"operator":"and","conditions":[${'{"operator":"or","conditions":['.repeat(900)}`, /^line 1/],
    [`"${'x'.repeat(60_000)}"`, /^expected at most 60000 characters in all$/],
    [{ field: 'id', value: 1 }, /^op: expected one of eq, neq/],
    [{ op: 'eq', value: 1 }, /^field: expected the name of a field, got nothing$/],
    [{ field: 'id', op: 'eq' }, /^value: expected a value, got none$/],
    [{ field: 7, op: 'eq', value: 1 }, /^field: expected the name of a field, got 7$/],
    [{ operator: 'and' }, /^conditions: expected a list, got nothing$/],
    [{ operator: 'and', conditions: {} }, /^conditions: expected a list, got an object$/],
    [{ conditions: [] }, /^operator: expected one of and, or, not, same_row, got nothing$/],
    [{ operator: 'AND', conditions: [] }, /^operator: expected one of and, or/],
    [{ operator: 'xor', conditions: [] }, /^operator: /],
    [{ ...all(), field: 'id', op: 'eq', value: 1 }, /^expected a rule .* got one with both/],
    [{ and: [] }, /^expected a rule .* got an object with "and"$/],
    [nested(null), /^conditions\[1\]\.conditions\[0\]: expected a rule .* got null$/],
    [nested([]), /^conditions\[1\]\.conditions\[0\]: /],
    [
      nested(rule('nonsense', 'eq', 1)),
      /^conditions\[1\]\.conditions\[0\]\.field: unknown field "nonsense".*docs\/filters\.md/,
    ],
    [nested(rule('constructor', 'eq', 1)), /^conditions\[1\]\.conditions\[0\]\.field: /],
    [nested(rule('call.id', 'eq', 1)), /\.field: unknown field/],
    [nested(rule('metadata', 'eq', 1)), /\.field: unknown field/],
    [nested(rule('metadata.', 'eq', 1)), /\.field: unknown field/],
    [nested(rule('metric_evaluations.x.value', 'eq', 1)), /\.field: unknown field/],
    [nested(rule('id; drop table call', 'eq', 1)), /\.field: unknown field/],
    [nested(rule('metadata.a\0b', 'eq', 1)), /\.field: expected text without NUL/],
    [
      nested(rule('duration', 'contains', '6')),
      /\.op: expected one of .* for “duration”, got "contains"$/,
    ],
    [nested(rule('duration', '>', 6)), /\.op: /],
    [nested(rule('duration', 'gt', 'soon')), /\.value: expected a number of seconds, got "soon"$/],
    [nested(rule('duration', 'gt', null)), /\.value: expected a number of seconds, got null$/],
    [
      nested(rule('duration', 'gt', [60])),
      /\.value: expected a number of seconds, got a list of 1$/,
    ],
    [
      nested(rule('duration', 'in', [60, 'x'])),
      /\.value\[1\]: expected a number of seconds, got "x"$/,
    ],
    [nested(rule('success', 'eq', 'maybe')), /\.value: expected true or false, got "maybe"$/],
    [nested(rule('success', 'isnull', 1)), /\.value: expected true or false, got 1$/],
    [nested(rule('status', 'eq', 'completed')), /\.value: expected one of evaluating, success/],
    [nested(rule('timestamp', 'gte', 'last week')), /\.value: expected a time such as /],
    [nested(rule('timestamp', 'gte', '2026-02-30')), /\.value: expected a time such as /],
    [nested(rule('timestamp', 'gte', 'now+1d')), /\.value: expected a time such as /],
    [nested(rule('topic', 'eq', { a: 1 })), /\.value: expected text, got an object$/],
    [nested(rule('topic', 'eq', true)), /\.value: expected text, got true$/],
    [nested(rule('topic', 'eq', 'a\0b')), /\.value: expected text without NUL/],
    [nested(rule('topic', 'eq', 'x'.repeat(501))), /\.value: expected at most 500 characters/],
    [
      nested(rule('topic', 'in', many.map((_, n) => n).concat(Array(900).fill(1)))),
      /\.value: expected at most 1000 values/,
    ],
    [nested(rule('topic', 'regex', '(')), /\.value: expected a pattern in RE2 syntax/],
    [nested(rule('topic', 'regex', '(a)\\1')), /\.value: expected a pattern in RE2 syntax/],
    [nested(rule('topic', 'regex', '(?=a)')), /\.value: expected a pattern in RE2 syntax/],
    [nested(rule('topic', 'regex', 'a'.repeat(201))), /\.value: expected a pattern of at most 200/],
    [nested({ ...rule('id', 'eq', 1), disabled: 'yes' }), /\.disabled: expected true or false/],
    [nested({ ...rule('id', 'eq', 1), not: true }), /unknown key "not"/],
    [deep(FILTER_LIMITS.depth + 1), /expected groups in at most 16 levels$/],
    [all(...many), /^conditions\[199\]: expected at most 200 rules and groups in all$/],
  ])('is answered with the place: %.80j', async (filter, message) => {
    const text = typeof filter === 'string' ? filter : JSON.stringify(filter)
    const response = await get({ filters_v2: text })
    expect(response.json()).toEqual({ filters_v2: [expect.stringMatching(message)] })
    expect(response.statusCode).toBe(400)
  })

  it('names the mistakes of other parameters first, which are read before it', async () => {
    const response = await get({ filters_v2: '{', duration__gte: 'x' })
    expect([response.statusCode, Object.keys(response.json())]).toEqual([400, ['duration__gte']])
  })
})

describe('filters_v2 of any kind', () => {
  /** 200 with a page, or 400 that names mistakes of the filter. */
  async function expectAnAnswer(text: string) {
    const response = await get({ filters_v2: text, page_size: '1', ql: '{id}' })
    const body = response.json()
    if (response.statusCode === 200) expect(body).toMatchObject({ count: expect.any(Number) })
    else expect([response.statusCode, body]).toEqual([400, { filters_v2: expect.any(Array) }])
  }

  it('is answered if it is valid', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter({ levels: 3, patterns: ['^a', 'x|ü', ''] }), async (filter) => {
        const response = await get({ ...filtersV2(filter), page_size: '1', ql: '{id}' })
        expect(response.statusCode).toBe(200)
      }),
      { numRuns: 100 },
    )
  })

  it('never fails the server where its tree is damaged', async () => {
    const shallow = damages.map((list) => list.filter(({ action }) => action !== 'bury'))
    await fc.assert(
      fc.asyncProperty(anyFilter({ levels: 3 }), shallow, (filter, list) =>
        expectAnAnswer(JSON.stringify(damageJson(filter satisfies FilterNode, list)) ?? ''),
      ),
      { numRuns: 150 },
    )
  })

  it('never fails the server where its text is damaged', async () => {
    const cut = fc.record({
      at: fc.nat(400),
      length: fc.nat(3),
      put: fc.string({ maxLength: 2, unit: 'binary' }),
    })
    await fc.assert(
      fc.asyncProperty(anyFilter({ levels: 2 }), cut, (filter, { at, length, put }) => {
        const text = JSON.stringify(filter)
        const place = at % text.length
        return expectAnAnswer(text.slice(0, place) + put + text.slice(place + length))
      }),
      { numRuns: 150 },
    )
  })
})

describe('parameters of any kind', () => {
  it('are answered with a page or with what is wrong, by their names', async () => {
    const { project_id: _, page: __, ql: ___, ...shape } = WireListQuery.shape
    const odd = fc.oneof(
      fc.constantFrom(...ODD_TEXTS, '\0', '\ud83d', ',', '0', '-1', '1e400', '9'.repeat(30)),
      fc.constantFrom('0000-01-01', '9999-12-31T23:59-18:00', '2026-03-15,2026-03-14', 'now'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    const queries = fc.dictionary(fc.constantFrom(...Object.keys(shape)), odd, { maxKeys: 4 })
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const response = await get({ page_size: '1', ...query })
        if (response.statusCode === 200) return
        expect([response.statusCode, response.json()]).toEqual([400, expect.any(Object)])
        expect(Object.keys(query)).toEqual(expect.arrayContaining(Object.keys(response.json())))
      }),
      { numRuns: 150 },
    )
  })
})

describe('a filter of another project', () => {
  const ofTheirs = (query: Query) =>
    get({ ...query, project_id: String(THEIR_PROJECT) }, { headers: theirs })

  it('finds its own calls alone, whatever is asked', async () => {
    const everything = any(rule('id', 'gt', 0), rule('call_id', 'neq', ''))
    const response = await ofTheirs(filtersV2(everything))
    expect(response.json()).toMatchObject({ count: 1, results: [{ call_id: 'theirs' }] })
    expect(await found(filtersV2(everything))).not.toContain('theirs')
  })

  it.each([
    ['the metadata', () => filtersV2(rule('metadata.plan', 'in', 'gold,silver')), 1],
    ['the results', () => filtersV2(rule('metric_evaluations.value', 'gt', 2500)), 1],
    ['the metrics', () => ({ metrics: String(latency) }), 0],
    ['the agents', () => filtersV2(rule('agent.id', 'in', [1, 2, 3])), 0],
    ['the numbers', () => ({ call_ids: '1,2,3,4,5' }), 0],
  ])('sees nothing of %s of others', async (_name, query, count) => {
    expect((await ofTheirs(query())).json()).toMatchObject({ count })
  })

  it('is refused with a key that is not of it', async () => {
    const response = await get(filtersV2({}), { headers: theirs })
    expect(response.statusCode).toBe(403)
  })
})

describe('every family of addresses', () => {
  it.each([
    '/observability/v1/call-logs',
    '/observability/v1/call-logs-external/',
    '/observability/v2/call-logs/',
    '/api/observability/v1/call-logs/',
  ])('takes filters_v2 at %s and keeps it in its links', async (path) => {
    const query = { ...filtersV2(rule('topic', 'contains', 'refund')), page_size: '1' }
    const first = (await get(query, { path })).json()
    expect(first).toMatchObject({ count: 2, results: [{ call_id: 'refund' }] })
    const { pathname, search } = new URL(first.next)
    expect(pathname).toBe(path)
    const second = await server.app.inject({ url: pathname + search, headers: server.admin })
    expect(second.json()).toMatchObject({ count: 2, next: null, results: [{ call_id: 'bad' }] })
  })
})

describe('a long address', () => {
  let address: string

  beforeAll(async () => {
    address = await server.app.listen({ port: 0, host: '127.0.0.1' })
  })

  const KILOBYTE = 1024

  it('passes up to 64 KB', async () => {
    const ids = Array.from({ length: 900 }, (_, n) => `${n}`.padStart(50, '0'))
    const { filters_v2 = '' } = filtersV2(rule('call_id', 'in', [...ids, 'hung']))
    const path = `${LIST}?project_id=1&filters_v2=${encodeURIComponent(filters_v2)}&padding=`
    const long = path.padEnd(64 * KILOBYTE, 'x')
    const response = await fetch(address + long, { headers: server.admin })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ count: 1, results: [{ call_id: 'hung' }] })
  })

  it('is refused beyond what a server must read before it knows who asks', async () => {
    const long = `${LIST}?padding=`.padEnd(96 * KILOBYTE, 'x')
    const response = await fetch(address + long, { headers: server.admin })
    expect(response.status).toBe(431)
  })
})

describe('the description of the parameters', () => {
  it('has their types, and the grammar of filters_v2', async () => {
    const document = (await server.app.inject({ url: '/openapi.json' })).json()
    const { parameters } = document.paths['/observability/v1/call-logs'].get
    const of = (wanted: string) => parameters.find(({ name }: { name: string }) => name === wanted)
    expect(of('page')).toMatchObject({ required: false, schema: { type: 'integer', minimum: 1 } })
    expect(of('timestamp_range').schema).toMatchObject({ type: 'string' })
    const { schema, description } = of('filters_v2')
    expect(schema).toMatchObject({ type: 'string' })
    for (const word of [...FILTER_OPS, ...GROUP_OPERATORS])
      expect(description).toContain(`"${word}"`)
    expect(description).toContain('docs/filters.md')
  })
})
