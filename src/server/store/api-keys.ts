import type { AccessScope, ApiKey } from '#contract/access.ts'
import type { Connection } from './database.ts'

/** A key's use is written down at most this often, so that a busy client does not cost a write a request. */
const USE_RESOLUTION_MS = 60_000

export type NewApiKeyRow = {
  projectId: number | null
  name: string
  scope: AccessScope
  keyHash: string
  hint: string
  now: number
}

export async function insertApiKey(db: Connection, key: NewApiKeyRow): Promise<number> {
  const { id } = await db
    .insertInto('api_key')
    .values({
      project_id: key.projectId,
      name: key.name,
      scope: key.scope,
      key_hash: key.keyHash,
      hint: key.hint,
      created_at: key.now,
      last_used_at: null,
      revoked_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Keys that were not revoked, newest first, at most 500. */
export async function listApiKeys(db: Connection): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_key')
    .select(['id', 'name', 'scope', 'hint', 'created_at', 'last_used_at'])
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scope: row.scope,
    hint: row.hint,
    createdAt: new Date(row.created_at).toISOString(),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
  }))
}

export type KeyIdentity = {
  id: number
  projectId: number | null
  scope: AccessScope
  name: string
  lastUsedAt: number | null
}

/** The key with this hash unless it was revoked. */
export async function findKeyByHash(db: Connection, keyHash: string): Promise<KeyIdentity | null> {
  const row = await db
    .selectFrom('api_key')
    .select(['id', 'project_id', 'scope', 'name', 'last_used_at'])
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    projectId: row.project_id,
    scope: row.scope,
    name: row.name,
    lastUsedAt: row.last_used_at,
  }
}

/**
 * True if a standing key of this name reaches calls that a key of this project would reach; null: of every project. The
 * names of keys tell reviewers apart.
 */
export async function isKeyNameTaken(
  db: Connection,
  { name, projectId }: { name: string; projectId: number | null },
): Promise<boolean> {
  let query = db
    .selectFrom('api_key')
    .select('id')
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
  if (projectId !== null) {
    query = query.where((eb) =>
      eb.or([eb('project_id', 'is', null), eb('project_id', '=', projectId)]),
    )
  }
  return (await query.limit(1).executeTakeFirst()) !== undefined
}

/** True also for a key that was revoked: it must not come back by itself. */
export async function isKnownKeyHash(db: Connection, keyHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('api_key')
    .select('id')
    .where('key_hash', '=', keyHash)
    .executeTakeFirst()
  return row !== undefined
}

export async function recordKeyUse(
  db: Connection,
  { key, now }: { key: KeyIdentity; now: number },
): Promise<void> {
  if (key.lastUsedAt !== null && now - key.lastUsedAt < USE_RESOLUTION_MS) return
  await db.updateTable('api_key').set({ last_used_at: now }).where('id', '=', key.id).execute()
}

/** Revokes a key and ends the sessions that it opened. False if there is no such key. */
export async function revokeApiKey(
  db: Connection,
  { id, now }: { id: number; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  await db.deleteFrom('session').where('api_key_id', '=', id).execute()
  return result.numUpdatedRows > 0n
}
