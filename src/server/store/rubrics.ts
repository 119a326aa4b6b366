import type { Transaction } from 'kysely'
import { EMPTY_RUBRIC, Rubric, RubricOutcome } from '#contract/rubric.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** The rubric of a project; without rules where nobody made one, or there is no such project. */
export async function findRubric(db: Connection, projectId: number): Promise<Rubric> {
  const row = await db
    .selectFrom('project')
    .select('rubric')
    .where('id', '=', projectId)
    .executeTakeFirst()
  return row ? Rubric.parse(JSON.parse(row.rubric)) : EMPTY_RUBRIC
}

/** Replaces the rubric of a project. Calls keep their outcome until they are judged again. */
export async function saveRubric(
  db: Connection,
  { projectId, rubric, now }: { projectId: number; rubric: Rubric; now: number },
): Promise<void> {
  await db
    .updateTable('project')
    .set({ rubric: JSON.stringify(rubric), updated_at: now })
    .where('id', '=', projectId)
    .execute()
}

/** Keeps what the rubric said of a call when it was last judged; null: there was none. */
export async function saveRubricOutcome(
  trx: Transaction<Tables>,
  { callId, outcome }: { callId: number; outcome: RubricOutcome | null },
): Promise<void> {
  await trx
    .updateTable('call_content')
    .set({ rubric_outcome: outcome && JSON.stringify(outcome) })
    .where('call_id', '=', callId)
    .execute()
}

/** Null for a call that no rubric was applied to. */
export async function findRubricOutcome(
  db: Connection,
  callId: number,
): Promise<RubricOutcome | null> {
  const row = await db
    .selectFrom('call_content')
    .select('rubric_outcome')
    .where('call_id', '=', callId)
    .executeTakeFirst()
  if (row?.rubric_outcome == null) return null
  return RubricOutcome.parse(JSON.parse(row.rubric_outcome))
}
