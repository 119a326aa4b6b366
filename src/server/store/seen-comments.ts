import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** What makes a row of `call_comment` one that people see: neither it nor the thread that it answers was deleted. */
export function isSeenComment(): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref('call_comment.deleted_at')} is null
    and (${sql.ref('call_comment.parent_id')} is null or exists (select 1 from call_comment as thread
      where thread.id = ${sql.ref('call_comment.parent_id')} and thread.deleted_at is null)))`
}
