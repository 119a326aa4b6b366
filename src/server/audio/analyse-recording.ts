import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import { AnalysisTimeout } from './analysis-timeout.ts'
import type { AudioWork, AudioWorkerMessage } from './audio-worker.ts'
import type { PlaybackCopy } from './make-playback-copy.ts'
import { UnreadableAudio } from './unreadable-audio.ts'

type Limits = { signal?: AbortSignal; timeoutMs?: number }

export type AnalyseRecordingInput = Limits & {
  path: string
  /** Where to write a copy that seeks exactly, if one is wanted and needed; see `makePlaybackCopy`. */
  playbackPath?: string
}
/** `playback` is null where the original is to be played, and where no `playbackPath` was given. */
export type RecordingAnalysis = {
  probe: AudioProbe
  levels: PeakLevel[]
  playback: PlaybackCopy | null
}

// An hour of stereo takes 1 to 17 s by its codec, and about a minute to be heard.
const DEFAULT_TIMEOUT_MS = 10 * 60_000
// Samples are not on this heap; tables that a file can blow up are. Small young generations are collected
// often, which halves the memory of all the short-lived arrays for a tenth more time.
const MAX_HEAP_MB = 96
const YOUNG_HEAP_MB = 4
// V8 would compile WebAssembly a second time, for speed, and one function of the voice model's runtime is half a
// megabyte long: 200 MB at its peak become 460. A minute of sound is done sooner without, five minutes a fifth later.
// Decoders alone are worth the second time.
const COMPILER: Record<AudioWork, readonly string[]> = { analyse: [], hear: ['--liftoff-only'] }
const ABORTED_EXIT_CODE = 134

/**
 * What a recording is and its peaks, worked out in a process that is gone afterwards: the event
 * loop stays free, an idle server holds no memory of it, and a decoder that crashes takes nothing along. `probe.durationSeconds` is counted in
 * decoded frames. Whoever gives a `playbackPath` deletes what may lie there after a failure, for a worker that is
 * stopped leaves a part. Throws UnreadableAudio (a retry does not help), AnalysisTimeout, the signal's
 * reason, or an Error that says how the worker ended.
 */
export async function analyseRecording({
  path,
  playbackPath,
  ...limits
}: AnalyseRecordingInput): Promise<RecordingAnalysis> {
  const paths = playbackPath === undefined ? [path] : [path, playbackPath]
  const message = await askWorker('analyse', { paths, ...limits })
  if (message.kind !== 'analysed') throw toFailure(message)
  return { probe: message.probe, levels: message.levels, playback: message.playback }
}

/** Who speaks when in a recording, on which channel; as `analyseRecording` in all else. */
export async function hearRecording({
  path,
  ...limits
}: Limits & { path: string }): Promise<RecordingSpeech> {
  const message = await askWorker('hear', { paths: [path], ...limits })
  if (message.kind !== 'heard') throw toFailure(message)
  return message.speech
}

async function askWorker(
  work: AudioWork,
  { paths, signal, timeoutMs = DEFAULT_TIMEOUT_MS }: Limits & { paths: readonly string[] },
): Promise<AudioWorkerMessage> {
  signal?.throwIfAborted()
  const worker = startWorker(work, paths)
  const interruption = Promise.withResolvers<never>()
  const timer = setTimeout(() => interruption.reject(new AnalysisTimeout(timeoutMs)), timeoutMs)
  const handleAbort = () => interruption.reject(signal?.reason)
  signal?.addEventListener('abort', handleAbort)
  try {
    return await Promise.race([messageOf(worker), interruption.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', handleAbort)
    worker.kill('SIGKILL')
  }
}

function startWorker(work: AudioWork, paths: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL('./audio-worker.ts', import.meta.url))
  return fork(script, [work, ...paths], {
    serialization: 'advanced',
    execArgv: workerArguments(work),
    // Decoders chatter on the console; the errors that count are sent as messages.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

/** Node's own arguments of the process that does this work. */
export function workerArguments(work: AudioWork): string[] {
  return [
    `--max-old-space-size=${MAX_HEAP_MB}`,
    `--max-semi-space-size=${YOUNG_HEAP_MB}`,
    ...COMPILER[work],
    '--no-warnings',
  ]
}

function messageOf(worker: ChildProcess): Promise<AudioWorkerMessage> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message) => resolve(message as AudioWorkerMessage))
    worker.once('error', (cause) => reject(new Error('The audio worker failed.', { cause })))
    worker.once('exit', (code, signal) => reject(toWorkerFailure(code, signal)))
  })
}

/** V8 aborts the process when its heap limit is reached. */
function toWorkerFailure(code: number | null, signal: NodeJS.Signals | null): Error {
  if (signal === 'SIGABRT' || code === ABORTED_EXIT_CODE) {
    return new UnreadableAudio({
      expected: `sound that decodes within ${MAX_HEAP_MB} MB`,
      found: 'far more than that',
    })
  }
  return new Error(`The audio worker ended with ${signal ?? `code ${code}`} and gave no result.`)
}

function toFailure(message: AudioWorkerMessage): Error {
  switch (message.kind) {
    case 'unreadable':
      return new UnreadableAudio(message)
    case 'failed':
      return new Error('The audio worker failed.', { cause: new Error(message.error) })
    default:
      return new Error(`The audio worker answered "${message.kind}" to another question.`)
  }
}
