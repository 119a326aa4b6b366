import type { AttributePath } from '#contract/facet.ts'
import type { Connection } from './database.ts'

const MOST_PATHS = 2000

/** The metadata and dynamic-variable paths of a project by name, at most 2,000. */
export async function listAttributePaths(
  db: Connection,
  projectId: number,
): Promise<AttributePath[]> {
  const rows = await db
    .selectFrom('attribute_path')
    .select(['source', 'path', 'has_text', 'has_number'])
    .where('project_id', '=', projectId)
    // As the names are ordered: `dynamic_variables.…` before `metadata.…`.
    .orderBy('source')
    .orderBy('path')
    .limit(MOST_PATHS)
    .execute()
  return rows.map((row) => ({
    name: `${row.source}.${row.path}`,
    hasText: row.has_text === 1,
    hasNumber: row.has_number === 1,
  }))
}
