import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BulkWork } from '#contract/bulk-action.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import {
  type BulkActionRecord,
  endCallOfRun,
  findBulkAction,
  listCallsToDo,
} from '../store/bulk-actions.ts'
import { retryFailedCalls } from './retry-failed-calls.ts'
import { startBulkAction } from './start-bulk-action.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let ids: number[]

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const calls = ['a', 'b', 'c', 'd'].map((callId) => ({ callId }))
  ids = await storeCalls(store.database, calls)
})

afterAll(() => store.close())

/** An action on all four calls, of which the given ones fail and the rest is judged. */
async function finished(work: BulkWork, failed: readonly number[]): Promise<BulkActionRecord> {
  const input = { work, target: { ids } }
  const start = { input, projectId: 1, startedBy: 'Ada', now: 1 }
  const started = await startBulkAction(store.database, start)
  if (started.kind !== 'started') throw new Error(started.kind)
  const { id } = started.action
  await store.database.transaction(async (trx) => {
    for (const callId of ids) {
      const outcome = failed.includes(callId) ? 'failed' : 'judged'
      await endCallOfRun(trx, { id, callId, outcome, errorMessage: null, now: 2 })
    }
  })
  return started.action
}

const retry = (id: number, projectId = 1) =>
  retryFailedCalls(store.database, { id, projectId, startedBy: 'Bob', now: 3 })

describe('retryFailedCalls', () => {
  it('begins a rerun of its own of the calls that failed, by the same metrics', async () => {
    const [, second = 0, , fourth = 0] = ids
    const work: BulkWork = { kind: 'rerun', metricIds: [7] }
    const { id } = await finished(work, [second, fourth])
    const retried = await retry(id)
    expect(retried).toMatchObject({
      kind: 'changed',
      action: {
        work,
        state: 'running',
        totalCount: 2,
        doneCount: 0,
        inputTokens: 0,
        startedBy: 'Bob',
      },
    })
    if (retried.kind !== 'changed') return
    const again = retried.action.id
    expect(again).not.toBe(id)
    const { reader } = store.database
    expect(await listCallsToDo(reader, { id: again, after: 0, limit: 9 })).toEqual([second, fourth])
    const jobs = await reader
      .selectFrom('job')
      .select('subject')
      .where('kind', '=', 'bulk-action')
      .execute()
    expect(jobs).toContainEqual({ subject: `bulk-action:${again}` })
    // The one that failed stays as it ended.
    expect(await findBulkAction(reader, { id, projectId: 1 })).toMatchObject({
      state: 'done',
      failedCount: 2,
    })
  })

  it('is refused where nothing failed, of what is no rerun, and in another project', async () => {
    const rerun = await finished({ kind: 'rerun' }, [])
    expect(await retry(rerun.id)).toEqual({
      kind: 'refused',
      message: 'No call failed in this rerun.',
    })
    const tags = await finished({ kind: 'tag', tags: ['seen'] }, ids)
    expect(await retry(tags.id)).toMatchObject({ kind: 'refused' })
    const broken = await finished({ kind: 'rerun' }, ids)
    expect(await retry(broken.id, 2)).toEqual({ kind: 'not-found' })
  })
})
