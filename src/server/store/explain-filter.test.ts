import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilterGroup, FilterNode, FilterRule } from '#contract/filter.ts'
import type { NodeExplanation } from '#contract/filter-explanation.ts'
import { asks, nodeAt, walkNodes } from '#contract/filter-tree.ts'
import type { Segment } from '#contract/transcript.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { poolFilters } from '#testing/compare-filters.ts'
import { RANDOM_CALLS_NOW, storeRandomCalls } from '#testing/random-calls.ts'
import { type CallFacts, matchesReference } from '#testing/reference-filter.ts'
import { readActualValues } from './actual-values.ts'
import type { Database } from './database.ts'
import { explainFilter } from './explain-filter.ts'
import { QueryCancelled } from './slow-read-errors.ts'

let database: Database
let close: () => Promise<void>
let facts: Map<number, CallFacts>
/** A call of which every value is known. */
let known: number

const SAID: Segment[] = [
  { kind: 'event', name: 'start', text: 'refund', startSeconds: 0, endSeconds: 0, timing: 'given' },
  {
    kind: 'speech',
    speaker: 'caller',
    text: 'Hello there.',
    startSeconds: 0,
    endSeconds: 1,
    timing: 'given',
  },
  {
    kind: 'speech',
    speaker: 'agent',
    text: 'Your refund is on its way.',
    startSeconds: 1,
    endSeconds: 2,
    timing: 'given',
  },
]

beforeAll(async () => {
  const opened = await openTemporaryDatabase()
  database = opened.database
  close = opened.close
  let state = 11
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
  facts = await storeRandomCalls(database, { count: 25, random })
  known = await storeKnownCall()
})

afterAll(() => close())

async function storeKnownCall(): Promise<number> {
  const [id = 0] = await storeCalls(database, [
    {
      callId: 'known',
      fields: { started_at: Date.UTC(2026, 0, 2, 3), duration_ms: 90_500, success: 0 },
      content: {
        segments: JSON.stringify(SAID),
        transcript_text: 'Hello there.\nYour refund is on its way.',
        metadata: JSON.stringify({ plan: 'gold', items: [3, null, 'x', true], empty: [] }),
      },
    },
    { callId: 'known', duplicateOrdinal: 1 },
  ])
  const { writer } = database
  await sql`insert into call_tag (call_id, tag) values (${id}, 'vip'), (${id}, 'angry')`.execute(
    writer,
  )
  await sql`insert into verdict (call_id, metric_id, is_current, source, score, passed, explanation, created_at)
    values (${id}, 1, 1, 'judge', 2, 0, 'slow', 0), (${id}, 2, 1, 'judge', 5, 1, 'kind', 0)`.execute(
    writer,
  )
  return id
}

function explain(call: string | number, filter: FilterGroup, search?: string) {
  const question = { projectId: 1, now: RANDOM_CALLS_NOW, filter, search }
  return explainFilter(database, { ...question, call: String(call) })
}

const and = (...conditions: FilterNode[]): FilterGroup => ({ operator: 'and', conditions })

async function nodesOf(call: string | number, filter: FilterGroup): Promise<NodeExplanation[]> {
  const explanation = await explain(call, filter)
  if (explanation.kind !== 'explained') throw new Error('The call is unknown')
  return explanation.nodes
}

describe('what an explanation says of each node', () => {
  it('is what the reference says of that node alone', { timeout: 120_000 }, async () => {
    const filters = fc.sample(poolFilters(), { numRuns: 300, seed: 5 })
    const ids = [...facts.keys()]
    let rowNodes = 0
    for (const [turn, filter] of filters.entries()) {
      const id = ids[turn % ids.length] ?? 0
      const call = facts.get(id)
      if (call === undefined) throw new Error('No such call')
      const holds = (node: FilterNode) =>
        matchesReference(node, { facts: call, now: RANDOM_CALLS_NOW })
      const expected = Array.from(walkNodes(filter), ({ node, path }) => {
        const above = path.map((_, depth) => nodeAt(filter, path.slice(0, depth)))
        const isSkipped = ![...above, node].every((one) => one !== null && asks(one))
        const isInRow = above.some(
          (one) => one !== null && 'operator' in one && one.operator === 'same_row',
        )
        if (isInRow && !isSkipped) rowNodes += 1
        const alone: FilterNode = isInRow ? { operator: 'same_row', conditions: [node] } : node
        return { path, isSkipped, holds: !isSkipped && holds(alone) }
      })
      const nodes = await nodesOf(id, filter)
      const said = nodes.map(({ path, isSkipped, holds: held }) => ({
        path,
        isSkipped,
        holds: held,
      }))
      expect(said, JSON.stringify(filter)).toEqual(expected)
    }
    expect(rowNodes).toBeGreaterThan(50)
  })

  it('tells rules that hold for different results from a same_row that does not', async () => {
    const filter: FilterGroup = {
      operator: 'same_row',
      conditions: [
        { field: 'metric_evaluations.score', op: 'eq', value: 2 },
        { field: 'metric_evaluations.passed', op: 'eq', value: true },
      ],
    }
    const nodes = await nodesOf(known, filter)
    // Result 1 has score 2, result 2 passed: each rule holds, no result satisfies both.
    expect(nodes.map(({ path, holds }) => [path, holds])).toEqual([
      [[], false],
      [[0], true],
      [[1], true],
    ])
  })

  it('is that it is skipped, for what is disabled and all below it', async () => {
    const rule = { field: 'topic', op: 'eq', value: '' } as const
    const filter = and(rule, { ...and(rule), disabled: true }, and())
    const nodes = await nodesOf(known, filter)
    expect(nodes.map(({ path, isSkipped }) => [path, isSkipped])).toEqual([
      [[], false],
      [[0], false],
      [[1], true],
      [[1, 0], true],
      [[2], true],
    ])
  })

  it('is right for a filter with as many values as one can have', async () => {
    const values = Array.from({ length: 1000 }, (_, index) => `v${index}`)
    const rules = Array.from(
      { length: 20 },
      () => ({ field: 'topic', op: 'in', value: values }) as const,
    )
    let filter = and(...rules, { field: 'topic', op: 'in', value: ['', 'x'] })
    for (let depth = 0; depth < 10; depth++) filter = { operator: 'or', conditions: [filter] }
    filter = {
      operator: 'or',
      conditions: [filter, { field: 'call_id', op: 'eq', value: 'known' }],
    }
    const nodes = await nodesOf(known, filter)
    // 12 groups and 22 rules, of which the root, the last rule of the inner group and that of the outer one hold.
    expect(nodes).toHaveLength(34)
    expect(nodes.filter(({ holds }) => holds)).toHaveLength(3)
  })
})

describe('the values that a rule looks at', () => {
  const is = (field: string, value: string | number | boolean | null = null) =>
    and({ field, op: 'eq', value })

  it.each([
    [is('duration'), [90.5]],
    [is('timestamp', 'today'), ['2026-01-02T03:00:00.000Z']],
    [is('success'), [false]],
    [is('disagrees_with_judge'), [null]],
    [is('topic', 'x'), ['']],
    [is('tag', 'x'), ['angry', 'vip']],
    [is('metadata.plan', 'x'), ['gold']],
    // By their text: null is empty.
    [is('metadata.items', 'x'), [null, 3, true, 'x']],
    [is('metadata.empty', 'x'), []],
    [is('metadata.missing', 'x'), []],
    [is('metric_evaluations.score', 1), [2, 5]],
    [is('metric_evaluations.value', 1), [2, false, 5, true]],
    [is('metric_evaluations.2.explanation', 'x'), ['kind']],
    [is('metric_evaluations.3.score', 1), []],
    [and({ field: 'transcript', op: 'contains', value: 'REFUND is' }), [saidText(2)]],
    [and({ field: 'transcript', op: 'contains', value: 'nothing' }), []],
    [and({ field: 'transcript', op: 'isnull', value: true }), [saidText(1)]],
  ])('%# are in the unit of the field', async (filter, actual) => {
    expect((await nodesOf(known, filter))[1]?.actual).toEqual(actual)
  })

  it('are at most twenty', async () => {
    const [id = 0] = await storeCalls(database, [
      {
        callId: 'many',
        content: { metadata: JSON.stringify({ n: Array.from({ length: 30 }, (_, i) => i) }) },
      },
    ])
    expect((await nodesOf(id, is('metadata.n', 1)))[1]?.actual).toHaveLength(20)
  })
})

describe('the words that many rules look at', () => {
  it('are looked for in one pass through a long transcript, of which others are not kept waiting', async () => {
    const texts = Array.from({ length: 1000 }, (_, turn) =>
      Array.from({ length: 60 }, (_, word) => `word${(turn * 60 + word) % 500}`).join(' '),
    )
    const [id = 0] = await storeCalls(database, [
      { callId: 'long', content: saying(...texts, 'a late refund') },
    ])
    const rules = Array.from(
      { length: 150 },
      (_, index): FilterNode => ({ field: 'transcript', op: 'contains', value: `absent${index}` }),
    )
    const last: FilterNode = { field: 'transcript', op: 'contains', value: 'late ref' }
    let longest = 0
    let before = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - before)
      before = performance.now()
    }, 1)
    const nodes = await nodesOf(id, and(...rules, last))
    clearInterval(timer)
    longest = Math.max(longest, performance.now() - before)
    expect(nodes.at(-1)?.actual).toEqual(['a late refund'])
    // Read and searched anew for each rule it is 150 · 20 ms without a break.
    expect(longest).toBeLessThan(800)
  })

  it('are not looked for when nobody waits for the answer', async () => {
    const rules: FilterRule[] = [{ field: 'transcript', op: 'contains', value: 'absent' }]
    const long = saying(...Array.from({ length: 30 }, () => 'word '.repeat(2000)))
    const [callId = 0] = await storeCalls(database, [{ callId: 'left', content: long }])
    const question = { callId, projectId: 1, rules, signal: AbortSignal.abort() }
    await expect(readActualValues(database, question)).rejects.toThrow(QueryCancelled)
  })
})

function saidText(index: number): string {
  const segment = SAID[index]
  return segment?.kind === 'speech' ? segment.text : ''
}

describe('the call that is explained', () => {
  it('is found by its number and by the id of its sender, of which the newest counts', async () => {
    expect(await explain(known, and())).toMatchObject({ kind: 'explained', call: { id: known } })
    expect(await explain('known', and())).toMatchObject({ call: { id: known + 1 } })
    expect(await explain('missing', and())).toEqual({ kind: 'unknown-call' })
  })

  it('is let through by a filter that asks nothing', async () => {
    expect(await explain(known, { ...and(), disabled: true })).toMatchObject({ holds: true })
  })

  it('is found by a search or not', async () => {
    expect(await explain(known, and())).toMatchObject({ isFound: null })
    expect(await explain(known, and(), ' refund ')).toMatchObject({ isFound: true })
    expect(await explain(known, and(), 'unheard')).toMatchObject({ isFound: false })
  })

  it('is of the own project', async () => {
    const question = { now: RANDOM_CALLS_NOW, filter: and(), projectId: 2 }
    for (const call of [String(known), 'known']) {
      expect(await explainFilter(database, { ...question, call })).toEqual({ kind: 'unknown-call' })
    }
  })
})
