export type QuickChip = {
  id: QuickChipId
  label: string
  /** What it asks, for its tooltip. */
  help: string
}

export type QuickChipId =
  | 'failed'
  | 'unreviewed'
  | 'slow'
  | 'interrupted'
  | 'tool-error'
  | 'negative-feedback'

/** Questions asked often, one press away. What they ask is in `quick-chip-nodes.ts`, which is loaded on demand. */
export const QUICK_CHIPS: readonly QuickChip[] = [
  { id: 'failed', label: 'Failed', help: 'Failed, by the judge or by a reviewer' },
  { id: 'unreviewed', label: 'Unreviewed', help: 'Nobody has reviewed them' },
  {
    id: 'slow',
    label: 'Slow',
    help: 'The agent took more than 3 seconds to answer, at least once',
  },
  {
    id: 'interrupted',
    label: 'Interrupted',
    help: 'The agent spoke while the caller was speaking',
  },
  { id: 'tool-error', label: 'Tool error', help: 'A tool call failed' },
  {
    id: 'negative-feedback',
    label: 'Negative feedback',
    help: 'A reviewer failed them or disagrees with the judge, or their sentiment is negative',
  },
]

/** A character of a chip's label and its frame, CSS pixels; rather too much than too little. */
const CHARACTER = 6.9
const FRAME = 26

/** How many of the chips fit side by side. The button that holds the others takes its room only if there are others. */
export function fittingCount(
  labels: readonly string[],
  { width, moreWidth }: { width: number; moreWidth: number },
): number {
  const ends: number[] = []
  for (const label of labels) ends.push((ends.at(-1) ?? 0) + label.length * CHARACTER + FRAME)
  if ((ends.at(-1) ?? 0) <= width) return labels.length
  return ends.filter((end) => end <= width - moreWidth).length
}
