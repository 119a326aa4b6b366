import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { runBulkAction } from './actions/run-bulk-action.ts'
import { settleBulkAction } from './actions/settle-bulk-action.ts'
import { checkStability } from './evaluation/check-stability.ts'
import { evaluateCall } from './evaluation/evaluate-call.ts'
import { giveUpCall } from './evaluation/give-up-call.ts'
import { judgeCall } from './evaluation/judge-call.ts'
import type { JudgeTools } from './evaluation/judge-tools.ts'
import { fetchRecording, type RecordingFetcher } from './ingest/fetch-recording.ts'
import { hearRecording } from './ingest/hear-recording.ts'
import { prepareRecording } from './ingest/prepare-recording.ts'
import { closeAheadOf, enqueueUnlessWaiting } from './queue/job-kinds.ts'
import type { JobHandlers } from './queue/worker.ts'
import { renameSomeCalls } from './store/agents.ts'
import { failBulkAction } from './store/bulk-actions.ts'
import { findCallState, needsRecording, updateCallRow } from './store/calls.ts'
import type { Database } from './store/database.ts'
import type { RecordingFiles } from './store/recording-files.ts'
import { findNewestFile } from './store/recordings.ts'
import { setStabilityState } from './store/stability-checks.ts'
import type { Tables } from './store/tables.ts'

export type JobTools = JudgeTools & {
  files: RecordingFiles
  fetcher: RecordingFetcher
  /** Questions the judge takes at a time. */
  maxConcurrentQuestions: number
}

/** How each kind of background work is done, and what becomes of its call when it is given up. */
export function createJobHandlers(tools: JobTools): JobHandlers {
  const { database, clock } = tools
  const failRecording = async (
    trx: Transaction<Tables>,
    { callId, message }: { callId: number; message: string },
  ) => {
    const now = clock()
    await updateCallRow(trx, {
      id: callId,
      fields: { recording_state: 'failed', error_message: message },
      now,
    })
    await enqueueUnlessWaiting(trx, { kind: 'evaluate-call', payload: { callId }, now })
  }
  return {
    'fetch-recording': {
      concurrency: 4,
      maxAttempts: 6,
      firstRetryMs: 5_000,
      run: (payload, { signal }) => fetchRecording(tools, payload, signal),
      onGivenUp: async (trx, { payload: { callId, url }, message }) => {
        if (await needsRecording(trx, { id: callId, url })) {
          await failRecording(trx, { callId, message })
        }
      },
    },
    'prepare-recording': {
      concurrency: 1,
      maxAttempts: 3,
      firstRetryMs: 2_000,
      run: (payload, { signal }) => prepareRecording(tools, payload, signal),
      onGivenUp: async (trx, { payload: { callId, recordingId }, message }) => {
        const call = await findCallState(trx, callId)
        const newest = await findNewestFile(trx, callId)
        if (call?.recordingState === 'waiting' || newest?.id !== recordingId) return
        await failRecording(trx, { callId, message })
      },
    },
    'hear-recording': {
      concurrency: 1,
      maxAttempts: 3,
      firstRetryMs: 2_000,
      run: (payload, { signal }) => hearRecording(tools, payload, signal),
      // It plays all the same, and the transcript's times are judged instead.
      onGivenUp: (trx, { payload: { callId } }) =>
        enqueueUnlessWaiting(trx, { kind: 'evaluate-call', payload: { callId }, now: clock() }),
    },
    'evaluate-call': {
      concurrency: 2,
      maxAttempts: 5,
      firstRetryMs: 2_000,
      batchSize: 20,
      runInTransaction: (trx, payload) =>
        evaluateCall(trx, { hasJudge: tools.judge !== null }, { payload, now: clock() }),
      onGivenUp: (trx, { payload, message }) => giveUpCall(trx, { payload, message, now: clock() }),
    },
    'judge-call': {
      // Each asks one question per metric, so that as many calls always keep the judge busy.
      concurrency: tools.maxConcurrentQuestions,
      maxAttempts: 4,
      firstRetryMs: 5_000,
      run: (payload, context) => judgeCall(tools, payload, context),
      onGivenUp: (trx, { payload, message }) => giveUpCall(trx, { payload, message, now: clock() }),
    },
    'check-stability': {
      concurrency: 2,
      maxAttempts: 3,
      firstRetryMs: 2_000,
      run: (payload, { signal }) => checkStability(tools, payload, signal),
      onGivenUp: (trx, { payload: { checkId }, message }) =>
        setStabilityState(trx, { id: checkId, state: 'failed', errorMessage: message }),
    },
    'rename-calls': {
      concurrency: 1,
      maxAttempts: 5,
      firstRetryMs: 2_000,
      run: ({ agentId }, { signal }) => renameCalls(database, { agentId, signal }),
      // The calls keep their older name, and the dead letter says why; renaming the agent again mends it.
      onGivenUp: async () => undefined,
    },
    'settle-bulk-action': {
      concurrency: 1,
      maxAttempts: 5,
      firstRetryMs: 2_000,
      run: (payload, { signal }) => settleBulkAction(tools, payload, signal),
      onGivenUp: (trx, { payload: { bulkActionId }, message }) =>
        failAction(trx, { id: bulkActionId, message, now: clock() }),
    },
    'bulk-action': {
      concurrency: 1,
      maxAttempts: 5,
      firstRetryMs: 2_000,
      run: (payload, { signal }) => runBulkAction(tools, payload, signal),
      onGivenUp: (trx, { payload: { bulkActionId }, message }) =>
        failAction(trx, { id: bulkActionId, message, now: clock() }),
    },
  }
}

async function failAction(
  trx: Transaction<Tables>,
  { id, message, now }: { id: number; message: string; now: number },
): Promise<void> {
  await failBulkAction(trx, { id, message, now })
  await closeAheadOf(trx, { runId: id, now })
}

/** Step by step, each kept at once, so that requests get their turn in between. */
async function renameCalls(
  { writer }: Database,
  { agentId, signal }: { agentId: number; signal: AbortSignal },
): Promise<void> {
  let before: Awaited<ReturnType<typeof renameSomeCalls>> = null
  do {
    signal.throwIfAborted()
    before = await renameSomeCalls(writer, { agentId, before })
    await setImmediate()
  } while (before !== null)
}
