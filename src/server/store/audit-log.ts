import type { Connection } from './database.ts'

/** Writes down who changed what. Append-only. */
export async function recordAudit(
  db: Connection,
  entry: { now: number; actor: string; action: string; subject: string },
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({ at: entry.now, actor: entry.actor, action: entry.action, subject: entry.subject })
    .execute()
}
