import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Forgets what was decided about a call by its transcript, unless that is `segments` already: to be asked before the
 * new one is stored. A person's review stays.
 */
export async function forgetOtherJudgement(
  trx: Transaction<Tables>,
  { callId, segments }: { callId: number; segments: string },
): Promise<void> {
  await trx
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
    .execute()
}
