import { setPriority } from 'node:os'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import { makePlaybackCopy, type PlaybackCopy } from './make-playback-copy.ts'
import { computePeaks } from './peaks.ts'
import { probeAudio } from './probe-audio.ts'
import { UnreadableAudio, type UnreadableAudioFacts } from './unreadable-audio.ts'

/** What the worker says, once, before it ends. */
export type AudioWorkerMessage =
  | { kind: 'analysed'; probe: AudioProbe; levels: PeakLevel[]; playback: PlaybackCopy | null }
  | ({ kind: 'unreadable' } & UnreadableAudioFacts)
  | { kind: 'failed'; error: string }

/** Requests are answered before recordings are measured, on machines with few cores. */
const BACKGROUND_PRIORITY = 10

setPriority(BACKGROUND_PRIORITY)
process.once('disconnect', () => process.exit(1))
const [path, playbackPath] = process.argv.slice(2)
if (path === undefined) throw new Error('Expected the path of a recording')
process.send?.(await analyse({ path, playbackPath }))

async function analyse({
  path,
  playbackPath,
}: {
  path: string
  playbackPath?: string | undefined
}): Promise<AudioWorkerMessage> {
  try {
    const header = await probeAudio(path)
    const { levels, durationSeconds } = await computePeaks({ path, probe: header })
    const probe = { ...header, durationSeconds }
    const playback = playbackPath
      ? await makePlaybackCopy({ path, target: playbackPath, probe })
      : null
    return { kind: 'analysed', probe, levels, playback }
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
