import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { runBulkAction } from './actions/run-bulk-action.ts'
import { settleBulkAction } from './actions/settle-bulk-action.ts'
import { evaluateCall } from './evaluation/evaluate-call.ts'
import { fetchRecording, type RecordingFetcher } from './ingest/fetch-recording.ts'
import { prepareRecording } from './ingest/prepare-recording.ts'
import { enqueueUnlessWaiting } from './queue/job-kinds.ts'
import type { JobHandlers } from './queue/worker.ts'
import { renameSomeCalls } from './store/agents.ts'
import { failBulkAction } from './store/bulk-actions.ts'
import { findCallState, needsRecording, updateCallRow } from './store/calls.ts'
import type { Database } from './store/database.ts'
import type { RecordingFiles } from './store/recording-files.ts'
import { findNewestFile } from './store/recordings.ts'
import type { Tables } from './store/tables.ts'

export type JobTools = {
  database: Database
  files: RecordingFiles
  fetcher: RecordingFetcher
  clock: () => number
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
    'evaluate-call': {
      concurrency: 2,
      maxAttempts: 5,
      firstRetryMs: 2_000,
      batchSize: 20,
      runInTransaction: (trx, { callId }) => evaluateCall(trx, { callId, now: clock() }),
      onGivenUp: async (trx, { payload: { callId }, message }) => {
        const call = await findCallState(trx, callId)
        if (call?.isReviewed) return
        await updateCallRow(trx, {
          id: callId,
          fields: { status: 'failure', success: null, error_message: message },
          now: clock(),
        })
      },
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
        failBulkAction(trx, { id: bulkActionId, message, now: clock() }),
    },
    'bulk-action': {
      concurrency: 1,
      maxAttempts: 5,
      firstRetryMs: 2_000,
      run: (payload, { signal }) => runBulkAction(tools, payload, signal),
      onGivenUp: (trx, { payload: { bulkActionId }, message }) =>
        failBulkAction(trx, { id: bulkActionId, message, now: clock() }),
    },
  }
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
