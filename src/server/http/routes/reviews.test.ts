import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answeredYesNo, scored } from '#contract/metric-result.ts'
import type { CallReview, ReviewChanged } from '#contract/review.ts'
import { ensureCategories } from '#server/store/critical-categories.ts'
import { deleteUnusedMetrics, ensureMetric } from '#server/store/metrics.ts'
import { recordVerdicts } from '#server/store/verdicts.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
/** Two people, by the names of their keys: `admin` and `project`. */
let ada: Record<string, string>
let cy: Record<string, string>
let polite: number
let stars: number
let tone: number
let category: number

beforeAll(async () => {
  server = await startTestServer()
  ada = server.admin
  cy = await server.keyOf('project')
  const { database } = server
  polite = (await storeMetric(database)).id
  const rating = { evalType: 'rating', range: { min: 1, max: 10 } } as const
  stars = (await storeMetric(database, { name: 'Stars', content: rating })).id
  const labels = { evalType: 'enum' as const, enumValues: ['warm', 'cold'] }
  tone = (await storeMetric(database, { name: 'Tone', content: labels })).id
  const categories = [{ name: 'Wrong greeting', priority: 'critical' }] as const
  const found = await database.transaction((trx) =>
    ensureCategories(trx, { metricId: polite, categories, now: 0 }),
  )
  category = found[0]?.id ?? 0
})

afterAll(() => server.close())

let callCount = 0

/** A call that the judge let pass. */
async function aCall(fields: object = {}): Promise<number> {
  callCount++
  const [id = 0] = await storeCalls(server.database, [
    {
      callId: `c-${callCount}`,
      fields: { status: 'success', success: 1, is_judged: 1, judge_success: 1, ...fields },
    },
  ])
  const deviation = { category_id: category, category: 'Wrong greeting', deviation: 'None.' }
  const extra = { categories: [{ ...deviation, priority: 'critical' as const }] }
  await server.database.transaction((trx) =>
    recordVerdicts(trx, {
      callId: id,
      verdicts: [
        { ...answeredYesNo(true, { extra }), metricId: polite, source: 'judge' },
        { ...scored({ score: 7 }), metricId: stars, source: 'judge' },
      ],
      now: 0,
    }),
  )
  return id
}

function ask(method: 'GET' | 'POST' | 'DELETE', url: string, who = ada, payload?: object) {
  return server.app.inject({ method, url: `/api/${url}`, headers: who, payload })
}

async function reviewOf(id: number): Promise<CallReview> {
  return (await ask('GET', `calls/${id}/review`)).json()
}

async function change(url: string, payload?: object, who = ada): Promise<ReviewChanged> {
  const response = await ask('POST', url, who, payload)
  expect(response.statusCode).toBe(200)
  return response.json()
}

const decide = (id: number, payload: object, who = ada) =>
  change(`calls/${id}/review`, payload, who)

const vote = (id: number, metric: number, payload: object, who = ada) =>
  change(`calls/${id}/votes/${metric}`, payload, who)

const undo = (eventId: number | null, who = ada) =>
  ask('POST', `review-events/${eventId}/undo`, who)

const textsOf = ({ events }: CallReview) => events.map(({ text }) => text)

describe('a decision', () => {
  it('says who decided and when, and is an event with its feedback beside it', async () => {
    const id = await aCall()
    const { review } = await decide(id, { decision: 'failure', feedback: 'Hung up.' })
    expect(review).toMatchObject({
      status: 'reviewed_failure',
      isReviewed: true,
      reviewer: 'admin',
      reviewedAt: expect.any(String),
      feedback: 'Hung up.',
      events: [
        { kind: 'status', text: 'Reviewed as failure', isStanding: true },
        { kind: 'feedback', text: 'Wrote feedback: Hung up.', isStanding: true },
      ],
    })
    expect(review.decisionId).toBe(review.events[0]?.id)
    expect(await reviewOf(id)).toEqual(review)
  })

  it('is no event where it stands already', async () => {
    const id = await aCall()
    await decide(id, { decision: 'success', feedback: 'Good.' })
    const again = await decide(id, { decision: 'success', feedback: 'Good.' })
    expect(again.eventId).toBeNull()
    expect(again.review.events).toHaveLength(2)
  })

  it('is taken back to what stood before, by its author alone', async () => {
    const id = await aCall()
    await decide(id, { decision: 'success' })
    const { eventId } = await decide(id, { decision: 'failure' }, cy)
    const refused = await undo(eventId)
    expect(refused.statusCode).toBe(403)
    expect(refused.json()).toEqual({ detail: 'project did this: only they can undo it.' })
    const { review } = (await undo(eventId, cy)).json()
    expect(review).toMatchObject({ status: 'reviewed_success', reviewer: 'admin' })
    expect(textsOf(review)[0]).toBe('Took back: Reviewed as failure')
  })

  it('is not taken back twice, nor once somebody decided over it', async () => {
    const id = await aCall()
    const first = await decide(id, { decision: 'failure' })
    const second = await decide(id, { decision: 'success' }, cy)
    expect((await undo(first.eventId)).statusCode).toBe(409)
    expect((await undo(second.eventId, cy)).statusCode).toBe(200)
    expect((await undo(second.eventId, cy)).statusCode).toBe(409)
    expect((await undo(first.eventId)).json().review).toMatchObject({
      status: 'success',
      isReviewed: false,
      reviewer: '',
    })
  })

  it('is refused where somebody else decided meanwhile, and says who and what', async () => {
    const id = await aCall()
    const { decisionId } = await reviewOf(id)
    const { review } = await decide(id, { decision: 'failure', seenDecisionId: decisionId }, cy)
    const body = { decision: 'success', feedback: 'Fine.', seenDecisionId: decisionId }
    const stale = await ask('POST', `calls/${id}/review`, ada, body)
    expect(stale.statusCode).toBe(409)
    expect(stale.json()).toEqual({
      detail: 'project decided meanwhile: Reviewed as failure.',
      seenDecisionId: [`Expected ${review.decisionId}, the newest decision, got ${decisionId}.`],
    })
    expect(await reviewOf(id)).toEqual(review)
    await decide(id, { ...body, seenDecisionId: review.decisionId })
  })

  it('of nobody leaves what the judge said', async () => {
    const id = await aCall()
    await decide(id, { decision: 'failure' })
    const { review } = await decide(id, { decision: 'none' })
    expect(review).toMatchObject({ status: 'success', isReviewed: false, reviewer: '' })
  })

  it('that is taken back from a call that was never judged has it judged', async () => {
    const id = await aCall({
      status: 'evaluating',
      success: null,
      is_judged: 0,
      judge_success: null,
    })
    const { eventId } = await decide(id, { decision: 'failure' })
    expect((await undo(eventId)).json().review.status).toBe('evaluating')
    await server.settle()
    expect((await reviewOf(id)).status).toBe('success')
  })

  it('needs a decision or feedback', async () => {
    const id = await aCall()
    const empty = await ask('POST', `calls/${id}/review`, ada, { seenDecisionId: 0 })
    expect(empty.statusCode).toBe(400)
    expect(JSON.stringify(empty.json())).toContain('expected a decision or feedback')
  })
})

describe('feedback', () => {
  it('is taken back to the words of somebody else', async () => {
    const id = await aCall()
    await decide(id, { feedback: 'Slow.' }, cy)
    const { eventId } = await decide(id, { feedback: 'Rude.' })
    const { review } = (await undo(eventId)).json<ReviewChanged>()
    expect(review.feedback).toBe('Slow.')
    expect(textsOf(review)).toEqual([
      'Took back: Wrote feedback: Rude.',
      'Wrote feedback: Rude.',
      'Wrote feedback: Slow.',
    ])
  })

  it('that its sender replaced meanwhile is not taken back', async () => {
    const id = await aCall()
    const { eventId } = await decide(id, { feedback: 'Rude.' })
    const payload = { call_id: `c-${callCount}`, agent: 1, feedback: 'Sent.' }
    const url = '/observability/v1/observe/'
    await server.app.inject({
      method: 'POST',
      url,
      headers: ada,
      payload: { ...payload, transcript_json: [{ role: 'user', content: 'x' }] },
    })
    expect((await undo(eventId)).statusCode).toBe(409)
    expect((await reviewOf(id)).feedback).toBe('Sent.')
  })

  it('of a PATCH is an event too', async () => {
    const id = await aCall()
    const url = `/observability/v1/call-logs/${id}/`
    const payload = { feedback: 'By wire.' }
    await server.app.inject({ method: 'PATCH', url, headers: cy, payload })
    expect(await reviewOf(id)).toMatchObject({
      feedback: 'By wire.',
      events: [{ kind: 'feedback', reviewer: 'project' }],
    })
  })
})

describe('a vote', () => {
  it('is one for each reviewer, on the result of now, and does not review the call', async () => {
    const id = await aCall()
    await vote(id, polite, { agrees: true })
    await vote(id, polite, { agrees: false, expectedValue: false, note: 'Rude.' }, cy)
    const { review } = await vote(id, polite, { agrees: null, note: 'Unsure.' })
    expect(review.votes).toMatchObject([
      { reviewer: 'admin', agrees: null, note: 'Unsure.', verdictId: expect.any(Number) },
      { reviewer: 'project', agrees: false, expectedValue: false, note: 'Rude.' },
    ])
    expect(textsOf(review)).toEqual([
      'Commented on Politeness',
      'Disagrees with Politeness: should be no',
      'Agrees with Politeness',
    ])
    expect(review.events.map(({ isStanding }) => isStanding)).toEqual([true, true, false])
    expect(review.isReviewed).toBe(false)
    expect(await voteCountOf(id)).toBe(2)
  })

  it('is withdrawn, and comes back when that is undone', async () => {
    const id = await aCall()
    const { review: before } = await vote(id, stars, { agrees: false, expectedValue: 3 })
    const withdrawn = (await ask('DELETE', `calls/${id}/votes/${stars}`)).json<ReviewChanged>()
    expect(withdrawn.review.votes).toEqual([])
    expect(await voteCountOf(id)).toBe(0)
    const { review } = (await undo(withdrawn.eventId)).json<ReviewChanged>()
    expect(review.votes).toEqual(before.votes)
    expect(await voteCountOf(id)).toBe(1)
    const nothing = (await ask('DELETE', `calls/${id}/votes/${tone}`)).json<ReviewChanged>()
    expect(nothing.eventId).toBeNull()
  })

  it('does not come back once its metric is gone', async () => {
    const id = await aCall()
    const { writer } = server.database
    const gone = { projectId: 1, code: 'gone', name: 'Gone', evalType: 'binary', unit: '' } as const
    const metricId = await ensureMetric(writer, { ...gone, enumValues: [], now: 0 })
    const { eventId: voted } = await vote(id, metricId, { agrees: null, note: 'Odd.' })
    const withdrawn = (await ask('DELETE', `calls/${id}/votes/${metricId}`)).json<ReviewChanged>()
    expect(await deleteUnusedMetrics(writer, [metricId])).toEqual([metricId])
    for (const eventId of [withdrawn.eventId, voted]) {
      expect((await undo(eventId)).statusCode).toBe(409)
    }
    expect((await reviewOf(id)).votes).toEqual([])
  })

  it('is no event where it says the same again', async () => {
    const id = await aCall()
    await vote(id, polite, { agrees: true })
    expect((await vote(id, polite, { agrees: true })).eventId).toBeNull()
  })

  it.each([
    ['a yes or no', () => polite, 3, 'Expected true or false, got 3.'],
    ['a number of the scale', () => stars, 11, 'Expected a number from 1 to 10, got 11.'],
    ['a number', () => stars, 'many', 'Expected a number, got "many".'],
    ['a label', () => tone, 'hot', 'Expected one of "warm", "cold"; got "hot".'],
  ])('expects %s where the metric answers so', async (_, metric, expectedValue, message) => {
    const id = await aCall()
    const body = { agrees: false, expectedValue }
    const response = await ask('POST', `calls/${id}/votes/${metric()}`, ada, body)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ expectedValue: [message] })
    expect((await reviewOf(id)).events).toEqual([])
  })

  it('says something', async () => {
    const id = await aCall()
    const response = await ask('POST', `calls/${id}/votes/${polite}`, ada, { agrees: null })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['agrees'])
  })

  it('needs a metric and a call that are there', async () => {
    const id = await aCall()
    for (const path of [`${id}/votes/99999`, `99999/votes/${polite}`]) {
      const response = await ask('POST', `calls/${path}`, ada, { agrees: true })
      expect(response.statusCode).toBe(404)
    }
  })
})

async function voteCountOf(id: number): Promise<number> {
  const row = server.database.reader.selectFrom('call').select('vote_count').where('id', '=', id)
  return (await row.executeTakeFirstOrThrow()).vote_count
}

describe('a category', () => {
  const mark = (id: number, isWrong: boolean, feedback = '') =>
    change(`calls/${id}/categories/${category}`, { isWrong, feedback })

  it('is marked as wrongly found, and rightly found after all', async () => {
    const id = await aCall()
    const { review } = await mark(id, true, 'It did greet.')
    expect(review.wrongCategories).toMatchObject([
      { categoryId: category, feedback: 'It did greet.', reviewer: 'admin' },
    ])
    const back = await mark(id, false)
    expect(back.review.wrongCategories).toEqual([])
    const { review: restored } = (await undo(back.eventId)).json<ReviewChanged>()
    expect(restored.wrongCategories).toEqual(review.wrongCategories)
  })

  it('is one that the call was given', async () => {
    const id = await aCall()
    const body = { isWrong: true }
    const response = await ask('POST', `calls/${id}/categories/${category + 1}`, ada, body)
    expect(response.statusCode).toBe(404)
  })
})

describe('two reviewers at once', () => {
  it('lose nothing that either of them said', async () => {
    const id = await aCall()
    const metrics = [polite, stars]
    const people = [ada, cy]
    const rounds = [true, false, true, false, true]
    await Promise.all(
      rounds.flatMap((agrees) =>
        people.flatMap((who) => metrics.map((metric) => vote(id, metric, { agrees }, who))),
      ),
    )
    const { votes, events } = await reviewOf(id)
    expect(events).toHaveLength(rounds.length * people.length * metrics.length)
    expect(votes.map(({ metricId, reviewer }) => [metricId, reviewer]).sort()).toEqual(
      [
        [polite, 'admin'],
        [polite, 'project'],
        [stars, 'admin'],
        [stars, 'project'],
      ].sort(),
    )
    expect(await voteCountOf(id)).toBe(4)
  })

  it('decide one after the other: who did not see the first is told of it', async () => {
    const id = await aCall()
    const { decisionId } = await reviewOf(id)
    const answers = await Promise.all(
      [
        { who: ada, decision: 'success' },
        { who: cy, decision: 'failure' },
      ].map(({ who, decision }) =>
        ask('POST', `calls/${id}/review`, who, { decision, seenDecisionId: decisionId }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
    const { events, reviewer } = await reviewOf(id)
    expect(events.map((event) => event.reviewer)).toEqual([reviewer])
  })
})
