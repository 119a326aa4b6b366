import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  openTemporaryDatabase,
  type StoredCall,
  saying,
  storeCalls,
} from '#testing/call-builder.ts'
import { startBulkAction } from '../actions/start-bulk-action.ts'
import { enqueue } from '../queue/job-kinds.ts'
import { findBulkAction } from '../store/bulk-actions.ts'
import { evaluateCall } from './evaluate-call.ts'
import { giveUpCall } from './give-up-call.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeEach(async () => {
  store = await openTemporaryDatabase()
})

afterEach(() => store.close())

async function storeOne(fields: StoredCall['fields'] = {}): Promise<number> {
  const content = saying('Hello?')
  const [callId = 0] = await storeCalls(store.database, [{ callId: 'c', content, fields }])
  return callId
}

async function rerun(callId: number): Promise<number> {
  const input = { work: { kind: 'rerun' as const }, target: { ids: [callId] } }
  const start = { input, projectId: 1, startedBy: 'Ada', now: 1 }
  const started = await startBulkAction(store.database, start)
  if (started.kind !== 'started') throw new Error(started.kind)
  return started.action.id
}

async function giveUp(payload: { callId: number; runId?: number }) {
  await store.database.transaction((trx) => giveUpCall(trx, { payload, message: 'boom', now: 2 }))
  return callOf(payload.callId)
}

function callOf(id: number) {
  const rows = store.database.reader
    .selectFrom('call')
    .select(['status', 'success', 'error_message'])
  return rows.where('id', '=', id).executeTakeFirstOrThrow()
}

const OPEN = { status: 'evaluating', success: null } as const

describe('giveUpCall', () => {
  it('fails a call that was never decided, and a later evaluation takes the failure back', async () => {
    const callId = await storeOne(OPEN)
    const given = await giveUp({ callId })
    expect(given).toEqual({ status: 'failure', success: null, error_message: 'Not judged: boom' })
    // Twice says it once.
    expect(await giveUp({ callId })).toEqual(given)
    await store.database.transaction((trx) =>
      evaluateCall(trx, { hasJudge: false }, { payload: { callId }, now: 3 }),
    )
    expect(await callOf(callId)).toEqual({ status: 'success', success: 1, error_message: null })
  })

  it('keeps what was wrong with the call before', async () => {
    const error_message = 'The recording answered 404'
    const callId = await storeOne({ ...OPEN, error_message })
    expect(await giveUp({ callId })).toMatchObject({
      error_message: `${error_message}\nNot judged: boom`,
    })
    await store.database.transaction((trx) =>
      evaluateCall(trx, { hasJudge: false }, { payload: { callId }, now: 3 }),
    )
    expect(await callOf(callId)).toMatchObject({ status: 'success', error_message })
  })

  it('of a rerun leaves the call decided as it was, and tells the run', async () => {
    const callId = await storeOne({ ...OPEN, is_judged: 1, judge_success: 1 })
    const runId = await rerun(callId)
    expect(await giveUp({ callId, runId })).toEqual({
      status: 'success',
      success: 1,
      error_message: null,
    })
    const run = await findBulkAction(store.database.reader, { id: runId, projectId: 1 })
    expect(run).toMatchObject({ state: 'done', failedCount: 1 })
  })

  it('leaves the call open while others still judge it', async () => {
    const callId = await storeOne(OPEN)
    const runId = await rerun(callId)
    await store.database.transaction((trx) =>
      enqueue(trx, { kind: 'judge-call', payload: { callId, metricIds: [1] }, now: 1 }),
    )
    expect(await giveUp({ callId, runId })).toEqual({ ...OPEN, error_message: null })
  })
})
