import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredYesNo, type Finding, failed, scored, skipped } from '#contract/metric-result.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { deleteMetric, ensureMetric, restoreMetric } from './metrics.ts'
import { listRunFlips } from './run-flips.ts'
import { type NewVerdict, recordAttempts, recordVerdicts } from './verdicts.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
const metrics = { yesNo: 0, label: 0, rating: 0, number: 0 }
let lastRun = 0

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const { writer } = store.database
  const metric = { projectId: 1, unit: '', enumValues: [], now: 1 }
  const ensure = (code: keyof typeof metrics, evalType: 'binary' | 'enum' | 'rating' | 'numeric') =>
    ensureMetric(writer, { ...metric, code, name: `The ${code}`, evalType })
  metrics.yesNo = await ensure('yesNo', 'binary')
  metrics.label = await ensure('label', 'enum')
  metrics.rating = await ensure('rating', 'rating')
  metrics.number = await ensure('number', 'numeric')
})

afterAll(() => store.close())

type Found = Finding & Pick<NewVerdict, 'scale'>
type Turn = { metric: keyof typeof metrics; before: Found | null; after: Found }

const ratedUpTo = (max: number, score: number): Found => ({
  ...scored({ score }),
  scale: { evalType: 'rating', unit: '', range: { min: 0, max } },
})

/** Judges one new call by a run, after what was found before it. */
async function judgeAgain(
  turns: readonly Turn[],
  startedAt = 0,
): Promise<{ callId: number; runId: number }> {
  lastRun += 1
  const runId = lastRun
  const [callId = 0] = await storeCalls(store.database, [
    { callId: `c-${runId}`, fields: { started_at: startedAt } },
  ])
  await record(callId, turns, { runId: null })
  await record(callId, turns, { runId })
  return { callId, runId }
}

function record(callId: number, turns: readonly Turn[], { runId }: { runId: number | null }) {
  const verdicts = turns.flatMap(({ metric, before, after }) => {
    const finding = runId === null ? before : after
    if (finding === null) return []
    return { ...finding, metricId: metrics[metric], source: 'judge' as const, runId }
  })
  return store.database.transaction((trx) => recordVerdicts(trx, { callId, verdicts, now: 1 }))
}

const flipsOf = (runId: number, projectId = 1) => listRunFlips(store.database, { runId, projectId })

const isFlipped = async (turn: Turn) => {
  const { runId } = await judgeAgain([turn])
  const { items, counts } = await flipsOf(runId)
  expect(counts).toMatchObject([{ judgedCount: 1, flippedCount: items.length }])
  return items.length === 1
}

describe('what a run turned', () => {
  it('compares with the result that stood where a try in between failed', async () => {
    const found = { metric: 'yesNo' as const, before: null, after: answeredYesNo(true, {}) }
    const { callId } = await judgeAgain([found])
    const tried = { ...failed('The judge is down.'), metricId: metrics.yesNo }
    await store.database.transaction((trx) =>
      recordAttempts(trx, { callId, verdicts: [{ ...tried, source: 'judge' }], now: 1 }),
    )
    lastRun += 1
    await record(callId, [{ ...found, after: answeredYesNo(false, {}) }], { runId: lastRun })
    expect(await flipsOf(lastRun)).toMatchObject({
      items: [{ before: { passed: true }, after: { passed: false } }],
    })
  })

  it.each<[string, boolean, Turn]>([
    [
      'another answer',
      true,
      { metric: 'yesNo', before: answeredYesNo(true, {}), after: answeredYesNo(false, {}) },
    ],
    [
      'the same answer',
      false,
      { metric: 'yesNo', before: answeredYesNo(true, {}), after: answeredYesNo(true, {}) },
    ],
    [
      'another label',
      true,
      { metric: 'label', before: scored({ valueText: 'a' }), after: scored({ valueText: 'b' }) },
    ],
    [
      'the same label',
      false,
      { metric: 'label', before: scored({ valueText: 'a' }), after: scored({ valueText: 'a' }) },
    ],
    // More than 10 % of the usual scale of 5.
    [
      'a rating 0.6 away',
      true,
      { metric: 'rating', before: scored({ score: 3 }), after: scored({ score: 3.6 }) },
    ],
    [
      'a rating 0.5 away',
      false,
      { metric: 'rating', before: scored({ score: 3 }), after: scored({ score: 3.5 }) },
    ],
    // 10 % of 100 are 10; of the metric's present scale of 5 it would be more.
    [
      'a rating 9 of 100 away',
      false,
      { metric: 'rating', before: ratedUpTo(100, 80), after: ratedUpTo(100, 89) },
    ],
    [
      'a rating 11 of 100 away',
      true,
      { metric: 'rating', before: ratedUpTo(100, 80), after: ratedUpTo(100, 91) },
    ],
    [
      'a rating on another scale',
      false,
      { metric: 'rating', before: ratedUpTo(5, 4), after: ratedUpTo(100, 80) },
    ],
    [
      'a number that was a rating',
      false,
      { metric: 'number', before: ratedUpTo(5, 4), after: scored({ score: 80 }) },
    ],
    // More than 10 % of 1,000.
    [
      'a number 101 away',
      true,
      { metric: 'number', before: scored({ score: 1000 }), after: scored({ score: 899 }) },
    ],
    [
      'a number 100 away',
      false,
      { metric: 'number', before: scored({ score: 1000 }), after: scored({ score: 1100 }) },
    ],
    // What is passed with another number is passed all the same.
    [
      'a pass with a number far away',
      false,
      {
        metric: 'number',
        before: scored({ score: 1, passed: true }),
        after: scored({ score: 9, passed: true }),
      },
    ],
    ['a first result', false, { metric: 'yesNo', before: null, after: answeredYesNo(true, {}) }],
    [
      'what was skipped before',
      false,
      { metric: 'yesNo', before: skipped('sampling', ''), after: answeredYesNo(true, {}) },
    ],
    [
      'what breaks now',
      false,
      { metric: 'yesNo', before: answeredYesNo(true, {}), after: failed('') },
    ],
  ])('tells %s: %s', async (_, expected, turn) => {
    expect(await isFlipped(turn)).toBe(expected)
  })

  it('has both results, newest calls first, and counts per metric', async () => {
    const [yes, no] = [answeredYesNo(true, {}), answeredYesNo(false, { explanation: 'Rude.' })]
    const turned: Turn = { metric: 'yesNo', before: yes, after: no }
    const same: Turn = {
      metric: 'number',
      before: scored({ score: 1 }),
      after: scored({ score: 1 }),
    }
    const { callId, runId } = await judgeAgain([turned, same], 10)
    const [newer = 0] = await storeCalls(store.database, [
      { callId: 'newer', fields: { started_at: 20 } },
    ])
    await record(newer, [turned], { runId: null })
    await record(newer, [turned], { runId })
    const { items, counts } = await flipsOf(runId)
    expect(items).toMatchObject([
      { callId: newer, senderCallId: 'newer' },
      {
        callId,
        senderCallId: `c-${runId}`,
        metricId: metrics.yesNo,
        metricName: 'The yesNo',
        before: { passed: true, runId: null },
        after: { passed: false, runId, explanation: 'Rude.' },
      },
    ])
    expect(counts).toEqual([
      { metricId: metrics.yesNo, metricName: 'The yesNo', judgedCount: 2, flippedCount: 2 },
      { metricId: metrics.number, metricName: 'The number', judgedCount: 1, flippedCount: 0 },
    ])
  })

  it('is compared with what stood before the run, not with what came later', async () => {
    const turn: Turn = {
      metric: 'yesNo',
      before: answeredYesNo(true, {}),
      after: answeredYesNo(true, {}),
    }
    const { callId, runId } = await judgeAgain([turn])
    await record(callId, [{ ...turn, before: answeredYesNo(false, {}) }], { runId: null })
    expect((await flipsOf(runId)).items).toEqual([])
  })

  it('is of the project alone, and of metrics that live', async () => {
    const turn: Turn = {
      metric: 'label',
      before: scored({ valueText: 'a' }),
      after: scored({ valueText: 'b' }),
    }
    const { runId } = await judgeAgain([turn])
    expect(await flipsOf(runId, 2)).toEqual({ items: [], counts: [] })
    const removal = { id: metrics.label, projectId: 1, now: 1 }
    await store.database.transaction((trx) => deleteMetric(trx, removal))
    expect(await flipsOf(runId)).toEqual({ items: [], counts: [] })
    await store.database.transaction((trx) => restoreMetric(trx, removal))
    expect((await flipsOf(runId)).items).toHaveLength(1)
  })
})
