import type { Segment } from '#contract/transcript.ts'

/**
 * The turns of the agent, each as the places of its segments: what it says until somebody else speaks. Tools and
 * events between two segments end no turn.
 */
export function agentTurns(segments: readonly Segment[]): number[][] {
  const turns: number[][] = []
  let current: number[] | null = null
  for (const [index, segment] of segments.entries()) {
    if (segment.kind !== 'speech' || segment.text.trim() === '') continue
    if (segment.speaker !== 'agent' || segment.party !== undefined) {
      current = null
      continue
    }
    if (current === null) {
      current = []
      turns.push(current)
    }
    current.push(index)
  }
  return turns
}
