import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import {
  addCallsToAction,
  endCallOfRun,
  findBulkAction,
  insertBulkAction,
  listCallsToDo,
} from '../store/bulk-actions.ts'
import { PLAIN_ROWS } from './bulk-run.ts'
import { retryFailedCalls } from './retry-failed-calls.ts'
import { settleBulkAction } from './settle-bulk-action.ts'

const NEVER = new AbortController().signal
/** More than are written in one transaction, twice. */
const CALLS = 2 * PLAIN_ROWS + 1

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

describe('retryFailedCalls', () => {
  it('takes all calls that failed, however many they are', async () => {
    const { database } = store
    const callIds = Array.from({ length: CALLS }, (_, index) => index + 1)
    const failed = await database.transaction(async (trx) => {
      const work = { kind: 'rerun' as const }
      const action = {
        projectId: 1,
        work,
        target: null,
        totalCount: CALLS,
        startedBy: 'Ada',
        now: 1,
      }
      const { id } = await insertBulkAction(trx, action)
      await addCallsToAction(trx, { id, callIds })
      const ended = { outcome: 'failed', errorMessage: 'no', now: 2 } as const
      for (const callId of callIds) await endCallOfRun(trx, { id, callId, ...ended })
      return id
    })
    const retry = { id: failed, projectId: 1, startedBy: 'Bob', now: 3 }
    const retried = await retryFailedCalls(database, retry)
    if (retried.kind !== 'changed') throw new Error(retried.kind)
    expect(retried.action).toMatchObject({ state: 'running', totalCount: CALLS })
    const job = await database.reader
      .selectFrom('job')
      .select(['kind', 'payload'])
      .executeTakeFirstOrThrow()
    expect(job.kind).toBe('settle-bulk-action')
    const payload = JSON.parse(job.payload)
    await settleBulkAction({ database, clock: () => 4 }, payload, NEVER)
    const { id } = retried.action
    expect(await listCallsToDo(database.reader, { id, after: 0, limit: 9999 })).toEqual(callIds)
    expect(await findBulkAction(database.reader, { id, projectId: 1 })).toMatchObject({
      target: null,
      totalCount: CALLS,
    })
  })
})
