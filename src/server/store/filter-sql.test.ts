import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilterGroup, FilterNode, FilterOp, FilterRule } from '#contract/filter.ts'
import {
  openTemporaryDatabase,
  type StoredCall,
  saying,
  storeCalls,
} from '#testing/call-builder.ts'
import { countCalls, listCalls } from './calls.ts'
import { insertComment, markCommentDeleted } from './comments.ts'
import type { Database } from './database.ts'

const NOW = Date.UTC(2026, 2, 15, 12)

let database: Database
let close: () => Promise<void>

type Result = {
  metric: number
  score?: number
  passed?: 0 | 1
  value_text?: string
  explanation?: string
  confidence?: number
}
type TestCall = StoredCall & { results?: Result[]; tags?: string[] }

const CALLS: TestCall[] = [
  {
    callId: 'plain',
    fields: {
      status: 'failure',
      success: 0,
      is_judged: 1,
      judge_success: 0,
      duration_ms: 1005,
      started_at: Date.UTC(2026, 2, 15, 0),
      agent_name: 'Ada',
      ended_reason: 'Hangup',
      topic: 'refund',
      longest_gap_ms: 3500,
      interruption_count: 2,
      silence_share: 0.25,
      tool_error_count: 1,
    },
    content: {
      metadata: JSON.stringify({
        plan: 'gold',
        amount: 60,
        order: { lines: [{ sku: 'a' }, { sku: 'b' }] },
      }),
      dynamic_variables: '{"plan":"silver"}',
      ...saying('I want', 'a refund for Zürich'),
    },
    results: [
      { metric: 1, score: 5, passed: 1, explanation: 'Polite' },
      { metric: 2, score: 0, passed: 0, explanation: 'Too slow', confidence: 80 },
    ],
    tags: ['urgent', 'vip'],
  },
  {
    callId: 'bare',
    fields: { started_at: Date.UTC(2026, 2, 14, 23, 59, 59, 999), transcript_state: 'none' },
    content: { metadata: '{"plan":null,"amount":"60.0","flag":true}' },
  },
  {
    callId: 'reviewed',
    fields: {
      status: 'reviewed_success',
      success: 1,
      judge_success: 0,
      is_judged: 1,
      is_reviewed: 1,
      reviewer: 'Bo',
      feedback: 'ÄRGER im Büro',
      recording_state: 'ready',
      vote_count: 1,
      started_at: Date.UTC(2026, 2, 8, 12),
      duration_ms: 90_000,
      topic: 'Refund policy',
      error_message: 'answered 404',
    },
    content: {
      metadata: '{"plan":"","amount":"sixty","list":["x",7],"date":"2026-03-15"}',
      ...saying('hello refunded world'),
    },
    results: [
      { metric: 2, score: 3.5 },
      { metric: 3, value_text: 'billing' },
    ],
  },
]

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
  await database.writer
    .insertInto('metric')
    .values(
      ['Tone', 'Latency', 'Topic'].map((name, index) => ({
        project_id: 1,
        code: `m${index}`,
        name,
        eval_type: 'rating' as const,
        unit: '',
        enum_values: '[]',
        created_at: 0,
      })),
    )
    .execute()
  const ids = await storeCalls(database, CALLS)
  for (const [index, { results = [], tags = [] }] of CALLS.entries()) {
    const call_id = ids[index] ?? 0
    for (const { metric, ...result } of results) {
      await database.writer
        .insertInto('verdict')
        .values({
          score: null,
          passed: null,
          value_text: null,
          explanation: '',
          ...result,
          call_id,
          metric_id: metric,
          is_current: 1,
          source: 'recorded',
          created_at: 0,
        })
        .execute()
    }
    for (const tag of tags)
      await database.writer.insertInto('call_tag').values({ call_id, tag }).execute()
  }
  await writeComments(ids[0] ?? 0)
  // An older result that no longer counts.
  await database.writer
    .insertInto('verdict')
    .values({
      call_id: ids[1] ?? 0,
      metric_id: 1,
      is_current: 0,
      source: 'judge',
      score: 1,
      explanation: '',
      created_at: 0,
    })
    .execute()
})

afterAll(() => close())

/** A thread with a reply, and one that was deleted. */
function writeComments(callId: number): Promise<void> {
  const by = { callId, owner: 'key:1', author: 'Ada', atSeconds: null, segmentIndex: null, now: 0 }
  return database.transaction(async (trx) => {
    const thread = await insertComment(trx, { ...by, text: 'Too late here', parentId: null })
    await insertComment(trx, { ...by, text: 'You are right', parentId: thread?.id ?? 0 })
    const gone = await insertComment(trx, { ...by, text: 'Oops', parentId: null })
    await markCommentDeleted(trx, { id: gone?.id ?? 0, callId, now: 0 })
  })
}

const PLAIN = 'plain'
const BARE = 'bare'
const REVIEWED = 'reviewed'
const ALL = [PLAIN, BARE, REVIEWED]

/** The calls that a tree finds, listed and counted, in the order they were stored in. */
async function found(node: FilterNode): Promise<string[]> {
  const filter: FilterGroup = { operator: 'and', conditions: [node] }
  const query = { projectId: 1, sort: 'startedAt', now: NOW, filter }
  const { items } = await listCalls(database, { query, cursor: null, limit: 10 })
  expect(await countCalls(database, query)).toBe(items.length)
  const names = items.map(({ callId }) => callId)
  return ALL.filter((name) => names.includes(name))
}

const rule = (field: string, op: FilterOp, value: FilterRule['value']): FilterRule => ({
  field,
  op,
  value,
})
const group = (operator: FilterGroup['operator'], ...conditions: FilterNode[]): FilterGroup => ({
  operator,
  conditions,
})

type Case = [field: string, op: FilterOp, value: FilterRule['value'], calls: string[]]

/** Each rule finds these calls, and its opposite all others. */
function finds(cases: Case[]): void {
  it.each(cases)('%s %s %j finds %j', async (field, op, value, calls) => {
    expect(await found(rule(field, op, value))).toEqual(calls)
    const others = ALL.filter((name) => !calls.includes(name))
    expect(await found(group('not', rule(field, op, value)))).toEqual(others)
  })
}

describe('a rule about text', () => {
  finds([
    ['topic', 'eq', 'refund', [PLAIN]],
    ['topic', 'eq', '', [BARE]],
    ['topic', 'eq', null, []],
    ['topic', 'neq', 'refund', [BARE, REVIEWED]],
    ['topic', 'contains', 'REFUND', [PLAIN, REVIEWED]],
    ['topic', 'contains', '', ALL],
    ['topic', 'startswith', 'refund', [PLAIN, REVIEWED]],
    ['topic', 'startswith', 'fund', []],
    ['topic', 'endswith', 'POLICY', [REVIEWED]],
    ['topic', 'endswith', 'a much longer text than any topic', []],
    ['topic', 'endswith', '', ALL],
    ['topic', 'in', ['refund', ''], [PLAIN, BARE]],
    ['topic', 'in', [], []],
    ['topic', 'isnull', true, [BARE]],
    ['topic', 'isnull', false, [PLAIN, REVIEWED]],
    ['topic', 'regex', '^[rR]efund$', [PLAIN]],
    ['topic', 'regex', '(?i)^REFUND', [PLAIN, REVIEWED]],
    ['feedback', 'contains', 'ärger', [REVIEWED]],
    ['feedback', 'startswith', 'äRGER', [REVIEWED]],
    ['feedback', 'endswith', 'BÜRO', [REVIEWED]],
    ['feedback', 'eq', 'ärger im büro', []],
    ['error_message', 'isnull', true, [PLAIN, BARE]],
    ['error_message', 'eq', null, [PLAIN, BARE]],
    ['error_message', 'neq', 'answered 404', [PLAIN, BARE]],
    ['error_message', 'contains', '404', [REVIEWED]],
    ['agent.agent_name', 'eq', 'Ada', [PLAIN]],
    ['agent.assistant_id', 'isnull', true, ALL],
    ['agent.assistant_id', 'eq', 'x', []],
    ['agent.assistant_id', 'neq', 'x', ALL],
    ['reviewer', 'eq', 'Bo', [REVIEWED]],
    ['call_id', 'in', ['plain', 'bare', 'nobody'], [PLAIN, BARE]],
    ['call_ended_reason', 'eq', 'hangup', []],
  ])
})

describe('a rule about a number', () => {
  finds([
    // 1.005 * 1000 is 1004.9999999999999 in floating point.
    ['duration', 'eq', 1.005, [PLAIN]],
    ['duration', 'gt', 1.005, [REVIEWED]],
    ['duration', 'gte', 1.005, [PLAIN, REVIEWED]],
    ['duration', 'lt', 90, [PLAIN]],
    ['duration', 'lte', 90, [PLAIN, REVIEWED]],
    ['duration', 'neq', 90, [PLAIN, BARE]],
    ['duration', 'in', [90, 1.005], [PLAIN, REVIEWED]],
    ['duration', 'isnull', true, [BARE]],
    ['duration', 'isnull', false, [PLAIN, REVIEWED]],
    ['longest_response_gap', 'gt', 3, [PLAIN]],
    ['longest_response_gap', 'lt', 100, [PLAIN, BARE, REVIEWED].slice(0, 1)],
    ['interruptions', 'gte', 2, [PLAIN]],
    ['silence_share', 'eq', 0.25, [PLAIN]],
    ['tool_errors', 'gt', 0, [PLAIN]],
    ['tool_errors', 'eq', 0, [BARE, REVIEWED]],
    ['tool_errors', 'lt', 1, [BARE, REVIEWED]],
    ['tool_errors', 'in', [0, 1], ALL],
    ['agent.id', 'isnull', true, ALL],
    ['agent.id', 'eq', 1, []],
    ['agent.id', 'neq', 1, ALL],
  ])
})

describe('a rule about true and false', () => {
  finds([
    ['success', 'eq', true, [REVIEWED]],
    ['success', 'eq', false, [PLAIN]],
    ['success', 'eq', null, [BARE]],
    ['success', 'neq', true, [PLAIN, BARE]],
    ['success', 'isnull', true, [BARE]],
    ['success', 'in', [true, null], [BARE, REVIEWED]],
    ['is_reviewed', 'eq', true, [REVIEWED]],
    ['has_recording', 'eq', true, [REVIEWED]],
    ['has_recording', 'eq', false, [PLAIN, BARE]],
    ['has_comment', 'eq', true, [PLAIN, REVIEWED]],
    ['has_open_comment', 'eq', true, [PLAIN]],
    ['has_open_comment', 'isnull', true, []],
    ['has_vote', 'eq', true, [REVIEWED]],
    ['disagrees_with_judge', 'eq', true, [REVIEWED]],
    ['disagrees_with_judge', 'eq', false, []],
    ['disagrees_with_judge', 'isnull', true, [PLAIN, BARE]],
    ['is_demo', 'eq', false, ALL],
  ])
})

describe('a rule about a choice', () => {
  finds([
    ['outcome', 'eq', 'failure', [PLAIN]],
    ['outcome', 'eq', 'reviewed_success', [REVIEWED]],
    ['outcome', 'eq', 'not-evaluated', []],
    ['outcome', 'neq', 'failure', [BARE, REVIEWED]],
    ['outcome', 'in', ['failure', 'evaluating'], [PLAIN, BARE]],
    ['status', 'eq', 'evaluating', [BARE]],
    ['transcript_state', 'eq', 'none', [BARE]],
  ])
})

describe('a rule about a time', () => {
  finds([
    // Now is 2026-03-15 at noon.
    ['timestamp', 'gte', 'today', [PLAIN]],
    ['timestamp', 'lt', 'today-1d', [BARE, REVIEWED].slice(1)],
    ['timestamp', 'lte', 'today-1d', [BARE, REVIEWED]],
    ['timestamp', 'eq', '2026-03-14', [BARE]],
    ['timestamp', 'neq', '2026-03-14', [PLAIN, REVIEWED]],
    ['timestamp', 'gte', 'now-7d', ALL],
    ['timestamp', 'gt', 'now-7d', [PLAIN, BARE]],
    ['timestamp', 'eq', '2026-03-15T00:00:00.000Z', [PLAIN]],
    ['timestamp', 'isnull', true, []],
    ['timestamp', 'isnull', false, ALL],
    ['timestamp', 'eq', null, []],
  ])
})

describe('a rule about words of the transcript', () => {
  finds([
    ['transcript', 'contains', 'refund', [PLAIN, REVIEWED]],
    ['transcript', 'contains', 'a refund', [PLAIN]],
    ['transcript', 'contains', 'refund a', []],
    ['transcript', 'contains', 'for... ZU', [PLAIN]],
    // Said by two, one after the other.
    ['transcript', 'contains', 'want a', []],
    ['transcript', 'contains', 'agent', []],
    ['transcript', 'contains', '\ue000', []],
    ['transcript', 'contains', 'want \ue000', [PLAIN]],
    ['transcript', 'contains', 'ZURICH', [PLAIN]],
    ['transcript', 'contains', '?!', []],
    ['transcript', 'contains', '"', []],
    ['transcript', 'isnull', true, [BARE]],
    ['transcript', 'isnull', false, [PLAIN, REVIEWED]],
  ])
})

describe('a rule about tags', () => {
  finds([
    ['tag', 'eq', 'vip', [PLAIN]],
    ['tag', 'eq', 'VIP', []],
    ['tag', 'neq', 'vip', [BARE, REVIEWED]],
    ['tag', 'contains', 'URG', [PLAIN]],
    ['tag', 'in', ['x', 'urgent'], [PLAIN]],
    ['tag', 'isnull', true, [BARE, REVIEWED]],
    ['tag', 'isnull', false, [PLAIN]],
    ['tag', 'eq', null, []],
  ])
})

describe('a rule about comments', () => {
  finds([
    ['comment', 'contains', 'TOO LATE', [PLAIN]],
    ['comment', 'contains', 'right', [PLAIN]],
    ['comment', 'contains', 'oops', []],
    ['comment', 'eq', 'Too late here', [PLAIN]],
    ['comment', 'neq', 'Too late here', [BARE, REVIEWED]],
    ['comment', 'in', ['x', 'You are right'], [PLAIN]],
    ['comment', 'isnull', true, [BARE, REVIEWED]],
    ['comment', 'isnull', false, [PLAIN]],
  ])
})

describe('a rule about metadata', () => {
  finds([
    ['metadata.plan', 'eq', 'gold', [PLAIN]],
    ['dynamic_variables.plan', 'eq', 'silver', [PLAIN]],
    ['dynamic_variables.plan', 'eq', 'gold', []],
    ['metadata.amount', 'eq', 60, [PLAIN, BARE]],
    ['metadata.amount', 'eq', '60', [PLAIN]],
    ['metadata.amount', 'eq', '60.0', [BARE]],
    ['metadata.amount', 'in', [60, 'sixty'], ALL],
    ['metadata.amount', 'gte', 60, [PLAIN, BARE]],
    ['metadata.amount', 'gt', '6', ALL],
    ['metadata.amount', 'gt', '60', [BARE, REVIEWED]],
    ['metadata.amount', 'contains', 'IXT', [REVIEWED]],
    ['metadata.amount', 'endswith', '0', [PLAIN, BARE]],
    ['metadata.amount', 'regex', '^\\d+$', [PLAIN]],
    ['metadata.flag', 'eq', true, [BARE]],
    ['metadata.flag', 'eq', 'true', [BARE]],
    ['metadata.flag', 'eq', false, []],
    ['metadata.order.lines.sku', 'eq', 'b', [PLAIN]],
    ['metadata.order.lines.sku', 'neq', 'b', [BARE, REVIEWED]],
    ['metadata.list', 'eq', 7, [REVIEWED]],
    ['metadata.list', 'eq', 'x', [REVIEWED]],
    ['metadata.date', 'gte', '2026-03-01', [REVIEWED]],
    ['metadata.no.such.path', 'eq', 'x', []],
    ['metadata.no.such.path', 'neq', 'x', ALL],
    ['metadata.order', 'isnull', true, ALL],
  ])
})

describe('null, missing and empty', () => {
  // The table of docs/filters.md: `plan` is "gold", null and "" in turn, and `nothing` is in no call.
  finds([
    ['metadata.nothing', 'isnull', true, ALL],
    ['metadata.nothing', 'eq', null, []],
    ['metadata.nothing', 'eq', '', []],
    ['metadata.nothing', 'neq', 'x', ALL],
    ['metadata.plan', 'isnull', true, [BARE, REVIEWED]],
    ['metadata.plan', 'isnull', false, [PLAIN]],
    ['metadata.plan', 'eq', null, [BARE]],
    ['metadata.plan', 'eq', '', [REVIEWED]],
    ['metadata.plan', 'neq', 'x', ALL],
    ['metadata.plan', 'neq', '', [PLAIN, BARE]],
    ['metadata.plan', 'neq', null, [PLAIN, REVIEWED]],
    ['metadata.plan', 'contains', '', [PLAIN, REVIEWED]],
  ])
})

describe('a rule about metric results', () => {
  finds([
    ['metric_evaluations.value', 'eq', 5, [PLAIN]],
    ['metric_evaluations.value', 'eq', true, [PLAIN]],
    ['metric_evaluations.value', 'eq', 'billing', [REVIEWED]],
    ['metric_evaluations.value', 'in', [3.5, true], [PLAIN, REVIEWED]],
    ['metric_evaluations.value', 'contains', 'BILL', [REVIEWED]],
    ['metric_evaluations.value', 'isnull', true, [BARE]],
    ['metric_evaluations.value', 'eq', null, []],
    ['metric_evaluations.value', 'neq', 5, [BARE, REVIEWED]],
    ['metric_evaluations.2.value', 'lt', 4, [PLAIN, REVIEWED]],
    ['metric_evaluations.2.score', 'gt', 0, [REVIEWED]],
    ['metric_evaluations.2.passed', 'eq', false, [PLAIN]],
    ['metric_evaluations.2.passed', 'eq', null, [REVIEWED]],
    ['metric_evaluations.1.score', 'eq', 1, []],
    ['metric_evaluations.1.score', 'isnull', true, [BARE, REVIEWED]],
    ['metric_evaluations.1.score', 'neq', 5, [BARE, REVIEWED]],
    ['metric_evaluations.explanation', 'contains', 'SLOW', [PLAIN]],
    ['metric_evaluations.2.confidence', 'gte', 80, [PLAIN]],
    ['metric_evaluations.metric.id', 'in', [1, 3], [PLAIN, REVIEWED]],
    ['metric_evaluations.metric.name', 'eq', 'Latency', [PLAIN, REVIEWED]],
    ['metric_evaluations.99.value', 'isnull', true, ALL],
  ])
})

describe('groups', () => {
  const isMetric2 = rule('metric_evaluations.metric.id', 'eq', 2)
  const isFive = rule('metric_evaluations.value', 'eq', 5)

  it('ask in same_row for one result that satisfies all, in and for any', async () => {
    expect(await found(group('and', isMetric2, isFive))).toEqual([PLAIN])
    expect(await found(group('same_row', isMetric2, isFive))).toEqual([])
    const isLow = rule('metric_evaluations.value', 'lt', 5)
    expect(await found(group('same_row', isMetric2, isLow))).toEqual([PLAIN, REVIEWED])
    const byName = rule('metric_evaluations.metric.name', 'eq', 'Latency')
    expect(
      await found(group('same_row', byName, rule('metric_evaluations.score', 'gt', 1))),
    ).toEqual([REVIEWED])
  })

  it('give a numbered field no value in the row of another metric', async () => {
    const notFive = rule('metric_evaluations.1.score', 'neq', 5)
    // The result of metric 2 has no score of metric 1, so that score is not 5.
    expect(await found(group('same_row', isMetric2, notFive))).toEqual([PLAIN, REVIEWED])
    expect(
      await found(group('same_row', isMetric2, rule('metric_evaluations.1.score', 'eq', 5))),
    ).toEqual([])
  })

  it('leave rules about the call as they are in same_row, and are an and without results', async () => {
    const isRefund = rule('topic', 'eq', 'refund')
    expect(await found(group('same_row', isMetric2, isRefund))).toEqual([PLAIN])
    expect(await found(group('same_row', isRefund, rule('metadata.plan', 'eq', 'gold')))).toEqual([
      PLAIN,
    ])
    expect(await found(group('same_row', isRefund, rule('metadata.plan', 'eq', 'x')))).toEqual([])
  })

  it('nest, in same_row too', async () => {
    const either = group('or', rule('metric_evaluations.score', 'eq', 3.5), isFive)
    expect(await found(group('same_row', isMetric2, either))).toEqual([REVIEWED])
    expect(await found(group('same_row', isMetric2, group('not', either)))).toEqual([PLAIN])
    expect(await found(group('same_row', isMetric2, group('same_row', either)))).toEqual([REVIEWED])
    const deep = group(
      'or',
      group('and', rule('topic', 'eq', ''), group('not', rule('success', 'eq', true))),
    )
    expect(await found(deep)).toEqual([BARE])
  })

  it('of not hold where none does', async () => {
    expect(
      await found(group('not', rule('topic', 'eq', 'refund'), rule('success', 'eq', true))),
    ).toEqual([BARE])
  })

  it('that ask nothing are left out, wherever they stand', async () => {
    const off = { ...rule('topic', 'eq', 'nothing'), disabled: true } as const
    const refund = rule('topic', 'eq', 'refund')
    expect(await found(group('and', off, refund))).toEqual([PLAIN])
    expect(await found(group('or', refund, group('not', off)))).toEqual([PLAIN])
    expect(await found(group('or', off))).toEqual(ALL)
    expect(await found(group('not', group('or')))).toEqual(ALL)
  })

  it('take lists of a thousand and two hundred rules', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => `x${index}`)
    expect(await found(rule('metadata.plan', 'in', [...many, 'gold']))).toEqual([PLAIN])
    expect(await found(rule('topic', 'in', [...many, 'refund']))).toEqual([PLAIN])
    const rules = Array.from({ length: 199 }, (_, index) => rule(`metadata.k${index}`, 'neq', 'x'))
    expect(await found(group('and', ...rules))).toEqual(ALL)
    expect(
      await found(group('or', ...rules.map((one) => ({ ...one, op: 'eq' as const })))),
    ).toEqual([])
  })
})

describe('what looks like SQL or a pattern', () => {
  const AWKWARD = [
    "'",
    "''; drop table call; --",
    '"',
    '%',
    '_',
    '\\',
    '%_\\',
    ';',
    '*',
    '\0',
    'a\0b',
    '😀',
    'ı',
    'İ',
    '\u212a',
  ]
  const FIELDS = ['topic', 'feedback', 'metadata.odd', 'metric_evaluations.1.explanation', 'tag']

  it.each(AWKWARD)('is only itself as the value %j', async (text) => {
    await withOddCall(text, async () => {
      for (const field of FIELDS) {
        for (const op of ['eq', 'contains', 'startswith', 'endswith', 'in'] as const) {
          const value = op === 'in' ? [text] : text
          expect([field, op, await foundAny(rule(field, op, value))]).toEqual([field, op, ['odd']])
        }
      }
    })
  })

  it.each(["'", '"', ';', '%', 'a.b.c', 'x\0y', "'; drop table call; --"])(
    'is only itself as the path %j',
    async (path) => {
      await withOddCall('x', async () => {
        expect(await foundAny(rule(`metadata.${path}`, 'eq', 'x'))).toEqual([])
        expect(await foundAny(rule(`metadata.${path}`, 'isnull', false))).toEqual([])
      })
      const metadata = JSON.stringify({ [path]: 'x' })
      const [id = 0] = await storeCalls(database, [{ callId: 'odd', content: { metadata } }])
      expect(await foundAny(rule(`metadata.${path}`, 'eq', 'x'))).toEqual(['odd'])
      await database.writer.deleteFrom('call').where('id', '=', id).execute()
    },
  )

  async function withOddCall(text: string, work: () => Promise<void>): Promise<void> {
    const [id = 0] = await storeCalls(database, [
      {
        callId: 'odd',
        fields: { topic: text, feedback: text },
        content: { metadata: JSON.stringify({ odd: text }) },
      },
    ])
    await database.writer.insertInto('call_tag').values({ call_id: id, tag: text }).execute()
    await database.writer
      .insertInto('verdict')
      .values({
        call_id: id,
        metric_id: 1,
        is_current: 1,
        source: 'judge',
        explanation: text,
        created_at: 0,
      })
      .execute()
    await work()
    await database.writer.deleteFrom('call').where('id', '=', id).execute()
  }

  async function foundAny(node: FilterNode): Promise<string[]> {
    const filter: FilterGroup = { operator: 'and', conditions: [node] }
    const query = { projectId: 1, sort: 'startedAt', now: NOW, filter }
    const { items } = await listCalls(database, { query, cursor: null, limit: 10 })
    expect(await countCalls(database, query)).toBe(items.length)
    return items.map(({ callId }) => callId)
  }
})

describe('lists', () => {
  const AMOUNTS = Array.from({ length: 1000 }, (_, index) => 5000 + index)

  it('find the same whether they are short or long', async () => {
    const others = Array.from({ length: 100 }, (_, index) => `x${index}`)
    const texts = ['Ada', ...others]
    expect(await found({ field: 'agent.agent_name', op: 'in', value: texts })).toEqual(
      await found({ field: 'agent.agent_name', op: 'in', value: ['Ada'] }),
    )
    for (const op of ['contains', 'in'] as const) {
      const value = op === 'in' ? ['gold', null, true, ...others] : 'gold'
      expect(await found({ field: 'metadata.plan', op, value })).toContain(PLAIN)
    }
    // 1005 ms are 1.005 s.
    expect(await found({ field: 'duration', op: 'in', value: [1.005, ...AMOUNTS] })).toEqual([
      PLAIN,
    ])
    expect(
      await found({ field: 'metric_evaluations.score', op: 'in', value: [3.5, ...AMOUNTS] }),
    ).toEqual([REVIEWED])
  })

  it('of a thousand values can be as many as a filter has room for', async () => {
    // Bound one by one 40 · 1,000 values, of which SQLite takes 32,766 in a statement.
    const lists = Array.from(
      { length: 40 },
      (): FilterRule => ({ field: 'duration', op: 'in', value: [1.005, ...AMOUNTS.slice(1)] }),
    )
    for (const sort of ['-startedAt', 'durationSeconds']) {
      const filter: FilterGroup = { operator: 'and', conditions: lists }
      const query = { projectId: 1, sort, now: NOW, filter }
      const { items } = await listCalls(database, { query, cursor: null, limit: 10 })
      expect(items.map(({ callId }) => callId)).toEqual([PLAIN])
    }
  })

  it('name a value as often as they like', async () => {
    const value = Array.from({ length: 1000 }, (_, index) => ['gold', 'silver'][index % 2] ?? '')
    expect(await found({ field: 'metadata.plan', op: 'in', value })).toEqual([PLAIN])
  })
})
