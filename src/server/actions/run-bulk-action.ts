import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { enqueueBulkAction, type JobPayloads } from '../queue/job-kinds.ts'
import {
  type BulkActionRecord,
  deleteBulkAction,
  endRunIfDone,
  findBulkAction,
  findOldBulkAction,
  keepChange,
  listCallsDone,
  listCallsToDo,
  moveAction,
  setBulkState,
} from '../store/bulk-actions.ts'
import { type CallStanding, listCallStandings } from '../store/call-standings.ts'
import { hasManyDueJobs } from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'
import { type BulkTools, GOING_ON, removeCalls, resumeBulkAction } from './bulk-run.ts'
import { changeOneCall, restoreOneCall } from './change-one-call.ts'
import { handOutCalls } from './hand-out-calls.ts'

/** Calls changed in one transaction: some 20 ms of work, in which no request is answered. */
const STEP_CALLS = 50
/** A rerun gives its place to other actions, and to calls that arrive, while more than this is due of its own. */
const MAX_DUE = { 'evaluate-call': 200, 'judge-call': 50 } as const
const WAIT_MS = 200

type Run = BulkTools & { payload: JobPayloads['bulk-action']; signal: AbortSignal }

/**
 * The job: changes the calls that an action was settled to be about, or changes them back, fifty a transaction. The
 * place is kept with the changes, so a run that is cut off anywhere is taken up where it stopped and changes no call
 * twice. Ends without a word where the action was cancelled, or removed, and where a rerun has to wait: it is asked for
 * again then, and others have their turn.
 */
export async function runBulkAction(
  tools: BulkTools,
  payload: JobPayloads['bulk-action'],
  signal: AbortSignal,
): Promise<void> {
  const run = { ...tools, payload, signal }
  await resumeBulkAction(tools.database, payload)
  const outcome = await repeat(run, payload.direction === 'forward' ? goForward : goBack)
  if (outcome === 'ended') await purgeOldActions(tools, signal)
}

type TakeStep = (
  trx: Transaction<Tables>,
  step: { action: BulkActionRecord; now: number },
) => Promise<'more' | 'ended'>

/** Step after step, each kept at once, so that requests and other jobs get their turn in between. */
async function repeat(run: Run, takeStep: TakeStep): Promise<'ended' | 'waiting'> {
  const { database, clock, payload, signal } = run
  for (;;) {
    signal.throwIfAborted()
    const outcome = await database.transaction(async (trx) => {
      const action = await findBulkAction(trx, { id: payload.bulkActionId, projectId: null })
      const goesOn = action?.state === GOING_ON[payload.direction] && action.target === null
      if (!goesOn) return 'ended'
      const now = clock()
      if (!(await mustWait(trx, { action, now }))) return takeStep(trx, { action, now })
      await enqueueBulkAction(trx, { payload, now, runAt: now + WAIT_MS })
      return 'waiting'
    })
    if (outcome !== 'more') return outcome
    await setImmediate()
  }
}

/** New calls must not stand in line behind the evaluations of a million others. */
async function mustWait(
  trx: Transaction<Tables>,
  { action, now }: { action: BulkActionRecord; now: number },
): Promise<boolean> {
  if (action.work.kind !== 'rerun') return false
  for (const [kind, limit] of Object.entries(MAX_DUE)) {
    if (await hasManyDueJobs(trx, { kind, limit, now })) return true
  }
  return false
}

const goForward: TakeStep = async (trx, { action, now }) => {
  const { id, reachedCallId } = action
  const callIds = await listCallsToDo(trx, { id, after: reachedCallId, limit: STEP_CALLS })
  if (action.work.kind === 'rerun') return handOut(trx, { action, callIds, now })
  const calls = await callsById(trx, { action, callIds })
  let skippedCount = 0
  for (const callId of callIds) {
    const call = calls.get(callId)
    const outcome = call && (await changeOneCall(trx, { action, call, now }))
    if (outcome?.kind !== 'changed') skippedCount++
    else if (outcome.undo !== null) await keepChange(trx, { id, callId, change: outcome.undo })
  }
  const reached = callIds.at(-1) ?? reachedCallId
  await moveAction(trx, { id, reachedCallId: reached, doneCount: callIds.length, skippedCount })
  if (callIds.length === STEP_CALLS) return 'more'
  await setBulkState(trx, { id, state: 'done', finishedAt: now })
  return 'ended'
}

/** Of a rerun only the asking is done here. */
async function handOut(
  trx: Transaction<Tables>,
  { action, callIds, now }: { action: BulkActionRecord; callIds: readonly number[]; now: number },
): Promise<'more' | 'ended'> {
  const { id, reachedCallId } = action
  await handOutCalls(trx, { action, callIds, now })
  const reached = callIds.at(-1) ?? reachedCallId
  await moveAction(trx, { id, reachedCallId: reached, doneCount: 0, skippedCount: 0 })
  if (callIds.length === STEP_CALLS) return 'more'
  await endRunIfDone(trx, { id, now })
  return 'ended'
}

const goBack: TakeStep = async (trx, { action, now }) => {
  const { id, reachedCallId } = action
  const done = await listCallsDone(trx, { id, upTo: reachedCallId, limit: STEP_CALLS })
  const calls = await callsById(trx, { action, callIds: done.map(({ callId }) => callId) })
  for (const { callId, change } of done) {
    const call = calls.get(callId)
    if (call && change) await restoreOneCall(trx, { action, call, change, now })
  }
  await moveAction(trx, {
    id,
    reachedCallId: (done.at(-1)?.callId ?? 1) - 1,
    doneCount: -done.length,
    skippedCount: -done.filter(({ change }) => change === null).length,
  })
  if (done.length === STEP_CALLS) return 'more'
  await setBulkState(trx, { id, state: 'undone', finishedAt: now })
  return 'ended'
}

/** Calls that were deleted since are not in it. */
async function callsById(
  trx: Transaction<Tables>,
  { action, callIds }: { action: BulkActionRecord; callIds: readonly number[] },
): Promise<Map<number, CallStanding>> {
  const calls = await listCallStandings(trx, { ids: callIds, projectId: action.projectId })
  return new Map(calls.map((call) => [call.id, call]))
}

/** What ended a month ago cannot be undone any more, and goes. */
async function purgeOldActions(tools: BulkTools, signal: AbortSignal): Promise<void> {
  const { database, clock } = tools
  for (;;) {
    const id = await findOldBulkAction(database.reader, clock())
    if (id === null) return
    await removeCalls({ database, signal }, id)
    await deleteBulkAction(database.writer, id)
  }
}
