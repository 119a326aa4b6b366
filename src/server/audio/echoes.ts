import type { Stretch } from '#contract/conversation.ts'
import { FRAME_SECONDS, LOWEST_DBFS } from './frame-levels.ts'
import { valueAtShare } from './value-at-share.ts'

/** How much quieter than its channel's own voice an echo is, or than the other voice where there is no own one. */
const BELOW_OWN_VOICE_DB = 15
const BELOW_OTHER_VOICE_DB = 20
/** Handsets and conference rooms give a voice back within this time. */
const LONGEST_DELAY_SECONDS = 0.3
const COVERED_SHARE = 0.8

/** A channel's speech, by start and apart from each other, and the level of each of its frames. */
export type HeardChannel = { stretches: readonly Stretch[]; levelsDbfs: Float32Array }

/**
 * The speech of `own` without what is only `other` leaking in: quiet speech that lies within the other's. A stretch in
 * which the leak runs on into own speech stays whole.
 */
export function withoutEchoes(own: HeardChannel, other: HeardChannel): Stretch[] {
  const echoing = other.stretches.map(({ startSeconds, endSeconds }) => ({
    startSeconds,
    endSeconds: endSeconds + LONGEST_DELAY_SECONDS,
  }))
  const isCovered = (stretch: Stretch) =>
    coveredSeconds(stretch, echoing) >= COVERED_SHARE * (stretch.endSeconds - stretch.startSeconds)
  const alone = own.stretches.filter((stretch) => !isCovered(stretch))
  const voices = Float32Array.from(alone, (stretch) => loudnessDbfs(stretch, own.levelsDbfs))
  const ownVoiceDbfs = valueAtShare(voices, 0.5)
  return own.stretches.filter((stretch) => {
    if (!isCovered(stretch)) return true
    const limitDbfs =
      ownVoiceDbfs === null
        ? loudnessDbfs(stretch, other.levelsDbfs) - BELOW_OTHER_VOICE_DB
        : ownVoiceDbfs - BELOW_OWN_VOICE_DB
    return loudnessDbfs(stretch, own.levelsDbfs) > limitDbfs
  })
}

/** `others` may overlap by their tails; no second of a stretch counts twice. */
function coveredSeconds({ startSeconds, endSeconds }: Stretch, others: readonly Stretch[]): number {
  let seconds = 0
  let reached = startSeconds
  for (const other of others) {
    const from = Math.max(reached, other.startSeconds)
    const until = Math.min(endSeconds, other.endSeconds)
    if (until <= from) continue
    seconds += until - from
    reached = until
  }
  return seconds
}

function loudnessDbfs({ startSeconds, endSeconds }: Stretch, levelsDbfs: Float32Array): number {
  const first = Math.round(startSeconds / FRAME_SECONDS)
  const end = Math.round(endSeconds / FRAME_SECONDS)
  return valueAtShare(levelsDbfs.subarray(first, end), 0.9) ?? LOWEST_DBFS
}
