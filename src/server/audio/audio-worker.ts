import { setPriority } from 'node:os'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import { makePlaybackCopy, type PlaybackCopy } from './make-playback-copy.ts'
import { computePeaks } from './peaks.ts'
import { probeAudio } from './probe-audio.ts'
import { UnreadableAudio, type UnreadableAudioFacts } from './unreadable-audio.ts'

/** What the worker says, once, before it ends. */
export type AudioWorkerMessage =
  | { kind: 'analysed'; probe: AudioProbe; levels: PeakLevel[]; playback: PlaybackCopy | null }
  | { kind: 'heard'; speech: RecordingSpeech }
  | ({ kind: 'unreadable' } & UnreadableAudioFacts)
  | { kind: 'failed'; error: string }

/** `analyse` draws a recording; `hear` finds out who speaks when, which takes some ten times as long. */
export type AudioWork = 'analyse' | 'hear'

/** Requests are answered before recordings are measured, on machines with few cores. */
const BACKGROUND_PRIORITY = 10

setPriority(BACKGROUND_PRIORITY)
process.once('disconnect', () => process.exit(1))
const [work, path, playbackPath] = process.argv.slice(2)
if (path === undefined) throw new Error('Expected what to do and the path of a recording')
process.send?.(await answer(work === 'hear' ? hear(path) : analyse({ path, playbackPath })))

async function answer(working: Promise<AudioWorkerMessage>): Promise<AudioWorkerMessage> {
  try {
    return await working
  } catch (error) {
    if (error instanceof UnreadableAudio) {
      return { kind: 'unreadable', expected: error.expected, found: error.found }
    }
    return {
      kind: 'failed',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }
  }
}

async function analyse({
  path,
  playbackPath,
}: {
  path: string
  playbackPath?: string | undefined
}): Promise<AudioWorkerMessage> {
  const header = await probeAudio(path)
  const { levels, durationSeconds } = await computePeaks({ path, probe: header })
  const probe = { ...header, durationSeconds }
  const playback = playbackPath
    ? await makePlaybackCopy({ path, target: playbackPath, probe })
    : null
  return { kind: 'analysed', probe, levels, playback }
}

async function hear(path: string): Promise<AudioWorkerMessage> {
  // Loaded here alone: drawing needs no voice model.
  const { measureSound } = await import('./measure-sound.ts')
  const speech = await measureSound({ path, probe: await probeAudio(path) })
  return { kind: 'heard', speech }
}
