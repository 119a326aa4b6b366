import { type Selectable, sql, type Transaction } from 'kysely'
import type { MetricContent } from '#contract/metric.ts'
import {
  type EvalType,
  type Evidence,
  type Finding,
  type MetricResult,
  type ResultExtra,
  topScore,
  type Verdict,
} from '#contract/metric-result.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'
import { usdOf } from './us-dollars.ts'

/** What a metric said of a call; see `Verdict` for each field. What is left out is unknown, as of recorded results. */
export type NewVerdict = Finding &
  Pick<Verdict, 'metricId' | 'source'> &
  Partial<Pick<Verdict, 'metricVersion' | 'runId' | 'model' | 'inputTokens' | 'outputTokens'>> & {
    /** Whole millionths of a US dollar. */
    costMicroUsd?: number | null
    tookMs?: number | null
    /** SHA-256 of what was looked at; empty for recorded ones. */
    inputHash?: string
    /** Of the metric's version that gave the result. What is left out is the metric's present scale. */
    scale?: Pick<MetricContent, 'evalType' | 'unit' | 'range'>
  }

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
    .values(verdicts.map((verdict) => toRow(verdict, { callId, now })))
    .execute()
}

/** Stores tries that count no more than that they were made: the results that stand still do. */
export async function recordAttempts(
  trx: Transaction<Tables>,
  { callId, verdicts, now }: { callId: number; verdicts: readonly NewVerdict[]; now: number },
): Promise<void> {
  if (verdicts.length === 0) return
  const rows = verdicts.map((verdict) => ({ ...toRow(verdict, { callId, now }), is_current: 0 }))
  await trx.insertInto('verdict').values(rows).execute()
}

function toRow(verdict: NewVerdict, { callId, now }: { callId: number; now: number }) {
  // Filters and statistics take what has a value for a result.
  const { score, valueText, passed } = verdict.state === 'scored' ? verdict : WITHOUT_VALUE
  return {
    call_id: callId,
    metric_id: verdict.metricId,
    is_current: 1,
    source: verdict.source,
    state: verdict.state,
    skip_reason: verdict.skipReason,
    score,
    value_text: valueText,
    passed: passed === null ? null : Number(passed),
    explanation: verdict.explanation,
    confidence: verdict.confidence,
    metric_version: verdict.metricVersion ?? null,
    run_id: verdict.runId ?? null,
    basis: verdict.basis,
    evidence: JSON.stringify(verdict.evidence),
    extra: JSON.stringify(verdict.extra),
    model: verdict.model ?? null,
    input_tokens: verdict.inputTokens ?? null,
    output_tokens: verdict.outputTokens ?? null,
    cost_micro_usd: verdict.costMicroUsd ?? null,
    took_ms: verdict.tookMs ?? null,
    input_hash: verdict.inputHash ?? '',
    ...toScaleColumns(verdict),
    created_at: now,
  }
}

const WITHOUT_VALUE = { score: null, valueText: null, passed: null }

function toScaleColumns({ metricId, scale }: NewVerdict) {
  if (scale) {
    const { evalType, unit, range } = scale
    const bounds = { min_score: range?.min ?? null, max_score: range?.max ?? null }
    return { eval_type: evalType, unit, ...bounds }
  }
  const present = <T>(column: string) =>
    sql<T>`(select ${sql.ref(column)} from metric where id = ${metricId})`
  return {
    eval_type: present<EvalType>('eval_type'),
    unit: present<string>('unit'),
    min_score: present<number | null>('min_score'),
    max_score: present<number | null>('max_score'),
  }
}

/** The results that count, of each of the given calls that has any: of live metrics, in the order of their ids. */
export async function listCurrentVerdicts(
  db: Connection,
  callIds: readonly number[],
): Promise<Map<number, Verdict[]>> {
  if (callIds.length === 0) return new Map()
  const rows = await selectCurrent(db, callIds).select(VERDICT_COLUMNS).execute()
  return groupByCall(rows, toVerdict)
}

/** As `listCurrentVerdicts`, of some metrics alone and with what a row of a list shows. */
export async function listResults(
  db: Connection,
  { callIds, metricIds }: { callIds: readonly number[]; metricIds: readonly number[] },
): Promise<Map<number, MetricResult[]>> {
  if (callIds.length === 0 || metricIds.length === 0) return new Map()
  const rows = await selectCurrent(db, callIds)
    .select(RESULT_COLUMNS)
    .where('verdict.metric_id', 'in', metricIds)
    .execute()
  return groupByCall(rows, toMetricResult)
}

function selectCurrent(db: Connection, callIds: readonly number[]) {
  return selectWithMetric(db)
    .where('verdict.call_id', 'in', callIds)
    .where('verdict.is_current', '=', 1)
    .where('metric.deleted_at', 'is', null)
    .orderBy('verdict.call_id')
    .orderBy('verdict.metric_id')
}

function selectWithMetric(db: Connection) {
  return db.selectFrom('verdict').innerJoin('metric', 'metric.id', 'verdict.metric_id')
}

function groupByCall<R extends { call_id: number }, T>(
  rows: readonly R[],
  read: (row: R) => T,
): Map<number, T[]> {
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map([...byCall].map(([callId, own]) => [callId, own.map(read)]))
}

/** Every result that a metric ever had on a call, newest first; also of a deleted metric. */
export async function listVerdictHistory(
  db: Connection,
  { callId, metricId, limit }: { callId: number; metricId: number; limit: number },
): Promise<Verdict[]> {
  const rows = await selectWithMetric(db)
    .select(VERDICT_COLUMNS)
    .where('verdict.call_id', '=', callId)
    .where('verdict.metric_id', '=', metricId)
    .orderBy('verdict.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toVerdict)
}

/** The results of the given ids; those that are gone are left out. */
export async function listVerdictsByIds(
  db: Connection,
  ids: readonly number[],
): Promise<Map<number, Verdict>> {
  if (ids.length === 0) return new Map()
  const rows = await selectWithMetric(db)
    .select(VERDICT_COLUMNS)
    .where('verdict.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, toVerdict(row)]))
}

/** What a current result rests on. */
export type CurrentVersion = Pick<
  Verdict,
  'metricVersion' | 'state' | 'skipReason' | 'valueText'
> & {
  inputHash: string
}

/** By metric, deleted ones included: what the results that count on a call rest on. */
export async function currentVersions(
  db: Connection,
  callId: number,
): Promise<Map<number, CurrentVersion>> {
  const rows = await db
    .selectFrom('verdict')
    .select(['metric_id', 'metric_version', 'input_hash', 'state', 'skip_reason', 'value_text'])
    .where('call_id', '=', callId)
    .where('is_current', '=', 1)
    .execute()
  return new Map(
    rows.map((row) => [
      row.metric_id,
      {
        metricVersion: row.metric_version,
        inputHash: row.input_hash,
        state: row.state,
        skipReason: row.skip_reason,
        valueText: row.value_text,
      },
    ]),
  )
}

/** The label that a metric gave a call before the one that counts now; null if it gave none. */
export async function findLabelBefore(
  db: Connection,
  { callId, metricId }: { callId: number; metricId: number },
): Promise<string | null> {
  const row = await db
    .selectFrom('verdict')
    .select('value_text')
    .where('call_id', '=', callId)
    .where('metric_id', '=', metricId)
    .where('is_current', '=', 0)
    .where('state', '=', 'scored')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.value_text ?? null
}

/**
 * Whether sampling left a call out when a metric first came to it, whatever was found since; null where the metric never
 * came to the call on its own, as in a rerun.
 */
export async function findFirstSampling(
  db: Connection,
  { callId, metricId }: { callId: number; metricId: number },
): Promise<'taken' | 'left-out' | null> {
  const row = await db
    .selectFrom('verdict')
    .select('skip_reason')
    .where('call_id', '=', callId)
    .where('metric_id', '=', metricId)
    .where('run_id', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return row.skip_reason === 'sampling' ? 'left-out' : 'taken'
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

/** Among so many of the newest results those of the judge are looked for: no index has them. */
const RECENT_VERDICTS = 5000

/** How long a question to the judge took lately, in ms on average; null where it was not asked lately. */
export async function readJudgeSpeed(db: Connection, projectId: number): Promise<number | null> {
  const row = await db
    .selectFrom(
      db
        .selectFrom('verdict')
        .select(['metric_id', 'source', 'took_ms'])
        .orderBy('id', 'desc')
        .limit(RECENT_VERDICTS)
        .as('recent'),
    )
    .innerJoin('metric', 'metric.id', 'recent.metric_id')
    .select(sql<number | null>`avg(recent.took_ms)`.as('mean'))
    .where('metric.project_id', '=', projectId)
    .where('recent.source', '=', 'judge')
    // Nobody was asked for the others.
    .where('recent.took_ms', '>', 0)
    .executeTakeFirst()
  return row?.mean ?? null
}

const RESULT_COLUMNS = [
  'verdict.call_id',
  'verdict.metric_id',
  'metric.code',
  'metric.name',
  'verdict.eval_type',
  'verdict.unit',
  'verdict.max_score',
  'verdict.state',
  'verdict.skip_reason',
  'verdict.source',
  'verdict.score',
  'verdict.value_text',
  'verdict.passed',
  'verdict.explanation',
  'verdict.confidence',
] as const

const VERDICT_COLUMNS = [
  ...RESULT_COLUMNS,
  'verdict.id',
  'verdict.metric_version',
  'verdict.run_id',
  'verdict.basis',
  'verdict.evidence',
  'verdict.extra',
  'verdict.model',
  'verdict.input_tokens',
  'verdict.output_tokens',
  'verdict.cost_micro_usd',
  'verdict.took_ms',
  'verdict.created_at',
] as const

type ResultRow = Pick<
  Selectable<Tables['verdict']>,
  | 'metric_id'
  | 'state'
  | 'skip_reason'
  | 'source'
  | 'score'
  | 'value_text'
  | 'passed'
  | 'explanation'
  | 'confidence'
  | 'eval_type'
  | 'unit'
  | 'max_score'
> &
  Pick<Selectable<Tables['metric']>, 'code' | 'name'>

function toMetricResult(row: ResultRow): MetricResult {
  return {
    metricId: row.metric_id,
    code: row.code,
    name: row.name,
    evalType: row.eval_type,
    unit: row.unit,
    maxScore: topScore({ evalType: row.eval_type, max: row.max_score }),
    state: row.state,
    skipReason: row.skip_reason,
    source: row.source,
    score: row.score,
    valueText: row.value_text,
    passed: row.passed === null ? null : row.passed === 1,
    explanation: row.explanation,
    confidence: row.confidence,
  }
}

type VerdictRow = ResultRow &
  Pick<
    Selectable<Tables['verdict']>,
    | 'id'
    | 'metric_version'
    | 'run_id'
    | 'basis'
    | 'evidence'
    | 'extra'
    | 'model'
    | 'input_tokens'
    | 'output_tokens'
    | 'cost_micro_usd'
    | 'took_ms'
    | 'created_at'
  >

function toVerdict(row: VerdictRow): Verdict {
  return {
    ...toMetricResult(row),
    id: row.id,
    metricVersion: row.metric_version,
    runId: row.run_id,
    basis: row.basis,
    // Stored by us after they were checked; checking every moment again would cost each judged call.
    evidence: JSON.parse(row.evidence) as Evidence[],
    extra: JSON.parse(row.extra) as ResultExtra,
    model: row.model,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costUsd: row.cost_micro_usd === null ? null : usdOf(row.cost_micro_usd),
    durationMs: row.took_ms,
    createdAt: new Date(row.created_at).toISOString(),
  }
}
