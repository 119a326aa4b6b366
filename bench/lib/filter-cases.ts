import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { FilterGroup, FilterNode } from '#contract/filter.ts'
import { spellFilter } from '#contract/filter-url.ts'
import { createRandom, pick } from './sample-text.ts'
import type { Bar } from './table.ts'

/** The same questions as a path of the API and as the least SQL; asked one after the other, round and round. */
export type FilterCase = {
  what: string
  paths: readonly string[]
  /** So many are asked together, and the last answer counts; 1 if not given. */
  atOnce?: number
  bare: readonly (() => unknown)[]
  bars?: readonly Bar[]
}

const PAGE = 60
const NEWEST = `order by call.started_at desc, call.id desc limit ${PAGE + 1}`
const COLUMNS = [
  'id, call_id, agent_id, agent_name, started_at, is_started_at_receipt, duration_ms, status',
  'is_judged, is_reviewed, customer_number, ended_reason, topic, transcript_state, recording_state',
  'error_message, is_demo, updated_at, longest_gap_ms, interruption_count, tool_error_count',
]
  .join(', ')
  .replaceAll(/(^|, )/g, '$1call.')

type Question = {
  filter: FilterGroup
  where: string
  parameters: readonly SQLInputValue[]
  /** The way to the calls for the bare SQL, as someone who knows them would choose it. */
  ways?: { page: string; count: string }
}

/** A page: along the list until it is full. A count: through all calls as they lie. */
const LONG_WAYS = { page: 'call indexed by call_by_started_at', count: 'call not indexed' }
const LEFT_TO_SQLITE = { page: 'call', count: 'call' }
const BY_ATTRIBUTE = {
  page: 'call_attribute own cross join call on call.id = own.call_id',
  count: 'call_attribute own cross join call on call.id = own.call_id',
}

/** What a list of very many calls is asked. `db` is for the bare SQL. */
export function filterCases(db: DatabaseSync): FilterCase[] {
  const nested = nestedQuestions(db)
  const unmet = unmetQuestions(db)
  const excluding = excludingQuestions(db)
  const rare = rareQuestions(db)
  const wide = wideQuestions(db)
  return [
    {
      what: 'list, newest first: page',
      paths: [`/api/calls?limit=${PAGE}`],
      bare: [rows(db, `select ${COLUMNS} from call where project_id = 1 ${NEWEST}`)],
      bars: [
        { on: 'value', of: 1, atMost: 25 },
        { on: 'ratio', of: 1, atMost: 2 },
      ],
    },
    { ...pageCase(db, `5 nested rules (${nested.length} filters)`, nested), bars: NESTED_BARS },
    { ...pageCase(db, 'the same, 4 at once', nested), atOnce: 4 },
    countCase(db, 'the same', nested),
    { ...pageCase(db, '5 nested rules that no call meets', unmet), bars: NESTED_BARS },
    countCase(db, 'the same', unmet),
    pageCase(db, 'two frequent values that exclude each other', excluding),
    countCase(db, 'the same', excluding),
    pageCase(db, 'one rule that few calls meet', rare),
    pageCase(db, 'one rule that many meet', wide),
    countCase(db, 'the same', wide),
    ...textCases(db),
    ...facetCases(db),
  ]
}

const NESTED_BARS: readonly Bar[] = [
  { on: 'value', of: 0, atMost: 60 },
  { on: 'value', of: 1, atMost: 250 },
]

function pageCase(db: DatabaseSync, what: string, questions: readonly Question[]): FilterCase {
  return {
    what: `${what}: page`,
    paths: questions.map(pagePath),
    bare: questions.map((question) => barePage(db, question)),
  }
}

function countCase(db: DatabaseSync, what: string, questions: readonly Question[]): FilterCase {
  return {
    what: `${what}: exact count`,
    paths: questions.map(countPath),
    bare: questions.map((question) => bareCount(db, question)),
  }
}

function and(...conditions: FilterNode[]): FilterGroup {
  return { operator: 'and', conditions }
}

/** A gap, a metadata path, a metric score, and one of two facts about the end; 0.01 % to 1 % of a million calls meet all. */
function nestedQuestions(db: DatabaseSync): Question[] {
  const random = createRandom(5)
  return Array.from({ length: NESTED_FILTERS }, () => {
    const path = pick(random, PATHS)
    return nestedQuestion(db, {
      gapMs: 1000 + Math.floor(random() * 3500),
      path: path.name,
      value: pick(random, path.values),
      score: 2000 + Math.floor(random() * 2400),
      reason: pick(random, REASONS),
      durationMs: 1000 * (120 + Math.floor(random() * 900)),
    })
  })
}

/** Each rule is met by 12,000 calls and more, all five by none. */
function unmetQuestions(db: DatabaseSync): Question[] {
  return [8300, 8400, 8500, 8600, 8700].map((gapMs, index) => ({
    ...nestedQuestion(db, {
      gapMs,
      path: 'campaign',
      value: `spring-${index + 10}`,
      score: 4450,
      reason: 'unknown-error',
      durationMs: 1_450_000,
    }),
    ways: LEFT_TO_SQLITE,
  }))
}

const NESTED_FILTERS = 40
const REASONS = ['silence-timed-out', 'pipeline-error', 'voicemail', 'customer-ended-call']
const PATHS = [
  { name: 'customer.plan', values: ['free', 'gold', 'silver'] },
  { name: 'region', values: ['EU', 'US', 'APAC'] },
  { name: 'campaign', values: ['spring-3', 'spring-17', 'spring-31'] },
]

function nestedQuestion(
  db: DatabaseSync,
  wanted: {
    gapMs: number
    path: string
    value: string
    score: number
    reason: string
    durationMs: number
  },
): Question {
  const { gapMs, path, value, score, reason, durationMs } = wanted
  const latency = metricId(db, 'bench-latency')
  return {
    filter: and(
      { field: 'longest_response_gap', op: 'gt', value: gapMs / 1000 },
      { field: `metadata.${path}`, op: 'eq', value },
      { field: `metric_evaluations.${latency}.score`, op: 'gt', value: score },
      {
        operator: 'or',
        conditions: [
          { field: 'call_ended_reason', op: 'eq', value: reason },
          { field: 'duration', op: 'gte', value: durationMs / 1000 },
        ],
      },
    ),
    where: `call.longest_gap_ms > ? and ${HAS_VALUE}
      and exists (select 1 from verdict v indexed by verdict_current where v.call_id = call.id and v.metric_id = ? and v.is_current = 1 and v.score > ?)
      and (call.ended_reason = ? or call.duration_ms >= ?)`,
    parameters: [gapMs, pathId(db, path), value, latency, score, reason, durationMs],
  }
}

const HAS_VALUE =
  'exists (select 1 from call_attribute a where a.call_id = call.id and a.path_id = ? and a.text_value = ?)'

function excludingQuestions(db: DatabaseSync): Question[] {
  const region = pathId(db, 'region')
  const relevancy = metricId(db, 'bench-relevancy')
  return [
    {
      filter: and(
        { field: 'metadata.region', op: 'eq', value: 'EU' },
        { field: 'metadata.region', op: 'eq', value: 'US' },
      ),
      where: `${HAS_VALUE} and ${HAS_VALUE}`,
      parameters: [region, 'EU', region, 'US'],
    },
    {
      filter: and(
        { field: `metric_evaluations.${relevancy}.passed`, op: 'eq', value: true },
        { field: `metric_evaluations.${relevancy}.score`, op: 'lt', value: 5 },
      ),
      where: `exists (select 1 from verdict v indexed by verdict_current where v.call_id = call.id and v.metric_id = ? and v.is_current = 1 and v.passed = 1)
        and exists (select 1 from verdict v indexed by verdict_current where v.call_id = call.id and v.metric_id = ? and v.is_current = 1 and v.score < 5)`,
      parameters: [relevancy, relevancy],
    },
    {
      filter: and(
        { field: 'success', op: 'eq', value: true },
        { field: 'status', op: 'eq', value: 'failure' },
      ),
      where: "call.success = 1 and call.status = 'failure'",
      parameters: [],
    },
  ]
}

function rareQuestions(db: DatabaseSync): Question[] {
  const order = pathId(db, 'order.id')
  return [17, 4711, 99_999, 500_000].map((number) => ({
    filter: and({ field: 'metadata.order.id', op: 'eq', value: `o-${number}` }),
    where: 'own.path_id = ? and own.text_value = ?',
    parameters: [order, `o-${number}`],
    ways: BY_ATTRIBUTE,
  }))
}

function wideQuestions(db: DatabaseSync): Question[] {
  const region = pathId(db, 'region')
  const relevancy = metricId(db, 'bench-relevancy')
  return [
    {
      filter: and({ field: 'success', op: 'eq', value: true }),
      where: 'call.success = 1',
      parameters: [],
    },
    {
      filter: and({ field: 'metadata.region', op: 'eq', value: 'EU' }),
      where: HAS_VALUE,
      parameters: [region, 'EU'],
    },
    {
      filter: and({ field: `metric_evaluations.${relevancy}.passed`, op: 'eq', value: true }),
      where:
        'exists (select 1 from verdict v indexed by verdict_current where v.call_id = call.id and v.metric_id = ? and v.is_current = 1 and v.passed = 1)',
      parameters: [relevancy],
    },
  ]
}

const TEXTS = [
  { text: 'refund monday', match: '"refund" "monday"*' },
  { text: '"cancel my contract"', match: '"cancel my contract"' },
  { text: 'insur*', match: '"insur"*' },
  { text: 'the', match: '"the"*' },
]

function textCases(db: DatabaseSync): FilterCase[] {
  return TEXTS.flatMap(({ text, match }) => {
    const search = encodeURIComponent(text)
    const found = 'call.id in (select rowid from call_text where call_text match ?)'
    return [
      {
        what: `full text ${text}: page, newest first`,
        paths: [`/api/calls?limit=${PAGE}&search=${search}`],
        bare: [
          rows(
            db,
            `select ${COLUMNS} from call_text join call on call.id = call_text.rowid
              where call_text match ? order by call_text.rowid desc limit ${PAGE + 1}`,
            [match],
          ),
        ],
        bars: [{ on: 'value', of: 1, atMost: 200 }],
      },
      {
        what: `full text ${text}: page, best first`,
        paths: [`/api/calls?limit=${PAGE}&search=${search}&sort=relevance`],
        bare: [
          rows(
            db,
            `select ${COLUMNS} from (select rowid, rank from call_text where call_text match ?
              order by rowid desc limit 20000) hit join call on call.id = hit.rowid
              order by hit.rank limit ${PAGE + 1}`,
            [match],
          ),
        ],
        bars: [{ on: 'value', of: 1, atMost: 200 }],
      },
      {
        what: `full text ${text}: exact count`,
        paths: [`/api/calls/count?search=${search}`],
        bare: [rows(db, `select count(*) from call where project_id = 1 and ${found}`, [match])],
      },
    ]
  })
}

function facetCases(db: DatabaseSync): FilterCase[] {
  const plan = pathId(db, 'customer.plan')
  const failed = spellFilter(and({ field: 'success', op: 'eq', value: false }))
  return [
    {
      what: 'facet of ended reason, every call',
      paths: ['/api/calls/facet?field=call_ended_reason'],
      bare: [
        rows(
          db,
          `select ended_reason, count(*) as n from call where project_id = 1
            group by ended_reason order by n desc limit 20`,
        ),
      ],
    },
    {
      what: 'facet of a metadata path, every call',
      paths: ['/api/calls/facet?field=metadata.customer.plan'],
      bare: [
        rows(
          db,
          `select text_value, count(*) as n from call_attribute where path_id = ?
            group by text_value order by n desc limit 20`,
          [plan],
        ),
      ],
    },
    {
      what: 'facet of a metadata path, failed calls',
      paths: [`/api/calls/facet?field=metadata.customer.plan&filter=${encodeURIComponent(failed)}`],
      bare: [
        rows(
          db,
          `select a.text_value, count(*) as n from call join call_attribute a on a.call_id = call.id
            where call.project_id = 1 and call.success = 0 and a.path_id = ?
            group by a.text_value order by n desc limit 20`,
          [plan],
        ),
      ],
    },
  ]
}

function pagePath({ filter }: Question): string {
  return `/api/calls?limit=${PAGE}&filter=${encodeURIComponent(spellFilter(filter))}`
}

function countPath({ filter }: Question): string {
  return `/api/calls/count?filter=${encodeURIComponent(spellFilter(filter))}`
}

function barePage(db: DatabaseSync, { where, parameters, ways = LONG_WAYS }: Question) {
  const sql = `select ${COLUMNS} from ${ways.page} where call.project_id = 1 and ${where} ${NEWEST}`
  return rows(db, sql, parameters)
}

function bareCount(db: DatabaseSync, { where, parameters, ways = LONG_WAYS }: Question) {
  const sql = `select count(*) from ${ways.count} where call.project_id = 1 and ${where}`
  return rows(db, sql, parameters)
}

function rows(db: DatabaseSync, sql: string, parameters: readonly SQLInputValue[] = []) {
  const statement = db.prepare(sql)
  return () => statement.all(...parameters)
}

function metricId(db: DatabaseSync, code: string): number {
  return Number(db.prepare('select id from metric where code = ?').get(code)?.id)
}

function pathId(db: DatabaseSync, path: string): number {
  return Number(db.prepare('select id from attribute_path where path = ?').get(path)?.id)
}
