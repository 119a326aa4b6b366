import type { AccessScope } from '#contract/access.ts'
import { createDistinctApiKey, createSignInToken } from '../access/grant-access.ts'
import { listApiKeys, revokeApiKey } from '../store/api-keys.ts'
import { recordAudit } from '../store/audit-log.ts'
import type { Tools } from './tools.ts'

const ACTOR = 'command line'

export async function runKeyCreate(
  { database, clock, print }: Tools,
  { name, scope }: { name: string; scope: AccessScope },
): Promise<boolean> {
  const request = { name, scope, actor: ACTOR, now: clock() }
  const created = await createDistinctApiKey(database, request)
  if (created === null) {
    print(`There is a key "${name}" already. Choose another name, or revoke that key first.`)
    return false
  }
  const { id, key } = created
  print(`Key ${id}, "${name}", scope ${scope}. It is shown this once:`)
  print(key)
  return true
}

export async function runKeyList({ database, print }: Tools): Promise<boolean> {
  const keys = await listApiKeys(database.reader)
  if (keys.length === 0)
    print('There are no keys. Make one: npm run talktrack -- keys create <name>')
  for (const key of keys) {
    const used = key.lastUsedAt === null ? 'never used' : `last used ${key.lastUsedAt}`
    print(
      `${String(key.id).padStart(4)}  ${key.hint}  ${key.scope.padEnd(9)}  ${key.name}  (${used})`,
    )
  }
  return true
}

export async function runKeyRevoke(
  { database, clock, print }: Tools,
  id: number,
): Promise<boolean> {
  const now = clock()
  const isRevoked = await database.transaction(async (trx) => {
    const revoked = await revokeApiKey(trx, { id, now })
    if (revoked)
      await recordAudit(trx, { now, actor: ACTOR, action: 'revoke key', subject: `key:${id}` })
    return revoked
  })
  print(isRevoked ? `Key ${id} is revoked.` : `There is no key ${id}; "keys list" shows them.`)
  return isRevoked
}

export async function runSignIn({ config, database, clock, print }: Tools): Promise<boolean> {
  const token = await createSignInToken(database, clock())
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`
  print(`Sign in (once, within a day): ${base}/sign-in#token=${token}`)
  return true
}
