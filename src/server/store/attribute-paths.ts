import type { AttributeSource } from '#contract/filter.ts'
import type { Attribute } from './attributes.ts'
import type { Connection } from './database.ts'

export type SourcedAttribute = Attribute & { source: AttributeSource }

type PathNeed = { source: AttributeSource; path: string; hasText: boolean; hasNumber: boolean }

/** Stores the attributes of a call, which has none yet, and the paths that are new. Part of the caller's transaction. */
export async function insertAttributes(
  trx: Connection,
  {
    callId,
    projectId,
    attributes,
  }: { callId: number; projectId: number; attributes: readonly SourcedAttribute[] },
): Promise<void> {
  if (attributes.length === 0) return
  const pathIds = await ensurePaths(trx, { projectId, needs: neededPaths(attributes) })
  await trx
    .insertInto('call_attribute')
    .values(
      attributes.map(({ source, path, kind, textValue, numberValue }) => ({
        call_id: callId,
        path_id: pathIds.get(pathKey(source, path)) ?? 0,
        kind,
        text_value: textValue,
        number_value: numberValue,
      })),
    )
    .execute()
}

function neededPaths(attributes: readonly SourcedAttribute[]): PathNeed[] {
  const needs = new Map<string, PathNeed>()
  for (const { source, path, kind, numberValue } of attributes) {
    const key = pathKey(source, path)
    const before = needs.get(key)
    needs.set(key, {
      source,
      path,
      hasText: before?.hasText === true || kind === 'text' || kind === 'boolean',
      hasNumber: before?.hasNumber === true || numberValue !== null,
    })
  }
  return [...needs.values()]
}

/**
 * Ids of the paths by `pathKey`. Almost always all are known, so one read is the usual cost. No cache in memory: a
 * transaction that is taken back would leave ids in it that no row has.
 */
async function ensurePaths(
  trx: Connection,
  { projectId, needs }: { projectId: number; needs: readonly PathNeed[] },
): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom('attribute_path')
    .select(['id', 'source', 'path', 'has_text', 'has_number'])
    .where('project_id', '=', projectId)
    .where('source', 'in', ['metadata', 'dynamic_variables'])
    .where('path', 'in', [...new Set(needs.map(({ path }) => path))])
    .execute()
  const known = new Map(rows.map((row) => [pathKey(row.source, row.path), row]))
  const ids = new Map(rows.map((row) => [pathKey(row.source, row.path), row.id]))
  for (const need of needs) {
    const row = known.get(pathKey(need.source, need.path))
    const isCovered =
      row !== undefined &&
      row.has_text >= Number(need.hasText) &&
      row.has_number >= Number(need.hasNumber)
    if (!isCovered) {
      ids.set(pathKey(need.source, need.path), await savePath(trx, { projectId, need }))
    }
  }
  return ids
}

async function savePath(
  trx: Connection,
  { projectId, need }: { projectId: number; need: PathNeed },
): Promise<number> {
  const { id } = await trx
    .insertInto('attribute_path')
    .values({
      project_id: projectId,
      source: need.source,
      path: need.path,
      has_text: Number(need.hasText),
      has_number: Number(need.hasNumber),
    })
    .onConflict((conflict) =>
      conflict.columns(['project_id', 'source', 'path']).doUpdateSet({
        ...(need.hasText && { has_text: 1 }),
        ...(need.hasNumber && { has_number: 1 }),
        // Without a change the row would not be returned.
        path: need.path,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

function pathKey(source: AttributeSource, path: string): string {
  return `${source}.${path}`
}
