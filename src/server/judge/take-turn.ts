import { setImmediate } from 'node:timers/promises'
import type { Segment } from '#contract/transcript.ts'
import { numberTranscript } from './numbered-transcript.ts'

/** Characters of a transcript that are put into a prompt in about a millisecond. */
const SHORT = 50_000

const TURNS = new WeakMap<readonly Segment[], Promise<void>>()

/**
 * Resolves when the next question about a long call may be put together: the metrics of a call are asked side by
 * side, and everybody else is served in between. At once for a short one.
 */
export async function takeTurn(segments: readonly Segment[]): Promise<void> {
  if (numberTranscript(segments).length <= SHORT) return
  // One after the other: immediates that are set at the same time run without a pause.
  const turn = (TURNS.get(segments) ?? Promise.resolve()).then(() => setImmediate())
  TURNS.set(segments, turn)
  await turn
}
