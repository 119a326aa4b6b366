import type { Project, ProjectChange } from '#contract/project.ts'
import type { Connection } from './database.ts'

/** The project that a fresh installation starts with. */
export const FIRST_PROJECT_ID = 1

/** Makes project 1 where there is none. */
export async function ensureFirstProject(db: Connection, now: number): Promise<void> {
  await db
    .insertInto('project')
    .values({
      id: FIRST_PROJECT_ID,
      name: 'My project',
      duplicate_policy: 'update',
      accepts_metadata_only: 0,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export async function findProject(db: Connection, id: number): Promise<Project | null> {
  const row = await db
    .selectFrom('project')
    .select([
      'id',
      'name',
      'duplicate_policy',
      'accepts_metadata_only',
      'sample_rate',
      'response_budget_ms',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    name: row.name,
    duplicatePolicy: row.duplicate_policy,
    acceptsMetadataOnly: row.accepts_metadata_only === 1,
    sampleRate: row.sample_rate,
    responseBudgetSeconds: row.response_budget_ms / 1000,
  }
}

/** Part of the new calls, 0 to 1, that sampled metrics judge; 1 where there is no such project. */
export async function findSampleRate(db: Connection, projectId: number): Promise<number> {
  const row = await db
    .selectFrom('project')
    .select('sample_rate')
    .where('id', '=', projectId)
    .executeTakeFirst()
  return row?.sample_rate ?? 1
}

/** Every project's id in order, at most two: enough to know whether the choice is obvious. */
export async function firstProjectIds(db: Connection): Promise<number[]> {
  const rows = await db.selectFrom('project').select('id').orderBy('id').limit(2).execute()
  return rows.map((row) => row.id)
}

export async function changeProject(
  db: Connection,
  { id, change, now }: { id: number; change: ProjectChange; now: number },
): Promise<void> {
  await db
    .updateTable('project')
    .set({
      updated_at: now,
      ...(change.name !== undefined && { name: change.name }),
      ...(change.duplicatePolicy !== undefined && { duplicate_policy: change.duplicatePolicy }),
      ...(change.acceptsMetadataOnly !== undefined && {
        accepts_metadata_only: Number(change.acceptsMetadataOnly),
      }),
      ...(change.sampleRate !== undefined && { sample_rate: change.sampleRate }),
      ...(change.responseBudgetSeconds !== undefined && {
        response_budget_ms: Math.round(change.responseBudgetSeconds * 1000),
      }),
    })
    .where('id', '=', id)
    .execute()
}
