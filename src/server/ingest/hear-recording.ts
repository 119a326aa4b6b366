import { hearRecording as listen } from '../audio/analyse-recording.ts'
import { enqueueUnlessWaiting, type JobPayloads } from '../queue/job-kinds.ts'
import { findCallRecord } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import { saveSpeech } from '../store/recording-speech.ts'
import { findNewestFile, findStoredRecording, saveAgentChannel } from '../store/recordings.ts'
import { CHANNEL_RULE, decideAgentChannel } from './agent-channel.ts'
import { swapSpeakers } from './swap-speakers.ts'
import { toJobFailure } from './to-job-failure.ts'

/**
 * The job: find out who speaks when in a recording that is drawn already, keep it, look again on which channel the agent
 * speaks, and have the call judged by it.
 */
export async function hearRecording(
  { database, files, clock }: { database: Database; files: RecordingFiles; clock: () => number },
  { callId, recordingId }: JobPayloads['hear-recording'],
  signal: AbortSignal,
): Promise<void> {
  const stored = await findStoredRecording(database.writer, { id: recordingId, projectId: null })
  if (stored === null) return
  const speech = await listenTo(files.pathOf(stored.storageKey), signal)
  await database.transaction(async (trx) => {
    const now = clock()
    const call = await findCallRecord(trx, { id: callId, projectId: null })
    const newest = await findNewestFile(trx, callId)
    // A newer one was sent meanwhile, which is heard after it is drawn.
    if (call === null || newest?.id !== recordingId) return
    await saveSpeech(trx, { recordingId, speech, now })
    if (speech.channels.length === 2) {
      const { agentChannel, isSwapped } = decideAgentChannel(call, { speech, level: undefined })
      // What loudness told stands where speech does not tell.
      if (agentChannel !== null) await saveAgentChannel(trx, { id: recordingId, agentChannel })
      if (isSwapped)
        await swapSpeakers(trx, { dialect: database.dialect, call, rule: CHANNEL_RULE, now })
    }
    await enqueueUnlessWaiting(trx, { kind: 'evaluate-call', payload: { callId }, now })
  })
}

async function listenTo(path: string, signal: AbortSignal) {
  try {
    return await listen({ path, signal })
  } catch (error) {
    throw toJobFailure(error)
  }
}
