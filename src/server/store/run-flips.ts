import { sql } from 'kysely'
import type { Flip, RunFlips } from '#contract/evaluation-run.ts'
import { USUAL_TOP_SCORE } from '#contract/metric-result.ts'
import type { Database } from './database.ts'
import { listVerdictsByIds } from './verdicts.ts'

/** Flips that are shown; the counts are of all. */
const MOST_FLIPS = 200
/** A number without a pass mark turns when it moves by more than this part of its scale, or of itself. */
const NUMBER_TOLERANCE = 0.1

type FlipRow = {
  call_id: number
  sender_call_id: string
  metric_id: number
  metric_name: string
  before_id: number
  after_id: number
}

type CountRow = { metric_id: number; metric_name: string; judged: number; flipped: number }

/**
 * What a run of a project turned: each of its results beside the last one that did not fail before it on that call and metric, where both are
 * scored and now fail instead of pass, name another label, or are another number on the same scale. Of live metrics, in the order of
 * their ids; calls newest first. Rejects as `SlowReader.run` does.
 */
export async function listRunFlips(
  database: Database,
  {
    runId,
    projectId,
    signal,
  }: { runId: number; projectId: number; signal?: AbortSignal | undefined },
): Promise<RunFlips> {
  const compared = comparedResults(database, { runId, projectId })
  const counts = await database.slow.run(
    sql<CountRow>`
      select metric_id, metric_name, count(*) as judged, sum(is_flipped) as flipped
      from (${compared}) as compared
      group by metric_id, metric_name
      order by metric_id`,
    { signal },
  )
  const flips = await database.slow.run(
    sql<FlipRow>`
      select call_id, sender_call_id, metric_id, metric_name, before_id, after_id
      from (${compared}) as compared
      where is_flipped = 1
      order by started_at desc, call_id desc, metric_id
      limit ${MOST_FLIPS}`,
    { signal },
  )
  const ids = flips.flatMap(({ before_id, after_id }) => [before_id, after_id])
  const verdicts = await listVerdictsByIds(database.reader, ids)
  return {
    items: flips.flatMap((row) => toFlip(row, verdicts)),
    counts: counts.map((row) => ({
      metricId: row.metric_id,
      metricName: row.metric_name,
      judgedCount: Number(row.judged),
      flippedCount: Number(row.flipped),
    })),
  }
}

function comparedResults(
  { dialect }: Database,
  { runId, projectId }: { runId: number; projectId: number },
) {
  const span = sql`case
    when after.min_score is not null and after.max_score is not null
      then after.max_score - after.min_score
    when after.eval_type = 'rating' then ${USUAL_TOP_SCORE}
    else abs(before.score) end`
  const topOf = (side: 'before' | 'after') =>
    sql`coalesce(${sql.ref(`${side}.max_score`)}, ${USUAL_TOP_SCORE})`
  // 4 of 5 and 80 of 100 are no numbers to compare.
  const isSameScale = sql`(before.eval_type = after.eval_type
    and (after.eval_type <> 'rating' or ${topOf('before')} = ${topOf('after')}))`
  // Nothing is equal to null, so each comparison holds only where both results have such a value.
  const isFlipped = sql`case
    when before.state <> 'scored' or after.state <> 'scored' then 0
    when before.passed <> after.passed or before.value_text <> after.value_text then 1
    when (before.passed is null or after.passed is null)
      and ${isSameScale}
      and abs(before.score - after.score) > ${NUMBER_TOLERANCE} * (${span}) then 1
    else 0 end`
  return sql`
    select
      after.call_id, call.call_id as sender_call_id, call.started_at,
      after.metric_id, metric.name as metric_name,
      before.id as before_id, after.id as after_id, (${isFlipped}) as is_flipped
    from verdict as after
    join call on call.id = after.call_id
    join metric on metric.id = after.metric_id
    left join verdict as before on before.id = (
      select max(earlier.id) from verdict as earlier
      where earlier.call_id = after.call_id
        and earlier.metric_id = after.metric_id
        and earlier.state <> 'failed'
        and earlier.id < after.id)
    where ${dialect.stopsWhenUnwanted('after.id')}
      and after.run_id = ${runId}
      and call.project_id = ${projectId}
      and metric.deleted_at is null`
}

function toFlip(row: FlipRow, verdicts: Awaited<ReturnType<typeof listVerdictsByIds>>): Flip | [] {
  const before = verdicts.get(row.before_id)
  const after = verdicts.get(row.after_id)
  // A call that was deleted between the two reads took them along.
  if (!before || !after) return []
  return {
    callId: row.call_id,
    senderCallId: row.sender_call_id,
    metricId: row.metric_id,
    metricName: row.metric_name,
    before,
    after,
  }
}
