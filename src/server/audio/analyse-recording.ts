import { Worker } from 'node:worker_threads'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import { AnalysisTimeout } from './analysis-timeout.ts'
import type { AudioWorkerMessage } from './audio-worker.ts'
import { UnreadableAudio } from './unreadable-audio.ts'

export type AnalyseRecordingInput = { path: string; signal?: AbortSignal; timeoutMs?: number }
export type RecordingAnalysis = { probe: AudioProbe; levels: PeakLevel[] }

// An hour of stereo takes 1 to 17 s, by its codec.
const DEFAULT_TIMEOUT_MS = 10 * 60_000
// Samples are not on this heap; tables that a file can blow up are. Small young generations are collected
// often, which halves the memory of all the short-lived arrays for a tenth more time.
const MAX_HEAP_MB = 96
const YOUNG_HEAP_MB = 4

/**
 * What a recording is and its peaks, worked out in a worker thread that is gone afterwards, so the
 * event loop stays free and an idle server holds no decoder. `probe.durationSeconds` is counted in
 * decoded frames. Throws UnreadableAudio (a retry does not help), AnalysisTimeout, the signal's
 * reason, or an Error with the worker's own as its cause.
 */
export async function analyseRecording({
  path,
  signal,
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: AnalyseRecordingInput): Promise<RecordingAnalysis> {
  signal?.throwIfAborted()
  const worker = startWorker(path)
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new AnalysisTimeout(timeoutMs)), timeoutMs)
  const handleAbort = () => timeout.reject(signal?.reason)
  signal?.addEventListener('abort', handleAbort)
  try {
    return toAnalysis(await Promise.race([messageOf(worker), timeout.promise]))
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', handleAbort)
    await worker.terminate()
  }
}

function startWorker(path: string): Worker {
  const worker = new Worker(new URL('./audio-worker.ts', import.meta.url), {
    workerData: { path },
    resourceLimits: {
      maxOldGenerationSizeMb: MAX_HEAP_MB,
      maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
    },
    stdout: true,
    stderr: true,
  })
  // Decoders chatter on the console; the errors that count are thrown.
  worker.stdout.resume()
  worker.stderr.resume()
  return worker
}

function messageOf(worker: Worker): Promise<AudioWorkerMessage> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', (error) => reject(toWorkerFailure(error)))
    worker.once('exit', (code) =>
      reject(new Error(`The audio worker ended with code ${code} and gave no result.`)),
    )
  })
}

function toWorkerFailure(error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new UnreadableAudio(
      { expected: `sound that decodes within ${MAX_HEAP_MB} MB`, found: 'far more than that' },
      { cause: error },
    )
  }
  return new Error('The audio worker failed.', { cause: error })
}

function toAnalysis(message: AudioWorkerMessage): RecordingAnalysis {
  if (message.kind === 'unreadable') throw new UnreadableAudio(message)
  return { probe: message.probe, levels: message.levels }
}
