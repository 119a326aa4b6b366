import type { Connection } from './database.ts'

/** How a call stands, for deciding what to do with it. */
export type CallStanding = {
  id: number
  /** Null while the first evaluation runs and after a processing error. */
  success: boolean | null
  isJudged: boolean
  isReviewed: boolean
}

/** Those of the given calls that are the project's, in the order of their ids. */
export async function listCallStandings(
  db: Connection,
  { ids, projectId }: { ids: readonly number[]; projectId: number },
): Promise<CallStanding[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('call')
    .select(['id', 'success', 'is_judged', 'is_reviewed'])
    .where('id', 'in', ids)
    .where('project_id', '=', projectId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    success: row.success === null ? null : row.success === 1,
    isJudged: row.is_judged === 1,
    isReviewed: row.is_reviewed === 1,
  }))
}
