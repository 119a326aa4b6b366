import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { enqueueBulkAction, enqueueSettling, type JobPayloads } from '../queue/job-kinds.ts'
import { PermanentFailure } from '../queue/permanent-failure.ts'
import {
  addCallsToAction,
  type BulkActionRecord,
  findBulkAction,
  finishSettling,
  listFailedCallIds,
} from '../store/bulk-actions.ts'
import { readSelection } from '../store/call-selection.ts'
import { listAllCallIds } from '../store/call-snapshots.ts'
import { TooManyQueries } from '../store/slow-read-errors.ts'
import type { Tables } from '../store/tables.ts'
import { type BulkTools, PLAIN_ROWS, removeCalls, resumeBulkAction } from './bulk-run.ts'

const WAIT_MS = 1000

type Settling = BulkTools & { payload: JobPayloads['settle-bulk-action']; signal: AbortSignal }

/**
 * The job: writes down which calls match, so that from then on nothing that happens to them changes what the action is
 * about, and asks for the action itself. A job of its own, since an action that waits for others to end would find other
 * calls by then. While the database has too much to read it is asked for again, which is no failed try.
 */
export async function settleBulkAction(
  tools: BulkTools,
  payload: JobPayloads['settle-bulk-action'],
  signal: AbortSignal,
): Promise<void> {
  const settling = { ...tools, payload, signal }
  const action = await resumeBulkAction(tools.database, { ...payload, direction: 'forward' })
  if (action?.state !== 'running' || action.target === null) return
  // What an earlier try wrote is of another moment.
  await removeCalls(settling, action.id)
  try {
    await writeCalls(settling, await findCalls(settling, action))
  } catch (error) {
    if (!(error instanceof TooManyQueries)) throw error
    await tryLater(settling)
  }
}

async function findCalls(
  { database, payload: { failedOf }, signal }: Settling,
  { projectId, target, createdAt }: BulkActionRecord,
): Promise<number[]> {
  if (failedOf !== undefined) return findFailedCalls({ database, signal }, failedOf)
  const read = readSelection(target ?? {}, { projectId, now: createdAt })
  if (read.ok) return listAllCallIds(database, { query: read.query, signal })
  const messages = read.issues.map((issue) => issue.message)
  throw new PermanentFailure(`The filter cannot be read: ${messages.join('; ')}`)
}

async function findFailedCalls(
  { database, signal }: Pick<Settling, 'database' | 'signal'>,
  id: number,
): Promise<number[]> {
  const found: number[] = []
  for (;;) {
    signal.throwIfAborted()
    const after = found.at(-1) ?? 0
    const page = await listFailedCallIds(database.reader, { id, after, limit: PLAIN_ROWS })
    found.push(...page)
    if (page.length < PLAIN_ROWS) return found
    await setImmediate()
  }
}

async function writeCalls(settling: Settling, callIds: readonly number[]): Promise<void> {
  const { database, clock, payload, signal } = settling
  const id = payload.bulkActionId
  for (let start = 0; start < callIds.length; start += PLAIN_ROWS) {
    signal.throwIfAborted()
    const batch = callIds.slice(start, start + PLAIN_ROWS)
    const goesOn = await database.transaction(async (trx) => {
      if (!(await isToSettle(trx, id))) return false
      await addCallsToAction(trx, { id, callIds: batch })
      return true
    })
    if (!goesOn) return
    await setImmediate()
  }
  await database.transaction(async (trx) => {
    if (!(await isToSettle(trx, id))) return
    await finishSettling(trx, { id, totalCount: callIds.length })
    const forward = { bulkActionId: id, direction: 'forward' } as const
    await enqueueBulkAction(trx, { payload: forward, now: clock() })
  })
}

async function tryLater({ database, clock, payload }: Settling): Promise<void> {
  const now = clock()
  await database.transaction(async (trx) => {
    if (!(await isToSettle(trx, payload.bulkActionId))) return
    await enqueueSettling(trx, { payload, now, runAt: now + WAIT_MS })
  })
}

/** Not once it is cancelled. */
async function isToSettle(trx: Transaction<Tables>, id: number): Promise<boolean> {
  const action = await findBulkAction(trx, { id, projectId: null })
  return action?.state === 'running' && action.target !== null
}
