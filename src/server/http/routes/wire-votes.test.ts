import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredYesNo, scored } from '#contract/metric-result.ts'
import type { Rubric } from '#contract/rubric.ts'
import { ensureCategories } from '#server/store/critical-categories.ts'
import { FIRST_PROJECT_ID } from '#server/store/projects.ts'
import { saveRubric } from '#server/store/rubrics.ts'
import { recordVerdicts } from '#server/store/verdicts.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let polite: number
let turns: number
let category: number

const LOGS = '/observability/v1/call-logs'

beforeAll(async () => {
  server = await startTestServer()
  const { database } = server
  polite = (await storeMetric(database)).id
  const content = { evalType: 'numeric', unit: 'turns' } as const
  turns = (await storeMetric(database, { name: 'Turns', content })).id
  const categories = [{ name: 'Wrong greeting', priority: 'critical' }] as const
  const found = await database.transaction((trx) =>
    ensureCategories(trx, { metricId: polite, categories, now: 0 }),
  )
  category = found[0]?.id ?? 0
  const rule = (metricId: number, op: 'eq' | 'lte', value: number) => ({
    metricId,
    operator: 'and' as const,
    conditions: [{ field: 'score' as const, op, value }],
  })
  const rubric: Rubric = { logic: 'and', rules: [rule(polite, 'eq', 5), rule(turns, 'lte', 10)] }
  await saveRubric(database.writer, { projectId: FIRST_PROJECT_ID, rubric, now: 0 })
})

afterAll(() => server.close())

let callCount = 0

/** A call that failed because it was not polite. */
async function aCall(fields: object = {}): Promise<number> {
  callCount++
  const [id = 0] = await storeCalls(server.database, [
    {
      callId: `c-${callCount}`,
      fields: { status: 'failure', success: 0, is_judged: 1, ...fields },
    },
  ])
  const deviation = { category_id: category, category: 'Wrong greeting', deviation: 'None.' }
  const extra = { categories: [{ ...deviation, priority: 'critical' as const }] }
  await server.database.transaction((trx) =>
    recordVerdicts(trx, {
      callId: id,
      verdicts: [
        { ...answeredYesNo(false, { extra }), metricId: polite, source: 'judge' },
        { ...scored({ score: 4 }), metricId: turns, source: 'measured' },
      ],
      now: 0,
    }),
  )
  return id
}

function post(path: string, payload: object, headers = server.admin) {
  return server.app.inject({ method: 'POST', url: `${LOGS}/${path}`, headers, payload })
}

async function vote(id: number, body: object, headers = server.admin): Promise<void> {
  const response = await post(`${id}/mark_metric_vote/`, body, headers)
  expect(response.json()).toEqual({ detail: expect.any(String) })
  expect(response.statusCode).toBe(200)
}

async function decide(
  id: number,
  decision: string,
  headers: Record<string, string>,
): Promise<void> {
  const url = `/api/calls/${id}/review`
  const response = await server.app.inject({ method: 'POST', url, headers, payload: { decision } })
  expect(response.statusCode).toBe(200)
}

async function logOf(id: number) {
  return (await server.app.inject({ url: `${LOGS}/${id}/`, headers: server.admin })).json()
}

async function votesOf(id: number) {
  const url = `/api/calls/${id}/review`
  return (await server.app.inject({ url, headers: server.admin })).json().votes
}

describe('a vote on the wire', () => {
  it.each([
    ['thumbs', { thumbs_up: false, expected_value: null, feedback: 'Wrong.' }],
    ['an opinion with feedback', { vote: 'disagree', feedback: 'Wrong.' }],
    ['an opinion with a reason', { vote: 'incorrect', reasoning: 'Wrong.' }],
  ])('is kept from %s', async (_, body) => {
    const id = await aCall()
    await vote(id, { metric_id: polite, ...body })
    expect(await votesOf(id)).toMatchObject([
      { metricId: polite, agrees: false, note: 'Wrong.', reviewer: 'admin' },
    ])
  })

  it.each(['agree', 'correct'])('says yes by "%s"', async (word) => {
    const id = await aCall()
    await vote(id, { metric_id: polite, vote: word })
    expect(await votesOf(id)).toMatchObject([{ agrees: true }])
  })

  it.each([
    [5, true],
    ['false', false],
  ])('takes %s for a yes or no', async (expected_value, expectedValue) => {
    const id = await aCall()
    await vote(id, { metric_id: polite, thumbs_up: null, expected_value })
    expect(await votesOf(id)).toMatchObject([{ expectedValue }])
  })

  it('reviews the call with the outcome that corrected results have', async () => {
    const id = await aCall()
    await vote(id, { metric_id: polite, thumbs_up: false, expected_value: null })
    expect(await logOf(id)).toMatchObject({
      is_reviewed: true,
      status: 'reviewed_success',
      success: true,
    })
    await vote(id, { metric_id: turns, thumbs_up: false, expected_value: 12 })
    expect(await logOf(id)).toMatchObject({ status: 'reviewed_failure', success: false })
    await vote(id, { metric_id: turns, thumbs_up: true, expected_value: null })
    expect(await logOf(id)).toMatchObject({ status: 'reviewed_success', success: true })
  })

  it('counts the newest of two people', async () => {
    const id = await aCall()
    await vote(id, { metric_id: polite, thumbs_up: false })
    await vote(id, { metric_id: polite, thumbs_up: true }, await server.keyOf('project'))
    expect(await logOf(id)).toMatchObject({ status: 'reviewed_failure' })
    expect(await votesOf(id)).toHaveLength(2)
  })

  it('of words alone does not review the call', async () => {
    const id = await aCall()
    await vote(id, { metric_id: polite, thumbs_up: null, feedback: 'Unsure.' })
    expect(await votesOf(id)).toMatchObject([{ agrees: null, note: 'Unsure.' }])
    expect(await logOf(id)).toMatchObject({ is_reviewed: false, status: 'failure' })
  })

  it('leaves what somebody else decided, and is kept', async () => {
    const id = await aCall()
    const cy = await server.keyOf('project')
    await decide(id, 'failure', cy)
    await vote(id, { metric_id: polite, thumbs_up: false })
    expect(await votesOf(id)).toMatchObject([{ agrees: false }])
    expect(await logOf(id)).toMatchObject({ status: 'reviewed_failure' })
    // Who decided can change it by a vote.
    await vote(id, { metric_id: polite, thumbs_up: false }, cy)
    expect(await logOf(id)).toMatchObject({ status: 'reviewed_success' })
  })

  it('reviews a call of which somebody else took the review away', async () => {
    const id = await aCall({ judge_success: 0 })
    const cy = await server.keyOf('project')
    await decide(id, 'failure', cy)
    await decide(id, 'none', cy)
    await vote(id, { metric_id: polite, thumbs_up: false })
    expect(await logOf(id)).toMatchObject({ is_reviewed: true, status: 'reviewed_success' })
  })

  it('that agrees reviews the call as it is', async () => {
    const id = await aCall()
    await vote(id, { metric_id: polite, thumbs_up: true, expected_value: null })
    expect(await logOf(id)).toMatchObject({ is_reviewed: true, status: 'reviewed_failure' })
  })

  it('that says nothing any more is withdrawn', async () => {
    const id = await aCall()
    await vote(id, { metric_id: polite, thumbs_up: true, expected_value: null })
    await vote(id, { metric_id: polite, thumbs_up: null, expected_value: null })
    expect(await votesOf(id)).toEqual([])
  })

  it.each([
    [{ thumbs_up: true }, 'metric_id'],
    [{ metric_id: 99_999, thumbs_up: true }, 'metric_id'],
    [{ metric_id: 1 }, 'thumbs_up'],
    [{ metric_id: 1, vote: 'maybe' }, 'vote'],
    [{ metric_id: 1, thumbs_up: false, expected_value: 'perhaps' }, 'expected_value'],
  ])('is refused as %j by the name of the field', async (body, field) => {
    const id = await aCall()
    const response = await post(`${id}/mark_metric_vote/`, body)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
    expect((await logOf(id)).is_reviewed).toBe(false)
  })

  it('is served under every address that clients know', async () => {
    const id = await aCall()
    for (const prefix of ['', '/api']) {
      for (const family of ['v1/call-logs', 'v1/call-logs-external', 'v2/call-logs']) {
        const url = `${prefix}/observability/${family}/${id}/mark_metric_vote/`
        const payload = { metric_id: polite, thumbs_up: true }
        const headers = server.admin
        const response = await server.app.inject({ method: 'POST', url, headers, payload })
        expect([url, response.statusCode]).toEqual([url, 200])
      }
    }
  })

  it('is kept on a call without an outcome, which waits for one', async () => {
    const [id = 0] = await storeCalls(server.database, [
      { callId: 'waits', fields: { status: 'evaluating', success: null } },
    ])
    await vote(id, { metric_id: polite, thumbs_up: true })
    expect(await votesOf(id)).toHaveLength(1)
    expect(await logOf(id)).toMatchObject({ is_reviewed: false, status: 'evaluating' })
  })
})

describe('a critical category on the wire', () => {
  it.each(['scenario_id', 'category_id'])('is wrong and right again by its %s', async (name) => {
    const id = await aCall()
    const body = { [name]: category, feedback: 'It did greet.' }
    expect((await post(`${id}/mark_critical_scenario_wrong/`, body)).statusCode).toBe(200)
    expect((await logOf(id)).critical_categories).toMatchObject([
      { category_id: category, wrongly_marked: true, feedback: 'It did greet.' },
    ])
    const back = await post(`${id}/unmark_critical_scenario_wrong`, { [name]: category })
    expect(back.statusCode).toBe(200)
    expect((await logOf(id)).critical_categories).toMatchObject([
      { wrongly_marked: false, feedback: '' },
    ])
  })

  it('must be one of the call', async () => {
    const id = await aCall()
    for (const body of [{ scenario_id: 99_999 }, {}]) {
      const response = await post(`${id}/mark_critical_scenario_wrong/`, body)
      expect(response.statusCode).toBe(400)
      expect(Object.keys(response.json())).toEqual(['scenario_id'])
    }
  })
})
