import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import type { Database } from './database.ts'
import { recordReview, restoreReview } from './reviews.ts'

let database: Database
let close: () => Promise<void>
let callCount = 0

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

type Verdict = { by: number | null; success: boolean }

/** `undo` of an action that has not run yet, or is undone already, does nothing. */
type Step = { kind: 'review'; by: number | null; success: boolean } | { kind: 'undo'; by: number }

/** What stands on a call that the judge let pass. */
async function standingAfter(steps: readonly Step[]): Promise<unknown> {
  const fields = { status: 'success', success: 1, is_judged: 1 } as const
  const [callId = 0] = await storeCalls(database, [{ callId: `c-${callCount++}`, fields }])
  for (const [index, { by, ...step }] of steps.entries()) {
    const event = { callId, reviewer: nameOf(by), now: index }
    await database.transaction<unknown>((trx) => {
      if (step.kind === 'review') {
        return recordReview(trx, { ...event, bulkActionId: by, success: step.success })
      }
      return restoreReview(trx, { ...event, bulkActionId: by ?? 0 })
    })
  }
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
  for (const step of steps) {
    if (step.kind === 'undo') pile = pile.filter(({ by }) => by !== step.by)
    else pile.push({ by: step.by, success: step.success })
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
    if (step.kind === 'undo' || step.by === null) return true
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

  it('do as a pile of verdicts does from which they are taken, in every order of three actions', async () => {
    const by = fc.constantFrom(1, 2, 3)
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('review'), by, success: fc.boolean() }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo'), by }) },
      {
        weight: 1,
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
