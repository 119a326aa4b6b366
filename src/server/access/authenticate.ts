import type { AccessScope } from '#contract/access.ts'
import { findKeyByHash, recordKeyUse } from '../store/api-keys.ts'
import type { Database } from '../store/database.ts'
import {
  findSession,
  insertSession,
  type SessionIdentity,
  spendSignInToken,
} from '../store/sessions.ts'
import { hashSecret, newToken } from './secrets.ts'

const SESSION_MS = 30 * 24 * 60 * 60_000

/** Who asks, and how far they may go. */
export type Visitor = {
  via: 'key' | 'session'
  scope: AccessScope
  /** Null: every project. */
  projectId: number | null
  /**
   * Whose things are whose: `key:7` for a key and every session that it opened, `owner` for whoever came through a
   * sign-in link. Stays the same when a key is renamed.
   */
  owner: string
  /** For the audit log and the page. */
  name: string
  expiresAt: number | null
}

export type Credentials = { apiKey: string | null; sessionToken: string | null }

/** The visitor behind a key or a session; null if neither is valid. A key that is given decides alone. */
export async function authenticate(
  database: Database,
  { apiKey, sessionToken }: Credentials,
  now: number,
): Promise<Visitor | null> {
  if (apiKey !== null) return visitorByKey(database, apiKey, now)
  if (sessionToken === null) return null
  const session = await findSession(database.reader, { tokenHash: hashSecret(sessionToken), now })
  return session && toVisitor(session)
}

async function visitorByKey(
  database: Database,
  apiKey: string,
  now: number,
): Promise<Visitor | null> {
  const key = await findKeyByHash(database.reader, hashSecret(apiKey))
  if (key === null) return null
  await recordKeyUse(database.writer, { key, now })
  return {
    via: 'key',
    scope: key.scope,
    projectId: key.projectId,
    owner: ownerOf(key.id),
    name: key.name,
    expiresAt: null,
  }
}

export type OpenedSession = { token: string; visitor: Visitor; expiresAt: number }

/** Opens a browser session for a pasted API key or a one-time token; null if it is not valid (any more). */
export async function openSession(
  database: Database,
  proof: { key: string } | { token: string },
  now: number,
): Promise<OpenedSession | null> {
  const owner =
    'key' in proof
      ? await ownerByKey(database, proof.key)
      : await ownerByToken(database, proof.token, now)
  if (owner === null) return null
  const token = newToken()
  const expiresAt = now + SESSION_MS
  const session = { ...owner, tokenHash: hashSecret(token), expiresAt }
  await insertSession(database.writer, { ...session, now })
  return { token, expiresAt, visitor: toVisitor(session) }
}

function toVisitor({ scope, projectId, apiKeyId, name, expiresAt }: SessionIdentity): Visitor {
  return { via: 'session', scope, projectId, owner: ownerOf(apiKeyId), name, expiresAt }
}

function ownerOf(apiKeyId: number | null): string {
  return apiKeyId === null ? 'owner' : `key:${apiKeyId}`
}

type Owner = Pick<SessionIdentity, 'apiKeyId' | 'scope' | 'projectId' | 'name'>

async function ownerByKey(database: Database, key: string): Promise<Owner | null> {
  const found = await findKeyByHash(database.writer, hashSecret(key.trim()))
  if (found === null) return null
  return { apiKeyId: found.id, scope: found.scope, projectId: found.projectId, name: found.name }
}

async function ownerByToken(database: Database, token: string, now: number): Promise<Owner | null> {
  const isFresh = await spendSignInToken(database.writer, { tokenHash: hashSecret(token), now })
  if (!isFresh) return null
  return { apiKeyId: null, scope: 'admin', projectId: null, name: 'Sign-in link' }
}
