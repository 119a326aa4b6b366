import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EMPTY_RUBRIC, type Rubric, type RubricOutcome } from '#contract/rubric.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import { findRubric, findRubricOutcome, saveRubric, saveRubricOutcome } from './rubrics.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

const RUBRIC: Rubric = {
  logic: 'or',
  rules: [
    {
      metricId: 3,
      operator: 'and',
      conditions: [
        { field: 'score', op: 'gte', value: 4 },
        { field: 'enum', op: 'in', value: ['good', 'fair'] },
      ],
    },
  ],
}

describe('a rubric', () => {
  it('is empty until one is made, and then as it was made', async () => {
    const { reader, writer } = store.database
    expect(await findRubric(reader, 1)).toEqual(EMPTY_RUBRIC)
    await saveRubric(writer, { projectId: 1, rubric: RUBRIC, now: 5 })
    expect(await findRubric(reader, 1)).toEqual(RUBRIC)
    expect(await findRubric(reader, 99)).toEqual(EMPTY_RUBRIC)
  })
})

describe('what a rubric said of a call', () => {
  it('is kept with the call, and can be taken back', async () => {
    const { reader } = store.database
    const [callId = 0] = await storeCalls(store.database, [{ callId: 'c' }])
    const outcome: RubricOutcome = {
      logic: 'and',
      success: false,
      findings: [
        {
          metricId: 3,
          metricName: 'Tone',
          operator: 'and',
          conditions: [{ field: 'score', op: 'eq', value: true }],
          actual: 0,
          explanation: 'Rude.',
          passed: false,
        },
      ],
    }
    expect(await findRubricOutcome(reader, callId)).toBeNull()
    await store.database.transaction((trx) => saveRubricOutcome(trx, { callId, outcome }))
    expect(await findRubricOutcome(reader, callId)).toEqual(outcome)
    await store.database.transaction((trx) => saveRubricOutcome(trx, { callId, outcome: null }))
    expect(await findRubricOutcome(reader, callId)).toBeNull()
    expect(await findRubricOutcome(reader, 999)).toBeNull()
  })
})
