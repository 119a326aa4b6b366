import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { evaluateCall } from '../evaluation/evaluate-call.ts'
import { enqueue, subjectOf } from '../queue/job-kinds.ts'
import { type BulkActionRecord, endCallOfRun, findBulkAction } from '../store/bulk-actions.ts'
import { deleteJobsAbout } from '../store/jobs.ts'
import { handOutCalls } from './hand-out-calls.ts'
import { startBulkAction } from './start-bulk-action.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let callIds: number[]
let action: BulkActionRecord

beforeEach(async () => {
  store = await openTemporaryDatabase()
  const content = saying('Where is my parcel?', 'It comes tomorrow.')
  const fields = { status: 'success', success: 1 } as const
  const calls = ['a', 'b'].map((callId) => ({ callId, fields, content }))
  callIds = await storeCalls(store.database, calls)
  await storeMetric(store.database)
  const input = { work: { kind: 'rerun' as const }, target: { ids: callIds } }
  const start = { input, projectId: 1, startedBy: 'Ada', now: 1 }
  const started = await startBulkAction(store.database, start)
  if (started.kind !== 'started') throw new Error(started.kind)
  action = started.action
})

afterEach(() => store.close())

function handOut() {
  return store.database.transaction((trx) => handOutCalls(trx, { action, callIds, now: 5 }))
}

async function jobs() {
  const rows = await store.database.reader
    .selectFrom('job')
    .select(['kind', 'subject', 'generation', 'run_at'])
    .where('subject', 'like', 'call:%')
    .orderBy('subject')
    .execute()
  return rows
}

function statusOf(callId: number) {
  const rows = store.database.reader.selectFrom('call').select(['status', 'success'])
  return rows.where('id', '=', callId).executeTakeFirstOrThrow()
}

describe('handOutCalls', () => {
  it('asks once for each call, however often it is handed out', async () => {
    await handOut()
    await handOut()
    const [first = 0, second = 0] = callIds
    const waiting = { kind: 'evaluate-call', generation: 1 }
    expect(await jobs()).toMatchObject([
      { ...waiting, subject: subjectOf({ callId: first, runId: action.id }) },
      { ...waiting, subject: subjectOf({ callId: second, runId: action.id }) },
    ])
  })

  it('leaves a call alone for which the judge is asked, and one that ended', async () => {
    await handOut()
    const [first = 0, second = 0] = callIds
    const runId = action.id
    await store.database.transaction(async (trx) => {
      for (const callId of callIds) await deleteJobsAbout(trx, subjectOf({ callId, runId }))
      const payload = { callId: first, runId }
      await evaluateCall(trx, { hasJudge: true }, { payload, now: 6 })
      const ended = { outcome: 'judged', errorMessage: null } as const
      await endCallOfRun(trx, { id: runId, callId: second, ...ended, now: 6 })
    })
    const closed = { status: 'success', success: 1 } as const
    const { writer } = store.database
    await writer.updateTable('call').set(closed).where('id', '=', second).execute()
    await handOut()
    expect(await jobs()).toMatchObject([{ kind: 'judge-call', generation: 1 }])
    expect(await statusOf(first)).toEqual({ status: 'evaluating', success: null })
    expect(await statusOf(second)).toEqual(closed)
    const run = await findBulkAction(store.database.reader, { id: runId, projectId: 1 })
    expect(run?.doneCount).toBe(1)
  })

  it('asks at once for what was put off until the calls were settled', async () => {
    const [callId = 0] = callIds
    const payload = { callId, runId: action.id }
    await store.database.transaction((trx) =>
      enqueue(trx, { kind: 'evaluate-call', payload, now: 2, runAt: 1000 }),
    )
    await handOut()
    expect((await jobs()).map(({ run_at }) => run_at)).toEqual([5, 5])
  })

  it('opens no call of a rerun that was cancelled', async () => {
    const cancelled = { state: 'cancelled' } as const
    await store.database.writer.updateTable('bulk_action').set(cancelled).execute()
    await handOut()
    expect(await jobs()).toEqual([])
    expect(await statusOf(callIds[0] ?? 0)).toMatchObject({ status: 'success' })
  })
})
