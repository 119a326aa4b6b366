import { percentile } from './percentile.ts'

export type Contender = () => unknown

const WARM_UPS = 3

/**
 * Milliseconds of each contender, in the order given. They take turns, so that whatever else the machine
 * does meets all of them alike; the first turns do not count.
 */
export async function timeInTurns(
  contenders: readonly Contender[],
  { times }: { times: number },
): Promise<number[][]> {
  const measured: number[][] = contenders.map(() => [])
  for (let turn = -WARM_UPS; turn < times; turn++) {
    for (const [i, contender] of contenders.entries()) {
      const start = performance.now()
      await contender()
      if (turn >= 0) measured[i]?.push(performance.now() - start)
    }
  }
  return measured
}

/** p50 and p95. */
export function spread(milliseconds: readonly number[]): number[] {
  return [percentile(milliseconds, 0.5), percentile(milliseconds, 0.95)]
}
