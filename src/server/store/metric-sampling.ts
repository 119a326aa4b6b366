import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** The sum is kept in whole billionths: fractions such as 0.1 would drift. */
const UNIT = 1e9
/** A sum that is short of 1 by rounding alone, as of three thirds, is 1. */
const ROUNDING = 1_000

/**
 * Whether a sampled metric judges the next call. Of n calls in a row `rate` times n are judged, rounded down: at 0.3
 * the 4th, 7th and 10th. Counts the call, so to be asked once per call, in the transaction that stores the answer.
 */
export async function takeSample(
  trx: Transaction<Tables>,
  { metricId, rate }: { metricId: number; rate: number },
): Promise<boolean> {
  if (rate <= 0) return false
  const row = await trx
    .selectFrom('metric_sampling')
    .select('accumulator')
    .where('metric_id', '=', metricId)
    .executeTakeFirst()
  const sum = Math.round((row?.accumulator ?? 0) * UNIT) + Math.round(rate * UNIT)
  const isTaken = sum >= UNIT - ROUNDING
  const accumulator = (isTaken ? sum - UNIT : sum) / UNIT
  await trx
    .insertInto('metric_sampling')
    .values({ metric_id: metricId, accumulator })
    .onConflict((conflict) => conflict.column('metric_id').doUpdateSet({ accumulator }))
    .execute()
  return isTaken
}
