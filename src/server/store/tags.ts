import type { Transaction } from 'kysely'
import { MAX_TAGS } from '#contract/tag.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** The tags of each of the given calls, in alphabetical order; calls without any are not in it. */
export async function listTags(
  db: Connection,
  callIds: readonly number[],
): Promise<Map<number, string[]>> {
  if (callIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('call_tag')
    .select(['call_id', 'tag'])
    .where('call_id', 'in', callIds)
    .orderBy('call_id')
    .orderBy('tag')
    .execute()
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map([...byCall].map(([callId, own]) => [callId, own.map(({ tag }) => tag)]))
}

/**
 * Puts tags on a call and gives those that were not there before; null, with nothing done, where it would have more
 * than `MAX_TAGS`.
 */
export async function addTags(
  trx: Transaction<Tables>,
  { callId, tags }: { callId: number; tags: readonly string[] },
): Promise<string[] | null> {
  const present = new Set((await listTags(trx, [callId])).get(callId))
  const missing = [...new Set(tags)].filter((tag) => !present.has(tag))
  if (missing.length === 0) return []
  if (present.size + missing.length > MAX_TAGS) return null
  await trx
    .insertInto('call_tag')
    .values(missing.map((tag) => ({ call_id: callId, tag })))
    .execute()
  return missing
}

/** Takes tags from a call and gives those that were there. */
export async function takeTags(
  trx: Transaction<Tables>,
  { callId, tags }: { callId: number; tags: readonly string[] },
): Promise<string[]> {
  if (tags.length === 0) return []
  const rows = await trx
    .deleteFrom('call_tag')
    .where('call_id', '=', callId)
    .where('tag', 'in', tags)
    .returning('tag')
    .execute()
  return rows.map(({ tag }) => tag)
}

export type TagChange = { callId: number; add: readonly string[]; remove: readonly string[] }

/** Takes tags first, then adds; the call counts as changed if one of them was. Null where `addTags` is. */
export async function changeTags(
  trx: Transaction<Tables>,
  { callId, add, remove, now }: TagChange & { now: number },
): Promise<{ added: string[]; taken: string[] } | null> {
  const taken = await takeTags(trx, { callId, tags: remove.filter((tag) => !add.includes(tag)) })
  const added = await addTags(trx, { callId, tags: add })
  if (added === null) return null
  if (added.length + taken.length > 0) await touchCall(trx, { callId, now })
  return { added, taken }
}

/** Lists that are open take it for a change. */
async function touchCall(
  trx: Transaction<Tables>,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  await trx.updateTable('call').set({ updated_at: now }).where('id', '=', callId).execute()
}
