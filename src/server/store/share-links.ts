import type { Selectable } from 'kysely'
import type { ShareLink } from '#contract/share-api.ts'
import type { Connection, Database } from './database.ts'
import type { Tables } from './tables.ts'

const MINUTE_MS = 60_000

export async function insertShareLink(
  db: Connection,
  link: { callId: number; tokenHash: string; author: string; now: number; expiresAt: number },
): Promise<ShareLink> {
  const row = await db
    .insertInto('share_link')
    .values({
      call_id: link.callId,
      token_hash: link.tokenHash,
      created_by: link.author,
      created_at: link.now,
      expires_at: link.expiresAt,
      last_opened_at: null,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toShareLink(row)
}

/** The links of a call that still open it, newest first. */
export async function listShareLinks(
  db: Connection,
  { callId, now, limit }: { callId: number; now: number; limit: number },
): Promise<ShareLink[]> {
  const rows = await db
    .selectFrom('share_link')
    .selectAll()
    .where('call_id', '=', callId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toShareLink)
}

type OpenedLink = { id: number; projectId: number; author: string }

/**
 * The call that a link opens now, and its project; null where it has ended, was revoked or never was. That it was opened
 * is written down once a minute: whoever guesses, or loads a page again and again, keeps nobody from writing.
 */
export async function openShareLink(
  { reader, transaction }: Pick<Database, 'reader' | 'transaction'>,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<OpenedLink | null> {
  const link = await reader
    .selectFrom('share_link')
    .innerJoin('call', 'call.id', 'share_link.call_id')
    .select(['share_link.id', 'share_link.call_id', 'share_link.created_by'])
    .select(['share_link.last_opened_at', 'call.project_id'])
    .where('share_link.token_hash', '=', tokenHash)
    .where('share_link.revoked_at', 'is', null)
    .where('share_link.expires_at', '>', now)
    .executeTakeFirst()
  if (!link) return null
  const { id, last_opened_at: lastOpenedAt } = link
  if (lastOpenedAt === null || Math.abs(now - lastOpenedAt) >= MINUTE_MS) {
    await transaction((trx) =>
      trx.updateTable('share_link').set({ last_opened_at: now }).where('id', '=', id).execute(),
    )
  }
  return { id: link.call_id, projectId: link.project_id, author: link.created_by }
}

/** Ends every link of a call. */
export async function revokeLinksOfCall(
  db: Connection,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  await db
    .updateTable('share_link')
    .set({ revoked_at: now })
    .where('call_id', '=', callId)
    .where('revoked_at', 'is', null)
    .execute()
}

/** False where the project has no such link that stands. */
export async function revokeShareLink(
  db: Connection,
  { id, projectId, now }: { id: number; projectId: number; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('share_link')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('call_id', 'in', (calls) =>
      calls
        .selectFrom('call')
        .select('call.id')
        .whereRef('call.id', '=', 'share_link.call_id')
        .where('call.project_id', '=', projectId),
    )
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

function toShareLink(row: Selectable<Tables['share_link']>): ShareLink {
  return {
    id: row.id,
    createdBy: row.created_by,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    lastOpenedAt: row.last_opened_at === null ? null : new Date(row.last_opened_at).toISOString(),
  }
}
