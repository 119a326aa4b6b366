import { formatDuration } from '../format/duration.ts'

/** What a screen reader says at the playhead: "2:14 of 8:02, agent speaking, slow reply". */
export function positionText({
  seconds,
  durationSeconds,
  speakers,
  notes,
}: {
  seconds: number
  durationSeconds: number
  /** Who is speaking, in words, each once. */
  speakers: readonly string[]
  /** What else is going on. */
  notes: readonly string[]
}): string {
  const position = `${formatDuration(seconds)} of ${formatDuration(durationSeconds)}`
  const speech = speakers.length > 0 ? [`${speakers.join(' and ')} speaking`] : []
  return [position, ...speech, ...notes].join(', ')
}
