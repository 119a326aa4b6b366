import type { Transaction } from 'kysely'
import type { MetricResult } from '#contract/metric-result.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** What a metric said of a call; see `MetricResult` for each field. */
export type NewVerdict = Pick<
  MetricResult,
  'metricId' | 'source' | 'score' | 'valueText' | 'passed' | 'explanation' | 'confidence'
>

/**
 * Stores results of a call, at most one per metric, as those that count from now on. Earlier results of the same
 * metrics are kept and count no longer; those of other metrics still do.
 */
export async function recordVerdicts(
  trx: Transaction<Tables>,
  { callId, verdicts, now }: { callId: number; verdicts: readonly NewVerdict[]; now: number },
): Promise<void> {
  if (verdicts.length === 0) return
  const metricIds = verdicts.map(({ metricId }) => metricId)
  await trx
    .updateTable('verdict')
    .set({ is_current: 0 })
    .where('call_id', '=', callId)
    .where('metric_id', 'in', metricIds)
    .where('is_current', '=', 1)
    .execute()
  await trx
    .insertInto('verdict')
    .values(
      verdicts.map((verdict) => ({
        call_id: callId,
        metric_id: verdict.metricId,
        is_current: 1,
        source: verdict.source,
        score: verdict.score,
        value_text: verdict.valueText,
        passed: verdict.passed === null ? null : Number(verdict.passed),
        explanation: verdict.explanation,
        confidence: verdict.confidence,
        created_at: now,
      })),
    )
    .execute()
}

/** The results that count, of each of the given calls that has any, in the order in which the metrics were made. */
export async function listCurrentVerdicts(
  db: Connection,
  callIds: readonly number[],
): Promise<Map<number, MetricResult[]>> {
  if (callIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('verdict')
    .innerJoin('metric', 'metric.id', 'verdict.metric_id')
    .select(['verdict.call_id', 'verdict.metric_id', 'metric.code', 'metric.name'])
    .select(['metric.eval_type', 'verdict.source', 'verdict.score', 'verdict.value_text'])
    .select(['verdict.passed', 'verdict.explanation', 'verdict.confidence'])
    .where('verdict.call_id', 'in', callIds)
    .where('verdict.is_current', '=', 1)
    .orderBy('verdict.call_id')
    .orderBy('verdict.metric_id')
    .execute()
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map([...byCall].map(([callId, own]) => [callId, own.map(toMetricResult)]))
}

/** Which metrics have results, also former ones, on one of the given calls; in order. */
export async function listMetricIdsOf(
  db: Connection,
  callIds: readonly number[],
): Promise<number[]> {
  if (callIds.length === 0) return []
  const rows = await db
    .selectFrom('verdict')
    .select('metric_id')
    .distinct()
    .where('call_id', 'in', callIds)
    .orderBy('metric_id')
    .execute()
  return rows.map((row) => row.metric_id)
}

type ResultRow = Pick<
  Tables['verdict'],
  'metric_id' | 'source' | 'score' | 'value_text' | 'passed' | 'explanation' | 'confidence'
> &
  Pick<Tables['metric'], 'code' | 'name' | 'eval_type'>

function toMetricResult(row: ResultRow): MetricResult {
  return {
    metricId: row.metric_id,
    code: row.code,
    name: row.name,
    evalType: row.eval_type,
    source: row.source,
    score: row.score,
    valueText: row.value_text,
    passed: row.passed === null ? null : row.passed === 1,
    explanation: row.explanation,
    confidence: row.confidence,
  }
}
