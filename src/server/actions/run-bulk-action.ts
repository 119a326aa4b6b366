import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { JobPayloads } from '../queue/job-kinds.ts'
import { PermanentFailure } from '../queue/permanent-failure.ts'
import {
  addCallsToAction,
  type BulkActionRecord,
  deleteBulkAction,
  findBulkAction,
  findOldBulkAction,
  finishSettling,
  keepChange,
  listCallsDone,
  listCallsToDo,
  moveAction,
  removeSomeCallsOfAction,
  setBulkState,
} from '../store/bulk-actions.ts'
import { readSelection } from '../store/call-selection.ts'
import { listAllCallIds } from '../store/call-snapshots.ts'
import { type CallVerdict, listCallVerdicts } from '../store/call-verdicts.ts'
import type { Database } from '../store/database.ts'
import { hasManyDueJobs } from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'
import { changeOneCall, restoreOneCall } from './change-one-call.ts'

/** Calls changed in one transaction: some 20 ms of work, in which no request is answered. */
const STEP_CALLS = 50
/** Rows without any work, written or removed in one transaction. */
const PLAIN_ROWS = 500
/** A rerun waits while more evaluations than this are due: new calls must not stand in line behind a million. */
const MAX_DUE_EVALUATIONS = 200
const WAIT_MS = 200

export type BulkTools = { database: Database; clock: () => number }

type Run = BulkTools & { payload: JobPayloads['bulk-action']; signal: AbortSignal }

/**
 * The job: settles the calls of an action where that is still to do, then changes them, or changes them back, fifty
 * a transaction. The place is kept with the changes, so a run that is cut off anywhere is taken up where it
 * stopped and changes no call twice. Ends without a word where the action was cancelled, or removed.
 */
export async function runBulkAction(
  tools: BulkTools,
  payload: JobPayloads['bulk-action'],
  signal: AbortSignal,
): Promise<void> {
  const run = { ...tools, payload, signal }
  const action = await resume(run)
  if (action?.target) await settle(run, action)
  await repeat(run, payload.direction === 'forward' ? goForward : goBack)
  await purgeOldActions(tools, signal)
}

const GOING_ON = { forward: 'running', back: 'undoing' } as const

/** The action as it stands. One that had failed and was asked for again goes on. */
function resume({ database, payload }: Run): Promise<BulkActionRecord | null> {
  const id = payload.bulkActionId
  return database.transaction(async (trx) => {
    const action = await findBulkAction(trx, { id, projectId: null })
    if (action?.state !== 'failed') return action
    const state = GOING_ON[payload.direction]
    await setBulkState(trx, { id, state, finishedAt: null })
    return { ...action, state }
  })
}

/** Writes down which calls match: from then on nothing that happens to them changes what the action is about. */
async function settle(run: Run, action: BulkActionRecord): Promise<void> {
  const { database, signal } = run
  const { id, projectId } = action
  const read = readSelection(action.target ?? {}, { projectId, now: action.createdAt })
  if (!read.ok) {
    const messages = read.issues.map((issue) => issue.message)
    throw new PermanentFailure(`The filter cannot be read: ${messages.join('; ')}`)
  }
  // What an earlier try wrote is of another moment.
  await removeCalls(run, id)
  const callIds = await listAllCallIds(database, { query: read.query, signal })
  for (let start = 0; start < callIds.length; start += PLAIN_ROWS) {
    signal.throwIfAborted()
    const batch = callIds.slice(start, start + PLAIN_ROWS)
    const goesOn = await database.transaction(async (trx) => {
      if (!(await isGoingOn(trx, run))) return false
      await addCallsToAction(trx, { id, callIds: batch })
      return true
    })
    if (!goesOn) return
    await setImmediate()
  }
  await database.transaction(async (trx) => {
    if (await isGoingOn(trx, run)) await finishSettling(trx, { id, totalCount: callIds.length })
  })
}

async function isGoingOn(trx: Transaction<Tables>, { payload }: Run): Promise<boolean> {
  const action = await findBulkAction(trx, { id: payload.bulkActionId, projectId: null })
  return action?.state === GOING_ON[payload.direction]
}

type TakeStep = (
  trx: Transaction<Tables>,
  step: { action: BulkActionRecord; now: number },
) => Promise<'more' | 'ended'>

/** Step after step, each kept at once, so that requests and other jobs get their turn in between. */
async function repeat(run: Run, takeStep: TakeStep): Promise<void> {
  const { database, clock, payload, signal } = run
  for (;;) {
    signal.throwIfAborted()
    await waitForEvaluations(run)
    const outcome = await database.transaction(async (trx) => {
      const action = await findBulkAction(trx, { id: payload.bulkActionId, projectId: null })
      const goesOn = action?.state === GOING_ON[payload.direction] && action.target === null
      return goesOn ? takeStep(trx, { action, now: clock() }) : 'ended'
    })
    if (outcome === 'ended') return
    await setImmediate()
  }
}

async function waitForEvaluations({ database, clock, payload, signal }: Run): Promise<void> {
  const { reader } = database
  const due = { kind: 'evaluate-call', limit: MAX_DUE_EVALUATIONS }
  for (;;) {
    const action = await findBulkAction(reader, { id: payload.bulkActionId, projectId: null })
    if (action?.work.kind !== 'rerun' || action.state !== 'running') return
    if (!(await hasManyDueJobs(reader, { ...due, now: clock() }))) return
    await setTimeout(WAIT_MS, undefined, { signal })
  }
}

const goForward: TakeStep = async (trx, { action, now }) => {
  const { id, reachedCallId } = action
  const callIds = await listCallsToDo(trx, { id, after: reachedCallId, limit: STEP_CALLS })
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
): Promise<Map<number, CallVerdict>> {
  const calls = await listCallVerdicts(trx, { ids: callIds, projectId: action.projectId })
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

async function removeCalls(
  { database, signal }: { database: Database; signal: AbortSignal },
  id: number,
): Promise<void> {
  while (await removeSomeCallsOfAction(database.writer, { id, limit: PLAIN_ROWS })) {
    signal.throwIfAborted()
    await setImmediate()
  }
}
