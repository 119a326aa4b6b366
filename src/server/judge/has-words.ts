import type { Segment } from '#contract/transcript.ts'

/** Whether anything is said that a judge could look at. */
export function hasWords(segments: readonly Segment[]): boolean {
  return segments.some((it) => it.kind === 'speech' && it.text.trim() !== '')
}
