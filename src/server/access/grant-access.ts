import type { AccessScope } from '#contract/access.ts'
import { insertApiKey, isKeyNameTaken, isKnownKeyHash } from '../store/api-keys.ts'
import { recordAudit } from '../store/audit-log.ts'
import type { Connection, Database } from '../store/database.ts'
import { FIRST_PROJECT_ID } from '../store/projects.ts'
import { hasAnyAccess, insertSignInToken } from '../store/sessions.ts'
import { hashSecret, keyHint, newApiKey, newToken } from './secrets.ts'

const SIGN_IN_LINK_MS = 24 * 60 * 60_000

type KeyRequest = { name: string; scope: AccessScope; actor: string; now: number }
type CreatedKey = { id: number; key: string; hint: string }

/** Makes an API key. The returned text is its only copy: the database keeps a hash. */
export function createApiKey(database: Database, request: KeyRequest): Promise<CreatedKey> {
  return database.transaction((trx) => createKey(trx, request))
}

/** As `createApiKey`. Null where another key that reaches the same calls has the name: two reviewers would be one. */
export function createDistinctApiKey(
  database: Database,
  request: KeyRequest,
): Promise<CreatedKey | null> {
  const { name, scope } = request
  return database.transaction(async (trx) => {
    if (await isKeyNameTaken(trx, { name, projectId: reachOf(scope) })) return null
    return createKey(trx, request)
  })
}

async function createKey(
  trx: Connection,
  { name, scope, actor, now }: KeyRequest,
): Promise<CreatedKey> {
  const key = newApiKey()
  const id = await storeKey(trx, { key, name, scope, now })
  await recordAudit(trx, { now, actor, action: `create ${scope} key`, subject: `key:${id}` })
  return { id, key, hint: keyHint(key) }
}

/** Makes the key of `TALKTRACK_API_KEY` an administrator's, once. */
export async function ensureBootstrapKey(
  database: Database,
  { key, now }: { key: string; now: number },
): Promise<void> {
  await database.transaction(async (trx) => {
    const known = await isKnownKeyHash(trx, hashSecret(key))
    if (known) return
    await storeKey(trx, { key, name: 'TALKTRACK_API_KEY', scope: 'admin', now })
  })
}

/** A one-time token for the sign-in link, good for a day. */
export async function createSignInToken(database: Database, now: number): Promise<string> {
  const token = newToken()
  await insertSignInToken(database.writer, {
    tokenHash: hashSecret(token),
    now,
    expiresAt: now + SIGN_IN_LINK_MS,
  })
  return token
}

/** True while nobody has any way in: the start that must print a sign-in link. */
export async function isFirstStart(database: Database): Promise<boolean> {
  return !(await hasAnyAccess(database.writer))
}

/** Null: every project. */
function reachOf(scope: AccessScope): number | null {
  return scope === 'admin' ? null : FIRST_PROJECT_ID
}

function storeKey(
  db: Connection,
  { key, name, scope, now }: { key: string; name: string; scope: AccessScope; now: number },
): Promise<number> {
  return insertApiKey(db, {
    projectId: reachOf(scope),
    name,
    scope,
    keyHash: hashSecret(key),
    hint: keyHint(key),
    now,
  })
}
