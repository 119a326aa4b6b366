import type { AccessScope } from '#contract/access.ts'
import type { Connection } from './database.ts'

export type SessionIdentity = {
  tokenHash: string
  /** The key that opened it; null for a sign-in link. */
  apiKeyId: number | null
  projectId: number | null
  scope: AccessScope
  name: string
  expiresAt: number
}

export async function insertSession(
  db: Connection,
  session: SessionIdentity & { now: number },
): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<', session.now).execute()
  await db
    .insertInto('session')
    .values({
      token_hash: session.tokenHash,
      api_key_id: session.apiKeyId,
      project_id: session.projectId,
      scope: session.scope,
      name: session.name,
      created_at: session.now,
      expires_at: session.expiresAt,
    })
    .execute()
}

/** The session with this token hash unless it has expired. */
export async function findSession(
  db: Connection,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<SessionIdentity | null> {
  const row = await db
    .selectFrom('session')
    .select(['token_hash', 'api_key_id', 'project_id', 'scope', 'name', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return null
  return {
    tokenHash: row.token_hash,
    apiKeyId: row.api_key_id,
    projectId: row.project_id,
    scope: row.scope,
    name: row.name,
    expiresAt: row.expires_at,
  }
}

export async function deleteSession(db: Connection, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
}

export async function insertSignInToken(
  db: Connection,
  token: { tokenHash: string; now: number; expiresAt: number },
): Promise<void> {
  await db
    .insertInto('sign_in_token')
    .values({
      token_hash: token.tokenHash,
      created_at: token.now,
      expires_at: token.expiresAt,
      used_at: null,
    })
    .execute()
}

/** Marks a sign-in token as used. False if it is unknown, expired, or was used before. */
export async function spendSignInToken(
  db: Connection,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('sign_in_token')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** True once anybody signed in or a key was made: the first start is over. */
export async function hasAnyAccess(db: Connection): Promise<boolean> {
  const token = await db
    .selectFrom('sign_in_token')
    .select('token_hash')
    .limit(1)
    .executeTakeFirst()
  const key = await db.selectFrom('api_key').select('id').limit(1).executeTakeFirst()
  return token !== undefined || key !== undefined
}
