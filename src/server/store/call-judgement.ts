import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Forgets what was decided about a call by its transcript, unless that is `segments` already: to be asked before the
 * new one is stored. Results of the old words are kept and count no longer; a person's review stays.
 */
export async function forgetOtherJudgement(
  trx: Transaction<Tables>,
  { callId, segments }: { callId: number; segments: string },
): Promise<void> {
  const changed = await trx
    .updateTable('call')
    .set({ judge_success: null, is_judged: 0 })
    .where('id', '=', callId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('call_content')
          .select('call_content.call_id')
          .whereRef('call_content.call_id', '=', 'call.id')
          .where('call_content.segments', '<>', segments),
      ),
    )
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) return
  await trx
    .updateTable('verdict')
    .set({ is_current: 0 })
    .where('call_id', '=', callId)
    .where('is_current', '=', 1)
    .execute()
}
