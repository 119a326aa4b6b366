import { createRandom, sampleWords } from './sample-text.ts'

/** A transcript with the times of its words, as Retell sends it; turns of equal length fill `seconds`. */
export function longTranscript({
  segments,
  wordsPerSegment,
  seconds,
}: {
  segments: number
  wordsPerSegment: number
  seconds: number
}): object[] {
  const random = createRandom(5)
  const turnSeconds = seconds / segments
  return Array.from({ length: segments }, (_, i) => {
    const words = sampleWords(random, wordsPerSegment)
    return {
      role: i % 2 === 0 ? 'agent' : 'user',
      content: words.join(' '),
      words: words.map((word, k) => ({
        word,
        start: toMilliseconds(turnSeconds * (i + k / words.length)),
        end: toMilliseconds(turnSeconds * (i + (k + 0.9) / words.length)),
      })),
    }
  })
}

function toMilliseconds(seconds: number): number {
  return Number(seconds.toFixed(3))
}
