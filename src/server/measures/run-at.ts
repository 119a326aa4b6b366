import type { Stretch } from '#contract/conversation.ts'

/** The run that goes on at that second, its end excluded. Takes runs by start and apart from each other. */
export function runAt(runs: readonly Stretch[], seconds: number): Stretch | undefined {
  const run = runs[firstEndingAfter(runs, seconds)]
  return run && run.startSeconds <= seconds ? run : undefined
}

/** The place of the first run that ends after that second; behind the last where none does. */
export function firstEndingAfter(runs: readonly Stretch[], seconds: number): number {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((runs[middle]?.endSeconds ?? Number.POSITIVE_INFINITY) <= seconds) low = middle + 1
    else high = middle
  }
  return low
}
