import fc from 'fast-check'
import type { Insertable, Transaction } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import type { Database } from './database.ts'
import { recordReview, restoreDecision, restoreReview } from './reviews.ts'
import type { Tables } from './tables.ts'

let database: Database
let close: () => Promise<void>
let callCount = 0

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

type Verdict = { by: number | null; success: boolean; step: number }

/**
 * `undo` of an action that has not run yet, or is undone already, does nothing; nor does `take-back` of the last person's
 * decision where it does not count any more.
 */
type Step =
  | { kind: 'review'; by: number | null; success: boolean }
  | { kind: 'undo'; by: number }
  | { kind: 'take-back' }

/** What stands on a call that the judge let pass. */
async function standingAfter(steps: readonly Step[]): Promise<unknown> {
  const fields = { status: 'success', success: 1, is_judged: 1 } as const
  const [callId = 0] = await storeCalls(database, [{ callId: `c-${callCount++}`, fields }])
  let lastEventId: number | null = 0
  for (const [index, step] of steps.entries()) {
    const by = step.kind === 'take-back' ? null : step.by
    const event = { callId, reviewer: nameOf(by), now: index }
    await database.transaction(async (trx) => {
      if (step.kind === 'undo') await restoreReview(trx, { ...event, bulkActionId: step.by })
      else if (step.kind === 'take-back') {
        await restoreDecision(trx, { ...event, eventId: lastEventId ?? 0 })
      } else {
        const eventId = await recordReview(trx, {
          ...event,
          bulkActionId: by,
          success: step.success,
        })
        if (by === null) lastEventId = eventId
      }
    })
  }
  return standingOf(callId)
}

function standingOf(callId: number) {
  return database.reader
    .selectFrom('call')
    .select(['status', 'success', 'reviewer'])
    .where('id', '=', callId)
    .executeTakeFirstOrThrow()
}

const nameOf = (by: number | null) => (by === null ? 'Cy' : `action ${by}`)

/** The plain model: verdicts in a pile, of which the uppermost counts and an undone one is taken out. */
function expectedAfter(steps: readonly Step[]) {
  let pile: Verdict[] = []
  let last = -1
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'undo') pile = pile.filter(({ by }) => by !== step.by)
    else if (step.kind === 'review') {
      pile.push({ by: step.by, success: step.success, step: index })
      if (step.by === null) last = index
    } else if (pile.at(-1)?.step === last) pile.pop()
  }
  const top = pile.at(-1)
  if (top === undefined) return { status: 'success', success: 1, reviewer: '' }
  const status = top.success ? 'reviewed_success' : 'reviewed_failure'
  return { status, success: Number(top.success), reviewer: nameOf(top.by) }
}

/** An action reviews a call once. */
function withoutRepeats(steps: readonly Step[]): Step[] {
  const seen = new Set<number>()
  return steps.filter((step) => {
    if (step.kind !== 'review' || step.by === null) return true
    return !seen.has(step.by) && seen.add(step.by)
  })
}

const A = { kind: 'review', by: 1, success: true } as const
const B = { kind: 'review', by: 2, success: false } as const
const undo = (by: number): Step => ({ kind: 'undo', by })

describe('reviews of bulk actions that are undone', () => {
  it('leave what the judge said, in whichever order', async () => {
    const judged = { status: 'success', success: 1, reviewer: '' }
    expect(await standingAfter([A, B, undo(1), undo(2)])).toEqual(judged)
    expect(await standingAfter([A, B, undo(2), undo(1)])).toEqual(judged)
  })

  it('and of people do as a pile of verdicts does from which they are taken, in every order of three actions', async () => {
    const by = fc.constantFrom(1, 2, 3)
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('review'), by, success: fc.boolean() }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo'), by }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'take-back' }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('review'),
          by: fc.constant(null),
          success: fc.boolean(),
        }),
      },
    ) as fc.Arbitrary<Step>
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (drawn) => {
        const steps = withoutRepeats(drawn)
        expect(await standingAfter(steps)).toEqual(expectedAfter(steps))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a review that is undone', () => {
  it.each([
    ['by itself', null],
    ['with its bulk action', 7],
  ])('%s gives way to what the judge has decided meanwhile', async (_, bulkActionId) => {
    const fields = { status: 'success', success: 1, is_judged: 1, judge_success: 1 } as const
    const [callId = 0] = await storeCalls(database, [{ callId: `c-${callCount++}`, fields }])
    const act = { callId, reviewer: 'Ada', now: 1 }
    const restored = await database.transaction(async (trx) => {
      const eventId = await recordReview(trx, { ...act, bulkActionId, success: true })
      await trx.updateTable('call').set({ judge_success: 0 }).where('id', '=', callId).execute()
      if (bulkActionId !== null) return restoreReview(trx, { ...act, bulkActionId })
      return (await restoreDecision(trx, { ...act, eventId: eventId ?? 0 }))?.restored
    })
    expect(restored).toBe('restored')
    expect(await standingOf(callId)).toEqual({ status: 'failure', success: 0, reviewer: '' })
  })

  it('gives way to another person’s, whatever the judge says', async () => {
    const fields = { status: 'success', success: 1, is_judged: 1, judge_success: 0 } as const
    const [callId = 0] = await storeCalls(database, [{ callId: `c-${callCount++}`, fields }])
    await database.transaction(async (trx) => {
      const bulkActionId = null
      await recordReview(trx, { callId, reviewer: 'Ada', now: 1, bulkActionId, success: true })
      const act = { callId, reviewer: 'Cy', now: 2 }
      const eventId = await recordReview(trx, { ...act, bulkActionId, success: false })
      await restoreDecision(trx, { ...act, eventId: eventId ?? 0 })
    })
    expect(await standingOf(callId)).toMatchObject({ status: 'reviewed_success', reviewer: 'Ada' })
  })

  it('is undone at once also after thousands of others', { timeout: 60_000 }, async () => {
    const fields = { status: 'success', success: 1, is_judged: 1 } as const
    const [callId = 0] = await storeCalls(database, [{ callId: `c-${callCount++}`, fields }])
    const act = { callId, reviewer: 'Ada', now: 1, bulkActionId: null }
    const elapsedMs = await database.transaction(async (trx) => {
      const first = await recordReview(trx, { ...act, success: true })
      const { body } = await trx
        .selectFrom('review_event')
        .select('body')
        .where('id', '=', first ?? 0)
        .executeTakeFirstOrThrow()
      const common = { call_id: callId, reviewer: 'Ada', body, bulk_action_id: null, created_at: 1 }
      const reviews = await insertInParts(
        trx,
        Array.from({ length: 20_000 }, () => ({ ...common, kind: 'status' as const })),
      )
      const eventId = (await recordReview(trx, { ...act, success: false })) ?? 0
      await insertInParts(
        trx,
        reviews.map((id) => ({ ...common, kind: 'undo' as const, undoes_id: id })),
      )
      const startMs = performance.now()
      await restoreDecision(trx, { ...act, eventId })
      return performance.now() - startMs
    })
    expect(elapsedMs).toBeLessThan(2000)
  })
})

const PART = 1000

async function insertInParts(
  trx: Transaction<Tables>,
  rows: readonly Insertable<Tables['review_event']>[],
): Promise<number[]> {
  const ids: number[] = []
  for (let start = 0; start < rows.length; start += PART) {
    const part = rows.slice(start, start + PART)
    const made = await trx.insertInto('review_event').values(part).returning('id').execute()
    ids.push(...made.map(({ id }) => id))
  }
  return ids
}
