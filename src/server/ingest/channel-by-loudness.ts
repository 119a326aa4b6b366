import type { PeakLevel } from '#contract/recording.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { clearerChannel } from './clearer-channel.ts'

/** Where it is loud while the agent should speak. */
export function channelByLoudness(
  segments: readonly Segment[],
  level: PeakLevel | undefined,
): 0 | 1 | null {
  if (level?.channels !== 2) return null
  const agent = loudnessWhile('agent', segments, level)
  const caller = loudnessWhile('caller', segments, level)
  const onFirst = (agent[0] + 1) * (caller[1] + 1)
  const onSecond = (agent[1] + 1) * (caller[0] + 1)
  return clearerChannel(onFirst, onSecond)
}

/** The mean peak per channel, 0..255, over the time in which a speaker's segments say they speak. */
function loudnessWhile(
  speaker: Speaker,
  segments: readonly Segment[],
  { bytes, pointsPerSecond }: PeakLevel,
): [number, number] {
  const points = bytes.length / 2
  const sum: [number, number] = [0, 0]
  let count = 0
  for (const segment of segments) {
    if (segment.kind !== 'speech' || segment.speaker !== speaker) continue
    if (segment.startSeconds === null || segment.endSeconds === null) continue
    const first = Math.max(0, Math.floor(segment.startSeconds * pointsPerSecond))
    const last = Math.min(points, Math.ceil(segment.endSeconds * pointsPerSecond))
    for (let point = first; point < last; point++) {
      sum[0] += bytes[point] ?? 0
      sum[1] += bytes[points + point] ?? 0
      count++
    }
  }
  return count === 0 ? [0, 0] : [sum[0] / count, sum[1] / count]
}
