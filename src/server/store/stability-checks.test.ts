import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredYesNo, failed, scored, skipped, type Verdict } from '#contract/metric-result.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { recordResult } from '#testing/record-result.ts'
import {
  addStabilityAnswer,
  findStabilityCheck,
  flipRate,
  insertStabilityCheck,
  setStabilityState,
} from './stability-checks.ts'
import { listCurrentVerdicts } from './verdicts.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let callId = 0
let verdict: Verdict

beforeAll(async () => {
  store = await openTemporaryDatabase()
  ;[callId = 0] = await storeCalls(store.database, [{ callId: 'c' }])
  await store.database.transaction((trx) => recordResult(trx, { callId }))
  const [recorded] = (await listCurrentVerdicts(store.database.reader, [callId])).get(callId) ?? []
  if (!recorded) throw new Error('The result was not stored.')
  verdict = { ...recorded, id: null }
})

afterAll(() => store.close())

const begin = (times: number) =>
  store.database.transaction((trx) =>
    insertStabilityCheck(trx, {
      callId,
      metricId: verdict.metricId,
      metricVersion: 2,
      times,
      now: 5,
    }),
  )

const answer = (id: number, passed: boolean) =>
  store.database.transaction((trx) =>
    addStabilityAnswer(trx, { id, answer: { ...verdict, ...answeredYesNo(passed, {}) } }),
  )

const find = (id: number, projectId: number | null = null) =>
  findStabilityCheck(store.database.writer, { id, projectId })

describe('a stability check', () => {
  it('gathers as many answers as it was begun for, in order', async () => {
    const { id, ...begun } = await begin(3)
    expect(begun).toEqual({
      callId,
      metricId: verdict.metricId,
      metricVersion: 2,
      times: 3,
      state: 'running',
      answers: [],
      flipRate: null,
      errorMessage: null,
      createdAt: '1970-01-01T00:00:00.005Z',
    })
    for (const passed of [true, false, true, false]) await answer(id, passed)
    const check = await find(id)
    expect(check?.answers.map(({ passed }) => passed)).toEqual([true, false, true])
    // One of three differs from the most frequent answer.
    expect(check?.flipRate).toBeCloseTo(1 / 3)
  })

  it('stays as it ended', async () => {
    const { id } = await begin(3)
    const end = (state: 'cancelled' | 'done', errorMessage: string | null) =>
      store.database.transaction((trx) => setStabilityState(trx, { id, state, errorMessage }))
    await end('cancelled', 'Stopped.')
    await end('done', null)
    await answer(id, true)
    expect(await find(id)).toMatchObject({
      state: 'cancelled',
      errorMessage: 'Stopped.',
      answers: [],
    })
  })

  it('belongs to the project of its call', async () => {
    const { id } = await begin(2)
    expect(await find(id, 1)).toMatchObject({ id })
    expect(await find(id, 2)).toBeNull()
    expect(await find(999)).toBeNull()
  })
})

describe('flipRate', () => {
  it('is the part that differs from the most frequent answer', () => {
    const yes = answeredYesNo(true, {})
    const no = answeredYesNo(false, {})
    expect(flipRate([yes, yes, yes])).toBe(0)
    // One of four.
    expect(flipRate([yes, no, yes, yes])).toBe(0.25)
    // Three labels once each: two of three are not the most frequent one.
    const labels = ['a', 'b', 'c'].map((valueText) => scored({ valueText }))
    expect(flipRate(labels)).toBeCloseTo(2 / 3)
    // "Does not apply" is an answer as well.
    expect(flipRate([yes, skipped('trigger', '')])).toBe(0.5)
  })

  it('is unknown below two answers, of which failures are none', () => {
    const yes = answeredYesNo(true, {})
    expect(flipRate([])).toBeNull()
    expect(flipRate([yes, failed('timed out')])).toBeNull()
    expect(flipRate([yes, failed('timed out'), yes])).toBe(0)
  })
})
