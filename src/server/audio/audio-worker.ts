import { setPriority } from 'node:os'
import type { AudioProbe, PeakLevel } from '#contract/recording.ts'
import { computePeaks } from './peaks.ts'
import { probeAudio } from './probe-audio.ts'
import { UnreadableAudio, type UnreadableAudioFacts } from './unreadable-audio.ts'

/** What the worker says, once, before it ends. */
export type AudioWorkerMessage =
  | { kind: 'analysed'; probe: AudioProbe; levels: PeakLevel[] }
  | ({ kind: 'unreadable' } & UnreadableAudioFacts)
  | { kind: 'failed'; error: string }

/** Requests are answered before recordings are measured, on machines with few cores. */
const BACKGROUND_PRIORITY = 10

setPriority(BACKGROUND_PRIORITY)
process.once('disconnect', () => process.exit(1))
const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('Expected the path of a recording')
process.send?.(await analyse(path))

async function analyse(path: string): Promise<AudioWorkerMessage> {
  try {
    const probe = await probeAudio(path)
    const { levels, durationSeconds } = await computePeaks({ path, probe })
    return { kind: 'analysed', probe: { ...probe, durationSeconds }, levels }
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
