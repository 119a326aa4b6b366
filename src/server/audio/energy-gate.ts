import { FRAME_SECONDS } from './frame-levels.ts'
import { valueAtShare } from './value-at-share.ts'

/** What is this much louder than the quiet of its channel is taken for speech. */
const ABOVE_QUIET_DB = 12
/** Speech that anyone can hear is no quieter, however quiet its line is. */
const LOWEST_SPEECH_DBFS = -55
/** A channel without any pause has no quiet: what is nearly as loud as its loudest stays speech. */
const BELOW_LOUD_DB = 15

/**
 * 1 for every window that is louder than its channel's quiet for at least half of its time, else 0. Stands in for the
 * voice model where that cannot run: tones and noises pass for speech, too.
 */
export function gateByEnergy(levelsDbfs: Float32Array, windowSeconds: number): Float32Array {
  const quiet = valueAtShare(levelsDbfs, 0.1) ?? 0
  const loud = valueAtShare(levelsDbfs, 0.95) ?? 0
  const limit = Math.max(LOWEST_SPEECH_DBFS, Math.min(quiet + ABOVE_QUIET_DB, loud - BELOW_LOUD_DB))
  const framesPerWindow = windowSeconds / FRAME_SECONDS
  const windows = new Float32Array(Math.ceil(levelsDbfs.length / framesPerWindow))
  return windows.map((_, window) => {
    const frames = levelsDbfs.subarray(
      Math.floor(window * framesPerWindow),
      Math.ceil((window + 1) * framesPerWindow),
    )
    const loudCount = frames.reduce((count, level) => (level >= limit ? count + 1 : count), 0)
    return loudCount * 2 >= frames.length ? 1 : 0
  })
}
