import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordResult } from '#testing/record-result.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer

const LIST = '/observability/v1/call-logs/'

/** 35 calls: `n-1` to `n-35`, one a minute from noon on; the last five share one moment. */
const CALL_COUNT = 35
const FIRST_MS = Date.parse('2026-03-01T12:00:00Z')

const SPOKEN: Record<number, string> = {
  1: 'My parcel never arrived.',
  2: 'Near the parcels shop AND the café in Zürich',
  3: 'He said "100% sure" (twice) about O\'Brien_x*',
  4: 'I want a refund for the parcel, NEAR me',
  5: 'Ärger mit dem Router',
}

beforeAll(async () => {
  server = await startTestServer()
  await post('/test_framework/v1/aiagents/', { agent_name: 'Second', assistant_id: 'asst_2' })
  for (let n = 1; n <= CALL_COUNT; n++) {
    const minute = Math.min(n, CALL_COUNT - 4)
    await post('/observability/v1/observe/', {
      call_id: `n-${n}`,
      agent: n % 5 === 0 ? 2 : 1,
      timestamp: new Date(FIRST_MS + (minute - 1) * 60_000).toISOString(),
      customer_number: `+1555${String(n).padStart(4, '0')}`,
      trace_id: n === 7 ? '4bf92f3577b34da6a3ce929d0e0e4736' : '',
      transcript_json: [{ role: 'Testing Agent', content: SPOKEN[n] ?? 'Hello.' }],
    })
  }
  await server.settle()
})

afterAll(() => server.close())

async function post(url: string, payload: object) {
  const response = await server.app.inject({ method: 'POST', url, headers: server.admin, payload })
  expect(response.statusCode).toBe(201)
  return response.json()
}

function get(query: Record<string, string> | string, path = LIST) {
  const search = new URLSearchParams(query).toString()
  return server.app.inject({ url: `${path}?${search}`, headers: server.admin })
}

type Item = { id: number; call_id: string; timestamp: string }

async function list(query: Record<string, string> | string): Promise<Item[]> {
  const response = await get(query)
  expect(response.statusCode).toBe(200)
  return response.json().results
}

/** The numbers of the calls found, in the order of the answer. */
async function numbers(query: Record<string, string> | string): Promise<number[]> {
  const items = await list(query)
  return items.map((item) => Number(item.call_id.replace('n-', '')))
}

async function refusal(query: Record<string, string> | string) {
  const response = await get(query)
  expect(response.statusCode).toBe(400)
  return response.json()
}

const downFrom = (first: number, last: number) =>
  Array.from({ length: first - last + 1 }, (_, index) => first - index)

describe('the order of the list', () => {
  it('is newest first, and of the same moment the later id first', async () => {
    expect(await numbers({ page_size: '200' })).toEqual(downFrom(35, 1))
  })
})

describe('paging', () => {
  it('gives 30 calls where no size is asked for, and links to the next page', async () => {
    const page = (await get('')).json()
    expect(page).toMatchObject({ count: 35, previous: null })
    expect(page.results).toHaveLength(30)
    expect(page.next).toMatch(/^http:\/\/[^/]+\/observability\/v1\/call-logs\/\?page=2$/)
  })

  it('can be walked along its links in both directions, seeing every call once', async () => {
    const seen: number[] = []
    const previous: (string | null)[] = []
    const urls: string[] = []
    for (let url: string | null = `${LIST}?page_size=10&agent_id=1`; url !== null; ) {
      urls.push(new URL(url, 'http://localhost').pathname + new URL(url, 'http://localhost').search)
      const page = (await server.app.inject({ url: urls.at(-1), headers: server.admin })).json()
      seen.push(...page.results.map((item: Item) => Number(item.call_id.replace('n-', ''))))
      previous.push(page.previous && new URL(page.previous).search)
      url = page.next
    }
    // Agent 2 has every fifth call: 28 of 35 are left.
    expect(seen).toEqual(downFrom(35, 1).filter((n) => n % 5 !== 0))
    expect(urls).toHaveLength(3)
    expect(previous).toEqual([null, '?page_size=10&agent_id=1', '?page_size=10&agent_id=1&page=2'])
  })

  it('keeps the address under which it was asked in its links', async () => {
    const page = (
      await get({ page_size: '1', page: '2' }, '/api/observability/v2/call-logs')
    ).json()
    expect(new URL(page.next).pathname).toBe('/api/observability/v2/call-logs')
  })

  it('takes limit as an older name of page_size, which counts first', async () => {
    expect(await numbers({ limit: '2' })).toEqual([35, 34])
    expect(await numbers({ limit: '2', page_size: '3' })).toEqual([35, 34, 33])
  })

  it('gives at most 200 calls whatever is asked for', async () => {
    const page = (await get({ page_size: '100000' })).json()
    expect(page).toMatchObject({ count: 35, next: null, previous: null })
    expect(page.results).toHaveLength(35)
  })

  it('answers 404 beyond the end, and an empty first page where nothing matches', async () => {
    const beyond = await get({ page: '3', page_size: '30' })
    expect(beyond.statusCode).toBe(404)
    expect(beyond.json()).toEqual({ detail: 'Invalid page.' })
    const far = await get({ page: String(Number.MAX_SAFE_INTEGER) })
    expect(far.statusCode).toBe(404)
    const none = await get({ search: 'nosuchword' })
    expect(none.json()).toEqual({ count: 0, next: null, previous: null, results: [] })
  })

  it.each([
    ['page', '0'],
    ['page', '-1'],
    ['page', '1.5'],
    ['page', 'last'],
    ['page', '1e400'],
    ['page_size', '0'],
    ['limit', 'all'],
  ])('refuses %s=%s by name', async (name, value) => {
    expect(Object.keys(await refusal({ [name]: value }))).toEqual([name])
  })

  it('reads blank parameters as left out, and ignores unknown ones', async () => {
    const blank =
      'page=&page_size=2&agent_id=&search=&timestamp_from=&call_ids=&assistant_id=&ql=&filters_v2=&success='
    expect(await numbers(`${blank}&metrics=&nonsense=1`)).toEqual([35, 34])
  })

  it('refuses a parameter that is repeated', async () => {
    expect(Object.keys(await refusal('page=1&page=2'))).toEqual(['page'])
    expect(Object.keys(await refusal('search=a&search=b'))).toEqual(['search'])
  })
})

describe('filters', () => {
  const at = (minute: number) => new Date(FIRST_MS + minute * 60_000).toISOString()

  it('take both ends of a time range, in any offset', async () => {
    expect(await numbers({ timestamp_from: at(2), timestamp_to: at(4) })).toEqual([5, 4, 3])
    // 14:02 at two hours east is 12:02 in Greenwich.
    const east = {
      timestamp_from: '2026-03-01T14:02:00+02:00',
      timestamp_to: '2026-03-01T14:02+0200',
    }
    expect(await numbers(east)).toEqual([3])
    expect(await numbers({ timestamp__gte: at(2), timestamp__lte: at(3) })).toEqual([4, 3])
  })

  it('exclude what is a millisecond outside of a time range', async () => {
    const from = new Date(FIRST_MS + 120_001).toISOString()
    const to = new Date(FIRST_MS + 239_999).toISOString()
    expect(await numbers({ timestamp_from: from, timestamp_to: to })).toEqual([4])
  })

  it('read a plus sign that lost its escape in a URL', async () => {
    const query = 'timestamp_from=2026-03-01T14:02:00+02:00&timestamp_to=2026-03-01T14:02:00+02:00'
    const response = await server.app.inject({ url: `${LIST}?${query}`, headers: server.admin })
    expect(response.json()).toMatchObject({ count: 1 })
  })

  it('read a date alone as its midnight, UTC', async () => {
    expect(await numbers({ timestamp_to: '2026-03-01' })).toEqual([])
    expect(await numbers({ timestamp_from: '2026-03-01', page_size: '1' })).toEqual([35])
  })

  it.each(['yesterday', '2026-02-30T00:00:00Z', '2026-03-01T25:00:00Z', '1772366400', 'now-7d'])(
    'refuse the time %s',
    async (time) => {
      expect(await refusal({ timestamp_from: time })).toEqual({
        timestamp_from: [expect.stringMatching(/^Expected an ISO 8601 date and time/)],
      })
    },
  )

  it('find calls by their ids', async () => {
    const [newest, next] = await list({ page_size: '2' })
    const ids = `${newest?.id}, ${next?.id},999999`
    expect(await numbers({ call_ids: ids })).toEqual([35, 34])
    expect(await numbers({ id__in: String(next?.id) })).toEqual([34])
    expect(await numbers({ call_ids: '99999999999999999999' })).toEqual([])
  })

  it("hint at call_id__in where ids are a sender's own", async () => {
    expect(await refusal({ call_ids: '1,n-3' })).toEqual({
      call_ids: [expect.stringMatching(/got "n-3".*call_id__in/)],
    })
    expect(await numbers({ call_id__in: 'n-3,n-5,nope' })).toEqual([5, 3])
  })

  it('find the calls of an agent by its id or by that of its provider', async () => {
    const ofSecond = [35, 30, 25, 20, 15, 10, 5]
    expect(await numbers({ agent_id: '2' })).toEqual(ofSecond)
    expect(await numbers({ agent: '2' })).toEqual(ofSecond)
    expect(await numbers({ assistant_id: 'asst_2' })).toEqual(ofSecond)
    expect(await numbers({ agent_id: '1', assistant_id: 'asst_2' })).toEqual([])
    expect(await numbers({ assistant_id: 'nope' })).toEqual([])
    expect(await numbers({ agent_id: '99' })).toEqual([])
  })

  it('find the calls of the project, and refuse one that is not there', async () => {
    expect(await numbers({ project_id: '1', page_size: '1' })).toEqual([35])
    expect(await refusal({ project_id: '99' })).toEqual({ project_id: ['There is no project 99.'] })
  })

  it('find calls by their outcome', async () => {
    expect((await get({ success: 'true' })).json()).toMatchObject({ count: 35 })
    expect((await get({ success: 'False' })).json()).toMatchObject({ count: 0 })
    expect(Object.keys(await refusal({ success: 'perhaps' }))).toEqual(['success'])
  })

  it('find calls by filters_v2, a lone rule or a tree', async () => {
    const filtersV2 = (filter: unknown) => ({ filters_v2: JSON.stringify(filter) })
    expect(await numbers(filtersV2({ field: 'call_id', op: 'eq', value: 'n-3' }))).toEqual([3])
    const either = {
      operator: 'or',
      conditions: [
        { field: 'call_id', op: 'eq', value: 'n-3' },
        { field: 'call_id', op: 'in', value: ['n-7', 'n-9'] },
      ],
    }
    const notNine = {
      operator: 'not',
      conditions: [{ field: 'call_id', op: 'endswith', value: '-9' }],
    }
    const tree = { operator: 'and', conditions: [either, notNine] }
    expect(await numbers(filtersV2(tree))).toEqual([7, 3])
    expect((await get(filtersV2(tree))).json()).toMatchObject({ count: 2, next: null })
    expect((await get({ filters_v2: '{}' })).json()).toMatchObject({ count: 35 })
  })

  it('refuse a filters_v2 that cannot be read, with each mistake by its place', async () => {
    const filter = {
      operator: 'and',
      conditions: [
        { field: 'duration', op: 'gt', value: 'soon' },
        { field: 'call_id', op: 'regex', value: '(' },
        { field: 'nonsense', op: 'eq', value: 1 },
      ],
    }
    expect(await refusal({ filters_v2: JSON.stringify(filter) })).toEqual({
      filters_v2: [
        expect.stringMatching(/^conditions\[0\]\.value: /),
        expect.stringMatching(/^conditions\[1\]\.value: /),
        expect.stringMatching(/^conditions\[2\]\.field: /),
      ],
    })
    expect(Object.keys(await refusal({ filters_v2: '{"field":' }))).toEqual(['filters_v2'])
  })

  it('narrow each other', async () => {
    expect(await numbers({ agent_id: '2', timestamp_to: at(9), search: 'hello' })).toEqual([10])
    const filter = { field: 'call_id', op: 'in', value: 'n-10,n-11' }
    expect(await numbers({ agent_id: '2', filters_v2: JSON.stringify(filter) })).toEqual([10])
  })
})

describe('search', () => {
  it.each([
    ['a part of the call_id', 'n-33', [33]],
    ['the whole number', '+15550012', [12]],
    ['a part of the number', '5550012', [12]],
    ['a part of the trace id', 'b34da6a3', [7]],
    ['a word that was said', 'refund', [4]],
    ['a word in other letters', 'REFUND', [4]],
    ['the begin of a word', 'parc', [4, 2, 1]],
    ['several words in any order', 'arrived parcel', [1]],
    ['several words of which the last is begun', 'parcel arr', [1]],
    ['a word without its accents', 'zurich cafe', [2]],
    ['a word whose accents are apart from their letters', 'cafe\u0301', [2]],
    ['a word with accents where the letter was spoken so', 'ärger', [5]],
  ])('finds %s', async (_name, search, expected) => {
    expect(await numbers({ search })).toEqual(expected)
  })

  it.each([
    ['parcels AND', [2]],
    ['NEAR', [4, 2]],
    ['NEAR(parcel arrived)', []],
    ['parcel NOT refund', []],
    ['parcel OR refund', []],
    ['"100%', [3]],
    ['(twice)', [3]],
    ['sure*', [3]],
    ["O'Brien_x*", [3]],
    ['transcript_text:parcel', []],
    ['^parcel', [4, 2, 1]],
    ['{parcel refund}', [4]],
  ])('reads %s as plain text', async (search, expected) => {
    expect(await numbers({ search })).toEqual(expected)
  })

  it.each([
    '"',
    '*',
    '()',
    '-',
    '%',
    '_',
    "'",
    '\\',
    '"""',
    'a"b',
    '\0',
    'abc\0def',
    '😀😀😀',
    '\ud83d',
  ])('answers with a list, whatever is typed: %j', async (search) => {
    expect((await get({ search })).statusCode).toBe(200)
  })

  it('reads only spaces as nothing to search for', async () => {
    expect((await get({ search: '   ' })).json()).toMatchObject({ count: 35 })
  })

  it('refuses more than 200 characters', async () => {
    expect(Object.keys(await refusal({ search: 'x'.repeat(201) }))).toEqual(['search'])
  })
})

describe('results of metrics', () => {
  it('come with the calls that have some, in the words of each address', async () => {
    const [judged, other] = await list({ call_id__in: 'n-1,n-2' })
    await server.database.transaction((trx) => recordResult(trx, { callId: judged?.id ?? 0 }))
    const query = { call_id__in: 'n-1,n-2' }
    const type = 'binary_workflow_adherence'
    expect(await list(query)).toMatchObject([
      {
        id: judged?.id,
        metrics: [{ name: 'Politeness', type, score: 0, enum: null, value: 'false' }],
        evaluation: {
          metrics: [
            {
              type,
              explanation: ['No greeting.'],
              vocera_defined_metric_code: 'politeness',
              passed: false,
            },
          ],
        },
      },
      { id: other?.id, metrics: [], evaluation: { metrics: [] } },
    ])
    const newer = await get(query, '/observability/v2/call-logs/')
    expect(newer.json().results[0].metrics).toMatchObject([{ type: 'binary' }])
    const detail = await server.app.inject({
      url: `/observability/v2/call-logs/${judged?.id}/`,
      headers: server.admin,
    })
    expect(detail.json().evaluation.metrics).toMatchObject([{ type: 'binary' }])
    expect(await list({ ...query, ql: '{call_id,metrics{value}}' })).toEqual([
      { call_id: judged?.call_id, metrics: [{ value: 'false' }] },
      { call_id: other?.call_id, metrics: [] },
    ])
  })
})

describe('ql', () => {
  it('does not load transcripts that it leaves out', async () => {
    const [whole] = await list({ call_id__in: 'n-3' })
    const content = () => server.database.writer.updateTable('call_content')
    const { segments } = await server.database.reader
      .selectFrom('call_content')
      .select('segments')
      .where('call_id', '=', whole?.id ?? 0)
      .executeTakeFirstOrThrow()
    // Whoever loads them fails.
    await content()
      .set({ segments: 'broken' })
      .where('call_id', '=', whole?.id ?? 0)
      .execute()
    const get3 = (ql: string) => get({ call_id__in: 'n-3', ql })
    const without = await get3('{-transcript,-transcript_object}')
    const statuses = [await get3('{id,transcript}'), await get3('{*}'), await get3('{id}')]
    await content()
      .set({ segments })
      .where('call_id', '=', whole?.id ?? 0)
      .execute()
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([500, 500, 200])
    const { transcript: _text, transcript_object: _turns, ...rest } = Object(whole)
    expect(without.json().results).toEqual([rest])
  })

  const first = { agent_id: '1', page_size: '1' }

  it('keeps the named fields', async () => {
    expect(await list({ ...first, ql: '{call_id, success}' })).toEqual([
      { call_id: 'n-34', success: true },
    ])
  })

  it('leaves fields out', async () => {
    const [all] = await list(first)
    const [some] = await list({ ...first, ql: '{-transcript,-transcript_object}' })
    const { transcript, transcript_object, ...rest } = all as Item & Record<string, unknown>
    expect(some).toEqual(rest)
    expect(await list({ ...first, ql: '{*}' })).toEqual([all])
  })

  it('selects inside of fields', async () => {
    const ql = '{id,transcript_object{role},evaluation{metrics}}'
    const [item] = await list({ ...first, ql })
    expect(item).toEqual({
      id: expect.any(Number),
      transcript_object: [{ role: 'Testing Agent' }],
      evaluation: { metrics: [] },
    })
    const detail = await get({ ql: '{transcript_object{content}}' }, `${LIST}${item?.id}/`)
    expect(detail.json()).toEqual({ transcript_object: [{ content: 'Hello.' }] })
  })

  it.each([
    '{id,nonsense}',
    '{-nonsense}',
    '{transcript_object{nonsense}}',
    '{constructor}',
    '{__proto__}',
    '{toString}',
    'id',
    '{id',
    '{id}}',
    '{id,,call_id}',
    '{1}',
    '{'.repeat(5000),
    '{a'.repeat(5000),
  ])('refuses %s', async (ql) => {
    expect(Object.keys(await refusal({ ...first, ql }))).toEqual(['ql'])
  })

  it('refuses unknown names also where no call is found', async () => {
    expect(Object.keys(await refusal({ search: 'nosuchword', ql: '{nonsense}' }))).toEqual(['ql'])
  })
})

describe('the addresses of the list', () => {
  const families = ['v1/call-logs', 'v1/call-logs-external', 'v2/call-logs']
  const urls = ['', '/api'].flatMap((prefix) =>
    families.flatMap((family) =>
      ['', '/'].map((slash) => `${prefix}/observability/${family}${slash}`),
    ),
  )

  it.each(urls)('include %s', async (url) => {
    const response = await get({ page_size: '1' }, url)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ count: 35, results: [{ call_id: 'n-35' }] })
  })
})
