import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import { analyseRecording } from '../audio/analyse-recording.ts'
import { enqueue, enqueueUnlessWaiting, type JobPayloads } from '../queue/job-kinds.ts'
import { findCallRecord, updateCallRow } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import {
  findNewestFile,
  findStoredRecording,
  type PlaybackFile,
  type StoredRecording,
  savePeaks,
  savePlayback,
  saveProbe,
} from '../store/recordings.ts'
import { CHANNEL_RULE, decideAgentChannel, type ToldSpeakers } from './agent-channel.ts'
import { swapSpeakers } from './swap-speakers.ts'
import { toJobFailure } from './to-job-failure.ts'

/** Fine enough to tell short turns apart, coarse enough to be quick over an hour. */
const DETECTION_POINTS_PER_SECOND = 10

/**
 * The job: measure a stored recording in a child process, keep its format, length, peaks and the copy it
 * plays by, and find the agent's channel by loudness. From then on a person can play it; listening to it, which takes
 * longer, is a job of its own. A file that is no readable audio fails for good, with a message for people.
 */
export async function prepareRecording(
  { database, files, clock }: { database: Database; files: RecordingFiles; clock: () => number },
  { callId, recordingId }: JobPayloads['prepare-recording'],
  signal: AbortSignal,
): Promise<void> {
  const stored = await findStoredRecording(database.writer, { id: recordingId, projectId: null })
  if (stored === null) return
  const { probe, levels, playback } = await analyse(files, { stored, signal })
  const isKept = await database.transaction(async (trx) => {
    const now = clock()
    const call = await findCallRecord(trx, { id: callId, projectId: null })
    if (call === null) return false
    const { agentChannel, isSwapped } = channelByPeaks(call, levels)
    await saveProbe(trx, { id: recordingId, probe })
    await savePlayback(trx, { id: recordingId, playback })
    await savePeaks(trx, { id: recordingId, levels, agentChannel, now })
    const newest = await findNewestFile(trx, callId)
    // A call that waits for a newer recording must go on waiting, or the newer one is never fetched.
    if (newest?.id !== recordingId || call.recordingState === 'waiting') return true
    await updateCallRow(trx, {
      id: callId,
      fields: {
        recording_state: 'ready',
        error_message: null,
        duration_ms: Math.round(probe.durationSeconds * 1000),
      },
      now,
    })
    if (isSwapped) {
      await swapSpeakers(trx, {
        dialect: database.dialect,
        call,
        rule: CHANNEL_RULE,
        now,
      })
    }
    // Judged by the transcript's times for now, and by those of the sound once it was heard.
    await enqueueUnlessWaiting(trx, { kind: 'evaluate-call', payload: { callId }, now })
    await enqueue(trx, { kind: 'hear-recording', payload: { callId, recordingId }, now })
    return true
  })
  const unused = isKept ? stored.playback : playback
  if (unused) await files.remove(unused.storageKey)
}

type Analysis = { probe: AudioProbe; levels: PeakLevel[]; playback: PlaybackFile | null }

/** Measures a stored file and stores the copy that it plays by, where it needs one. */
async function analyse(
  files: RecordingFiles,
  { stored, signal }: { stored: StoredRecording; signal: AbortSignal },
): Promise<Analysis> {
  const playbackPath = files.temporaryPath()
  try {
    const path = files.pathOf(stored.storageKey)
    const { playback, ...measured } = await analyseRecording({ path, playbackPath, signal })
    if (playback === null) return { ...measured, playback: null }
    const copy = await files.receive(createReadStream(playbackPath), {
      maxBytes: Number.POSITIVE_INFINITY,
    })
    return { ...measured, playback: { ...copy, mimeType: playback.mimeType } }
  } catch (error) {
    throw toJobFailure(error)
  } finally {
    await rm(playbackPath, { force: true })
  }
}

function channelByPeaks(
  call: ToldSpeakers,
  levels: readonly PeakLevel[],
): { agentChannel: 0 | 1 | null; isSwapped: boolean } {
  const level = levels.find(
    ({ pointsPerSecond }) => pointsPerSecond === DETECTION_POINTS_PER_SECOND,
  )
  if (level?.channels !== 2) return { agentChannel: null, isSwapped: false }
  return decideAgentChannel(call, { speech: null, level })
}
