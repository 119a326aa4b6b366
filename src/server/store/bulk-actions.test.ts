import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import {
  addCallsToAction,
  chargeRun,
  countRunningBulkActions,
  type EndedCall,
  endCallOfRun,
  findBulkAction,
  insertBulkAction,
  isCallOfRunOpen,
  listFailedCallIds,
  setBulkState,
  skipCallInRuns,
  type TakenOfJudge,
  toBulkAction,
} from './bulk-actions.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

/** A rerun of calls that need not be there: an action outlives them. */
const begin = (callIds: number[], target: { filter: string } | null = null) =>
  store.database.transaction(async (trx) => {
    const { id } = await insertBulkAction(trx, {
      projectId: 1,
      work: { kind: 'rerun', metricIds: [3] },
      target,
      totalCount: callIds.length,
      startedBy: 'Ada',
      now: 1,
    })
    await addCallsToAction(trx, { id, callIds })
    return id
  })

const NOTHING = { errorMessage: null, now: 9 }

const end = (ended: Pick<EndedCall, 'id' | 'callId' | 'outcome'> & Partial<EndedCall>) =>
  store.database.transaction((trx) => endCallOfRun(trx, { ...NOTHING, ...ended }))

const charge = (id: number, took: TakenOfJudge) =>
  store.database.transaction((trx) => chargeRun(trx, { id, ...took }))

const find = (id: number) => findBulkAction(store.database.writer, { id, projectId: 1 })
const isOpen = (id: number, callId: number) =>
  isCallOfRunOpen(store.database.writer, { id, callId })

describe('a rerun', () => {
  it('counts how its calls ended and what the judge took, and ends with the last', async () => {
    const id = await begin([10, 11, 12])
    const took = { inputTokens: 100, outputTokens: 5, costMicroUsd: 250 }
    await charge(id, took)
    await end({ id, callId: 11, outcome: 'failed', errorMessage: 'Timed out.' })
    await end({ id, callId: 12, outcome: 'skipped' })
    const running = await find(id)
    expect(running).toMatchObject({ state: 'running', finishedAt: null, doneCount: 2 })
    await end({ id, callId: 10, outcome: 'judged' })
    // An answer that comes late was paid for all the same.
    await charge(id, took)
    const done = await find(id)
    expect(done).toMatchObject({
      state: 'done',
      finishedAt: 9,
      doneCount: 3,
      skippedCount: 1,
      failedCount: 1,
      inputTokens: 200,
      outputTokens: 10,
      costMicroUsd: 500,
    })
    // 500 millionths of a dollar.
    expect(done && toBulkAction(done)).toMatchObject({ failedCount: 1, costUsd: 0.0005 })
  })

  it('has no cost where no price was known', async () => {
    const id = await begin([10])
    await charge(id, { inputTokens: 5, outputTokens: 0, costMicroUsd: 0 })
    const action = await find(id)
    expect(action && toBulkAction(action)).toMatchObject({ inputTokens: 5, costUsd: null })
  })

  it('counts a call once, and none that it is not about', async () => {
    const id = await begin([10, 11])
    await end({ id, callId: 10, outcome: 'judged' })
    await end({ id, callId: 10, outcome: 'failed' })
    await end({ id, callId: 99, outcome: 'judged' })
    expect(await find(id)).toMatchObject({
      state: 'running',
      doneCount: 1,
      failedCount: 0,
    })
  })

  it('waits for a call until it ended, and only while it goes on', async () => {
    const id = await begin([10, 11])
    expect([await isOpen(id, 10), await isOpen(id, 11), await isOpen(id, 12)]).toEqual([
      true,
      true,
      false,
    ])
    await end({ id, callId: 10, outcome: 'judged' })
    expect(await isOpen(id, 10)).toBe(false)
    const cancelled = { id, state: 'cancelled', finishedAt: 5 } as const
    await store.database.transaction((trx) => setBulkState(trx, cancelled))
    expect(await isOpen(id, 11)).toBe(false)
    // A call that was under way when the rerun was cancelled does not make it done.
    await end({ id, callId: 11, outcome: 'judged' })
    expect(await find(id)).toMatchObject({ state: 'cancelled', doneCount: 2, finishedAt: 5 })
  })

  it('ends without a call that is gone, and leaves other work and other calls alone', async () => {
    const [id, other] = [await begin([20, 21]), await begin([21])]
    const tagging = await store.database.transaction(async (trx) => {
      const work = { kind: 'tag' as const, tags: ['x'] }
      const action = { projectId: 1, work, target: null, totalCount: 1, startedBy: 'Ada', now: 1 }
      const started = await insertBulkAction(trx, action)
      await addCallsToAction(trx, { id: started.id, callIds: [20] })
      return started.id
    })
    const skip = () =>
      store.database.transaction((trx) => skipCallInRuns(trx, { callId: 20, now: 9 }))
    await skip()
    await skip()
    expect(await find(id)).toMatchObject({ state: 'running', doneCount: 1, skippedCount: 1 })
    expect(await find(other)).toMatchObject({ doneCount: 0 })
    expect(await find(tagging)).toMatchObject({ state: 'running', doneCount: 0 })
    await end({ id, callId: 21, outcome: 'judged' })
    expect(await find(id)).toMatchObject({ state: 'done' })
  })

  it('does not end before it is settled which calls it is about', async () => {
    const id = await begin([10], { filter: 'x' })
    await end({ id, callId: 10, outcome: 'judged' })
    expect(await find(id)).toMatchObject({ state: 'running', doneCount: 1, totalCount: 1 })
  })

  it('names the calls on which it failed, in order', async () => {
    const id = await begin([10, 11, 12, 13])
    for (const callId of [13, 10, 12]) await end({ id, callId, outcome: 'failed' })
    await end({ id, callId: 11, outcome: 'judged' })
    const { reader } = store.database
    expect(await listFailedCallIds(reader, { id, limit: 10 })).toEqual([10, 12, 13])
    expect(await listFailedCallIds(reader, { id, limit: 2 })).toEqual([10, 12])
  })

  it('is among those of its project that go on until it ends', async () => {
    const count = () => countRunningBulkActions(store.database.reader, 1)
    const before = await count()
    const id = await begin([10])
    expect(await count()).toBe(before + 1)
    await end({ id, callId: 10, outcome: 'judged' })
    expect(await count()).toBe(before)
    expect(await countRunningBulkActions(store.database.reader, 2)).toBe(0)
  })
})
