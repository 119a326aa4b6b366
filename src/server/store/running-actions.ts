import type { Connection } from './database.ts'

/** How many bulk actions of a project go on. */
export async function countRunningBulkActions(db: Connection, projectId: number): Promise<number> {
  const { count } = await db
    .selectFrom('bulk_action')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('project_id', '=', projectId)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  return Number(count)
}
