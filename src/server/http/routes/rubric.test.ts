import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvalType } from '#contract/metric-result.ts'
import { ensureMetric } from '#server/store/metrics.ts'
import { FIRST_PROJECT_ID } from '#server/store/projects.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
const ids = new Map<EvalType, number>()

beforeAll(async () => {
  server = await startTestServer()
  for (const evalType of ['binary', 'rating', 'numeric', 'enum'] as const) {
    const enumValues = evalType === 'enum' ? ['positive', 'negative'] : []
    const metric = { projectId: FIRST_PROJECT_ID, unit: '', enumValues, now: 0 }
    const id = await server.database.transaction((trx) =>
      ensureMetric(trx, { ...metric, code: evalType, name: evalType, evalType }),
    )
    ids.set(evalType, id)
  }
})

afterAll(() => server.close())

function save(payload: object, headers = server.admin) {
  return server.app.inject({ method: 'PATCH', url: '/api/rubric', headers, payload })
}

type Condition = { field: string; op: string; value: unknown }

function oneRule(evalType: EvalType, condition: Condition) {
  const rule = { metricId: ids.get(evalType), operator: 'and', conditions: [condition] }
  return { logic: 'and', rules: [rule] }
}

const score = (op: string, value: unknown) => ({ field: 'score', op, value })
const label = (op: string, value: unknown) => ({ field: 'enum', op, value })

describe('the rubric', () => {
  it.each([
    ['binary', score('eq', true)],
    ['binary', score('gte', 5)],
    ['rating', score('gte', 4)],
    ['numeric', score('lt', '2000')],
    ['enum', label('eq', 'positive')],
    ['enum', label('in', ['positive', 'negative'])],
  ] as const)('takes a rule about a %s metric: %j', async (evalType, condition) => {
    const rubric = oneRule(evalType, condition)
    expect((await save(rubric)).json()).toEqual(rubric)
    const kept = await server.app.inject({ url: '/api/rubric', headers: server.admin })
    expect(kept.json()).toEqual(rubric)
  })

  it.each([
    ['binary', label('eq', 'yes'), 'field: expected score for the binary metric "binary"'],
    ['binary', score('gt', true), 'op: expected eq or neq with true'],
    ['binary', score('eq', 'maybe'), 'value: expected true or false'],
    // Yes is 5: no call could ever pass.
    ['binary', score('eq', 1), 'value: expected true or false, or 5 or 0'],
    ['enum', label('eq', ['positive']), 'value: expected a label as text'],
    ['enum', label('eq', true), 'value: expected a label as text'],
    ['numeric', score('in', ['1']), 'op: expected gt, gte'],
    ['rating', score('gte', 'good'), 'value: expected a number'],
    ['numeric', score('eq', true), 'value: expected a number'],
    ['enum', score('eq', 1), 'field: expected enum'],
    ['enum', label('gt', 'positive'), 'op: expected eq, neq or in'],
    ['enum', label('in', 'positive'), 'value: expected a list of labels'],
    ['enum', label('eq', 'happy'), 'value: expected one of positive, negative'],
  ] as const)(
    'refuses a rule that does not fit a %s metric: %j',
    async (evalType, condition, message) => {
      const response = await save(oneRule(evalType, condition))
      expect(response.statusCode).toBe(400)
      expect(response.json()).toEqual({
        rules: [expect.stringContaining(`0.conditions.0.${message}`)],
      })
    },
  )

  it('can be saved as it was read after one of its metrics was deleted', async () => {
    const id = await server.database.transaction((trx) =>
      ensureMetric(trx, {
        ...{ projectId: FIRST_PROJECT_ID, code: 'gone', name: 'gone', evalType: 'binary' },
        ...{ unit: '', enumValues: [], now: 0 },
      }),
    )
    const rule = { metricId: id, operator: 'and', conditions: [score('eq', true)] }
    const rubric = { logic: 'and', rules: [rule] }
    await save(rubric)
    const url = `/api/metrics/${id}`
    const deleted = await server.app.inject({ method: 'DELETE', url, headers: server.admin })
    expect(deleted.statusCode).toBe(200)
    expect((await save(rubric)).json()).toEqual(rubric)
    await save({ logic: 'and', rules: [] })
    expect((await save(rubric)).statusCode).toBe(400)
  })

  it('refuses rules about metrics that are not there, and an unknown logic', async () => {
    const rule = { metricId: 999, operator: 'and', conditions: [score('eq', true)] }
    expect((await save({ logic: 'and', rules: [rule] })).json()).toEqual({
      rules: [expect.stringMatching(/^0\.metricId: .*999, which is deleted or was never there$/)],
    })
    expect((await save({ logic: 'xor', rules: [] })).json()).toMatchObject({ logic: [/or/] })
  })

  it('is changed by writers alone', async () => {
    const reader = await server.keyOf('read-only')
    expect((await save({ logic: 'and', rules: [] }, reader)).statusCode).toBe(403)
    expect((await server.app.inject({ url: '/api/rubric', headers: reader })).statusCode).toBe(200)
  })
})
