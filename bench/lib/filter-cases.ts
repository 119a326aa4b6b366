import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { FilterGroup, FilterNode } from '#contract/filter.ts'
import { spellFilter } from '#contract/filter-url.ts'
import type { Bar } from './table.ts'

/** The same questions as a path of the API and as the least SQL; asked one after the other, round and round. */
export type FilterCase = {
  what: string
  paths: readonly string[]
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

type Question = { filter: FilterGroup; where: string; parameters: readonly SQLInputValue[] }

/** What a list of very many calls is asked. `db` is for the bare SQL. */
export function filterCases(db: DatabaseSync): FilterCase[] {
  const nested = nestedQuestions(db)
  const rare = rareQuestions()
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
    {
      what: `nested filter of 5 rules (${nested.length} of them): page`,
      paths: nested.map(pagePath),
      bare: nested.map((question) => barePage(db, question)),
      bars: [
        { on: 'value', of: 0, atMost: 60 },
        { on: 'value', of: 1, atMost: 250 },
      ],
    },
    {
      what: 'the same: exact count',
      paths: nested.map(countPath),
      bare: nested.map((question) => bareCount(db, question)),
    },
    {
      what: 'one rule that few calls satisfy: page',
      paths: rare.map(pagePath),
      bare: rare.map((question) => barePage(db, question)),
    },
    {
      what: 'one rule that many satisfy: page',
      paths: wide.map(pagePath),
      bare: wide.map((question) => barePage(db, question)),
    },
    {
      what: 'the same: exact count',
      paths: wide.map(countPath),
      bare: wide.map((question) => bareCount(db, question)),
    },
    ...textCases(db),
    ...facetCases(db),
  ]
}

function and(...conditions: FilterNode[]): FilterGroup {
  return { operator: 'and', conditions }
}

/** A gap, a metadata path, a metric score, and one of two facts about the end. */
function nestedQuestions(db: DatabaseSync): Question[] {
  const latency = idOf(db, "select id from metric where code = 'bench-latency'")
  const plan = idOf(db, "select id from attribute_path where path = 'customer.plan'")
  return ['free', 'gold', 'silver'].flatMap((value) =>
    [2500, 3500, 4200].flatMap((score) =>
      [1500, 4000].map((gapMs) => ({
        filter: and(
          { field: 'longest_response_gap', op: 'gt', value: gapMs / 1000 },
          { field: 'metadata.customer.plan', op: 'eq', value },
          { field: `metric_evaluations.${latency}.score`, op: 'gt', value: score },
          {
            operator: 'or',
            conditions: [
              { field: 'call_ended_reason', op: 'eq', value: 'silence-timed-out' },
              { field: 'duration', op: 'gte', value: 300 },
            ],
          },
        ),
        where: `call.longest_gap_ms > ?
          and exists (select 1 from call_attribute a where a.call_id = call.id and a.path_id = ? and a.text_value = ?)
          and exists (select 1 from verdict v where v.call_id = call.id and v.metric_id = ? and v.is_current = 1 and v.score > ?)
          and (call.ended_reason = 'silence-timed-out' or call.duration_ms >= 300000)`,
        parameters: [gapMs, plan, value, latency, score],
      })),
    ),
  )
}

function rareQuestions(): Question[] {
  return [17, 4711, 99_999, 500_000].map((number) => ({
    filter: and({ field: 'metadata.order.id', op: 'eq', value: `o-${number}` }),
    where: `call.id in (select a.call_id from call_attribute a join attribute_path p on p.id = a.path_id
      where p.path = 'order.id' and a.text_value = ?)`,
    parameters: [`o-${number}`],
  }))
}

function wideQuestions(db: DatabaseSync): Question[] {
  const region = idOf(db, "select id from attribute_path where path = 'region'")
  const relevancy = idOf(db, "select id from metric where code = 'bench-relevancy'")
  return [
    {
      filter: and({ field: 'success', op: 'eq', value: true }),
      where: 'call.success = 1',
      parameters: [],
    },
    {
      filter: and({ field: 'metadata.region', op: 'eq', value: 'EU' }),
      where:
        'exists (select 1 from call_attribute a where a.call_id = call.id and a.path_id = ? and a.text_value = ?)',
      parameters: [region, 'EU'],
    },
    {
      filter: and({ field: `metric_evaluations.${relevancy}.passed`, op: 'eq', value: true }),
      where:
        'exists (select 1 from verdict v where v.call_id = call.id and v.metric_id = ? and v.is_current = 1 and v.passed = 1)',
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
  const plan = idOf(db, "select id from attribute_path where path = 'customer.plan'")
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

function barePage(db: DatabaseSync, { where, parameters }: Question) {
  const sql = `select ${COLUMNS} from call where call.project_id = 1 and ${where} ${NEWEST}`
  return rows(db, sql, parameters)
}

function bareCount(db: DatabaseSync, { where, parameters }: Question) {
  return rows(db, `select count(*) from call where call.project_id = 1 and ${where}`, parameters)
}

function rows(db: DatabaseSync, sql: string, parameters: readonly SQLInputValue[] = []) {
  const statement = db.prepare(sql)
  return () => statement.all(...parameters)
}

function idOf(db: DatabaseSync, sql: string): number {
  return Number(db.prepare(sql).get()?.id)
}
