import { type RawBuilder, type SqlBool, sql } from 'kysely'

/**
 * What makes a current row of `verdict` a result that filters know: it was scored, by a metric that lives. What was
 * skipped or broke is no result, whatever its explanation says.
 */
export function isStandingResult(): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref('verdict.state')} = 'scored'
    and ${sql.ref('verdict.metric_id')} not in (select id from metric where deleted_at is not null))`
}
